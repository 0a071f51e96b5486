#include "tests/tools/browser.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace halftone {
namespace {

// Runs a script of tests/browser with one argument, in Chromium, and reads the JSON that it prints.
std::optional<nlohmann::json> run_in_browser(const std::string& script,
                                             const std::string& argument) {
  const std::string modules = HALFTONE_SOURCE_DIR "/.build/browser";
  if (!is_program_there("/usr/bin/chromium") ||
      !std::filesystem::exists(modules + "/node_modules/playwright-core")) {
    WARN("skipped: Chromium or playwright-core is not installed (tools/setup test installs both)");
    return std::nullopt;
  }
  const Ended seen =
      run_program({"node", HALFTONE_SOURCE_DIR "/tests/browser/" + script, modules, argument});
  if (seen.code != 0) {
    throw std::runtime_error("the browser could not open " + argument + ": " + seen.err);
  }
  return nlohmann::json::parse(seen.out);
}

}  // namespace

std::optional<nlohmann::json> look_at(const std::string& page) {
  return run_in_browser("look.mjs", page);
}

std::optional<nlohmann::json> ask_about_encodings(const nlohmann::json& questions) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/questions.json";
  std::ofstream(file) << questions;
  return run_in_browser("encodings.mjs", file);
}

bool visit(const std::string& url) { return run_in_browser("visit.mjs", url).has_value(); }

}  // namespace halftone
