#include "tools/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "tools/terminal.h"

namespace halftone {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_logger_mt("halftone");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l: %v");
    made->set_level(spdlog::level::warn);
    return made;
  }();
  return *instance;
}

}  // namespace

bool set_log_level(const std::string& name) {
  if (name != "debug" && name != "info" && name != "warning" && name != "error") return false;
  logger().set_level(spdlog::level::from_str(name));
  return true;
}

void log_debug(std::string_view message) { logger().debug("{}", printable(message)); }
void log_info(std::string_view message) { logger().info("{}", printable(message)); }
void log_warning(std::string_view message) { logger().warn("{}", printable(message)); }

}  // namespace halftone
