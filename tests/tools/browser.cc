#include "tests/tools/browser.h"

#include <filesystem>
#include <stdexcept>

#include "tests/support/catch.h"
#include "tests/support/process.h"

namespace halftone {
namespace {

// What a script of tests/browser tells of `page`.
std::optional<nlohmann::json> run_script(const std::string& script, const std::string& page) {
  const std::string modules = HALFTONE_SOURCE_DIR "/.build/browser";
  if (!is_program_there("/usr/bin/chromium") ||
      !std::filesystem::exists(modules + "/node_modules/playwright-core")) {
    WARN("skipped: Chromium or playwright-core is not installed (tools/setup test installs both)");
    return std::nullopt;
  }
  const Ended seen =
      run_program({"node", HALFTONE_SOURCE_DIR "/tests/browser/" + script, modules, page});
  if (seen.code != 0)
    throw std::runtime_error("the browser could not open " + page + ": " + seen.err);
  return nlohmann::json::parse(seen.out);
}

}  // namespace

std::optional<nlohmann::json> look_at(const std::string& page) {
  return run_script("look.mjs", page);
}

bool visit(const std::string& url) { return run_script("visit.mjs", url).has_value(); }

}  // namespace halftone
