#include "tests/tools/browser.h"

#include <filesystem>
#include <stdexcept>

#include "tests/support/catch.h"
#include "tests/support/process.h"

namespace halftone {

std::optional<nlohmann::json> look_at(const std::string& page) {
  const std::string modules = HALFTONE_SOURCE_DIR "/.build/browser";
  if (!is_program_there("/usr/bin/chromium") ||
      !std::filesystem::exists(modules + "/node_modules/playwright-core")) {
    WARN("skipped: Chromium or playwright-core is not installed (tools/setup test installs both)");
    return std::nullopt;
  }
  const Ended seen =
      run_program({"node", HALFTONE_SOURCE_DIR "/tests/browser/look.mjs", modules, page});
  if (seen.code != 0)
    throw std::runtime_error("the browser could not open " + page + ": " + seen.err);
  return nlohmann::json::parse(seen.out);
}

}  // namespace halftone
