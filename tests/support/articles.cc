#include "tests/support/articles.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/support/catch.h"

namespace halftone {
namespace {

std::optional<std::string> read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

std::string fixture(std::string_view name) {
  const auto text = read(HALFTONE_SOURCE_DIR "/tests/fixtures/" + std::string(name));
  REQUIRE(text);
  return *text;
}

std::optional<std::string> foreign_article(std::string_view name) {
  const char* folder = std::getenv("HALFTONE_ARTICLES");
  const std::string path =
      std::string(folder ? folder : HALFTONE_SOURCE_DIR "/../shared/articles") + '/' +
      std::string(name);
  auto text = read(path);
  if (!text) WARN("skipped: " << path << " is not there; set HALFTONE_ARTICLES");
  return text;
}

}  // namespace halftone
