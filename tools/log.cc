#include "tools/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "media/time.h"
#include "store/json_text.h"
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

bool& is_json() {
  static bool json = false;
  return json;
}

std::string line_of(std::string_view level, std::string_view message) {
  if (!is_json()) return printable(message);
  JsonText json;
  json.open_object().text("time", to_iso8601(now())).text("level", level);
  return json.text("message", message).close_object().take();
}

}  // namespace

void log_as_json() {
  is_json() = true;
  logger().set_pattern("%v");
}

bool set_log_level(const std::string& name) {
  if (name != "debug" && name != "info" && name != "warning" && name != "error") return false;
  logger().set_level(spdlog::level::from_str(name));
  return true;
}

void log_debug(std::string_view message) { logger().debug("{}", line_of("debug", message)); }
void log_info(std::string_view message) { logger().info("{}", line_of("info", message)); }
void log_warning(std::string_view message) { logger().warn("{}", line_of("warning", message)); }

}  // namespace halftone
