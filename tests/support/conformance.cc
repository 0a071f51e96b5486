#include "tests/support/conformance.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/support/catch.h"

namespace halftone {
namespace {

// The code unit of the escape \uXXXX at text[at]; -1 where there is none.
long code_unit(const std::string& text, size_t at) {
  if (text.size() - at < 6 || text[at] != '\\' || text[at + 1] != 'u') return -1;
  return std::strtol(text.substr(at + 2, 4).c_str(), nullptr, 16);
}

bool is_high(long unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(long unit) { return unit >= 0xDC00 && unit < 0xE000; }

void replace_lone_surrogates(std::string& json) {
  for (size_t at = json.find('\\'); at < json.size(); at = json.find('\\', at)) {
    const long unit = code_unit(json, at);
    if (unit < 0) {
      at += 2;
    } else if (is_high(unit) && at + 6 < json.size() && is_low(code_unit(json, at + 6))) {
      at += 12;
    } else {
      if (is_high(unit) || is_low(unit)) json.replace(at, 6, "\\ufffd");
      at += 6;
    }
  }
}

}  // namespace

std::string conformance_directory() {
  const char* given = std::getenv("HALFTONE_CONFORMANCE");
  return given ? given : HALFTONE_SOURCE_DIR "/../shared/conformance";
}

nlohmann::json read_conformance(const std::string& path) {
  std::ifstream file(conformance_directory() + "/" + path, std::ios::binary);
  if (!file) {
    WARN("skipped: " << conformance_directory() << "/" << path << " is absent");
    return nullptr;
  }
  std::string text{std::istreambuf_iterator<char>(file), {}};
  replace_lone_surrogates(text);
  return nlohmann::json::parse(text);
}

}  // namespace halftone
