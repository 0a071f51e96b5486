// The house keeps its order: no floor looks up, and third-party headers stay where they are
// wrapped.
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace fs = std::filesystem;

namespace {

struct Include {
  std::string file;    // "store/database.cc"
  std::string target;  // "rocksdb/db.h"
};

std::vector<Include> includes_of(const std::string& file, std::istream& text) {
  static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> found;
  std::smatch match;
  for (std::string line; std::getline(text, line);) {
    if (std::regex_search(line, match, pattern)) found.push_back({file, match[1]});
  }
  return found;
}

std::vector<Include> includes_of_the_house() {
  std::vector<Include> all;
  const fs::path root = HALFTONE_SOURCE_DIR;
  for (const char* floor : {"media", "store", "crawler", "tools"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / floor)) {
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      std::ifstream text(entry.path());
      const auto found = includes_of(fs::relative(entry.path(), root).string(), text);
      all.insert(all.end(), found.begin(), found.end());
    }
  }
  return all;
}

// Height of the floor that a path stands on, -1 for none.
int height(const std::string& path) {
  const std::vector<std::string> floors = {"media/", "store/", "crawler/", "tools/"};
  for (size_t i = 0; i < floors.size(); ++i) {
    if (path.starts_with(floors[i])) return static_cast<int>(i);
  }
  return -1;
}

bool looks_up(const Include& include) { return height(include.target) > height(include.file); }

// Where each library's headers may be seen: files whose path begins so.
struct Home {
  const char* header;
  std::vector<const char*> files;
};

const std::vector<Home>& homes() {
  static const std::vector<Home> table = {
      {"rocksdb/", {"store/database", "store/database_rocks.h"}},
      {"store/database_rocks.h", {"store/database"}},
      {"openssl/", {"store/digest.cc", "store/formats/warc"}},
      {"zstd.h", {"store/blob_format.cc", "crawler/content_decoder.cc"}},
      {"zlib.h",
       {"crawler/content_decoder.cc", "media/gzip.cc", "media/image_icc.cc",
        "media/rights_packet.cc", "store/formats/warc"}},
      {"brotli/", {"crawler/content_decoder.cc"}},
      {"seccomp.h", {"store/sandbox.cc"}},
      {"kainjow/", {"store/formats/page.cc"}},
      {"curl/", {"crawler/curl_"}},
      {"fontconfig/", {"media/fonts.cc"}},
      {"linux/landlock.h", {"store/sandbox_files.cc"}},
      {"vips/", {"media/vips_image.h"}},
      {"media/vips_image.h",
       {"media/image.cc", "media/image_derivative.cc", "media/image_prints.cc",
        "media/image_encode.cc", "media/image_shrink.cc"}},
      {"libavformat/", {"media/video_frame.cc"}},
      {"libffmpegthumbnailer/", {"media/video_frame.cc"}},
      {"unicode/", {"media/idna.cc", "media/charset"}},
      {"libpsl.h", {"media/site.cc"}},
      {"cmark-gfm", {"media/markdown_tree.cc"}},
      {"yaml-cpp/", {"media/yaml_front_matter.cc"}},
      {"toml++/", {"media/toml_front_matter.cc"}},
      {"boost/program_options", {"tools/option", "tools/option_groups.h"}},
      {"tools/option_groups.h", {"tools/option"}},
      {"boost/asio", {"tools/web/server.cc"}},
      {"boost/beast", {"tools/web/server.cc"}},
      {"spdlog/", {"tools/log.cc"}},
  };
  return table;
}

bool leaks(const Include& include) {
  if (include.target.starts_with("nlohmann/")) return include.file.ends_with(".h");
  for (const Home& home : homes()) {
    if (!include.target.starts_with(home.header)) continue;
    for (const char* file : home.files) {
      if (include.file.starts_with(file) && include.file.ends_with(".cc")) return false;
      if (include.file == file) return false;  // a header of one floor's own
    }
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("no floor includes one above it", "[floors]") {
  const auto all = includes_of_the_house();
  REQUIRE(all.size() > 100);
  for (const Include& include : all) {
    if (looks_up(include)) FAIL_CHECK(include.file << " includes " << include.target);
  }
}

TEST_CASE("third-party headers stay in the files that wrap them", "[floors]") {
  for (const Include& include : includes_of_the_house()) {
    if (leaks(include)) FAIL_CHECK(include.file << " includes " << include.target);
  }
}

TEST_CASE("the rules see what they forbid", "[floors]") {
  CHECK(looks_up({"media/url.cc", "store/digest.h"}));
  CHECK(looks_up({"store/archive.h", "tools/options.h"}));
  CHECK_FALSE(looks_up({"store/archive.h", "media/url.h"}));
  CHECK(leaks({"store/archive.cc", "rocksdb/db.h"}));
  CHECK(leaks({"media/document.h", "nlohmann/json.hpp"}));
  CHECK_FALSE(leaks({"store/database.cc", "rocksdb/db.h"}));
  CHECK(leaks({"store/database.h", "rocksdb/db.h"}));
  CHECK(leaks({"store/archive.cc", "store/database_rocks.h"}));
}

TEST_CASE("the top level holds what the layout names and no more", "[floors]") {
  const std::set<std::string> allowed = {
      "CMakeLists.txt", "CMakePresets.json", "crawler", "media",   "store",       "tests",
      "tools",          "README.md",         "docs",    "LICENSE", "CHANGELOG.md"};
  for (const auto& entry : fs::directory_iterator(HALFTONE_SOURCE_DIR)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(".")) CHECK(allowed.count(name) == 1);
  }
}
