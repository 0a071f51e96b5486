// halftone similar, as its users have it.
#include <fstream>

#include "store/archive.h"
#include "tests/store/archive_of_test.h"
#include "tests/support/pictures.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;

namespace {

using nlohmann::json;

struct Fixture {
  ArchiveOfTest archive;
  std::string first, second;  // IDs

  // Two articles with one picture in two sizes; one of them with something else, too.
  Fixture() {
    const auto opened = Archive::open_for_writing(archive.path());
    REQUIRE(opened);
    first = keep_article(**opened, "https://a.example/", 1000, "a page",
                         {{"https://a.example/small.png", make_png(300, 200), ""},
                          {"https://a.example/other.webp", picture("alpha.webp"), ""}})
                .id;
    second = keep_article(**opened, "https://b.example/", 1000, "b page",
                          {{"https://b.example/large.png", make_png(600, 400), ""}})
                 .id;
  }

  std::vector<json> similar(std::vector<std::string> words) const {
    words.insert(words.begin(), "similar");
    words.emplace_back("--json");
    const Ended run = archive.run(words);
    INFO(run.err);
    REQUIRE(run.code == 0);
    return json_lines(run.out);
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "pictures that look alike are found", "[similar]") {
  REQUIRE(archive.run({"derive", "-q"}).code == 0);
  const std::string digest = sha256(make_png(600, 400)).hex();

  SECTION("by a file") {
    const std::string file = archive.folder().file("middle.png");
    std::ofstream(file) << make_png(450, 300);
    const auto found = similar({file});
    REQUIRE(found.size() == 2);
    for (const json& one : found) {
      CHECK(one["of"] == file);
      CHECK(one["distance"] <= 4);
      CHECK(one["shown"].size() == 1);
    }
    const auto other = similar({HALFTONE_SOURCE_DIR "/tests/fixtures/images/alpha.webp"});
    REQUIRE(other.size() == 1);
    CHECK(other[0]["distance"] == 0);
  }
  SECTION("by an address, a digest, an article") {
    for (const std::string& named : {std::string("https://a.example/small.png"), first}) {
      CAPTURE(named);
      const auto found = similar({named});
      REQUIRE(found.size() == 1);
      CHECK(found[0]["digest"] == digest);
      CHECK(found[0]["shown"][0]["article"] == second);
      CHECK(found[0]["shown"][0]["url"] == "https://b.example/large.png");
    }
    const auto found = similar({digest});
    REQUIRE(found.size() == 1);
    CHECK(found[0]["shown"][0]["article"] == first);
  }
  SECTION("for people") {
    const Ended run = archive.run({"similar", digest});
    CHECK(run.out.find("https://a.example/small.png") != std::string::npos);
    CHECK(run.out.find(first) != std::string::npos);
  }
}

TEST_CASE_METHOD(Fixture, "a picture without thumbnails can be asked about", "[similar]") {
  // Nothing was derived: the file has a hash, but finds nothing; the article has none.
  CHECK(similar({HALFTONE_SOURCE_DIR "/tests/fixtures/images/alpha.webp"}).empty());
  CHECK(similar({"https://a.example/small.png"}).empty());
  const Ended run = archive.run({"similar", first});
  CHECK(run.code == 1);
  CHECK(run.err.find("halftone derive") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "questions that make no sense are told so", "[similar]") {
  CHECK(archive.run({"similar"}).code == 2);
  const Ended far = archive.run({"similar", "--distance", "17", first});
  CHECK(far.code == 2);
  CHECK(far.err.find("from 0 to 16") != std::string::npos);
  CHECK(archive.run({"similar", "https://nowhere.example/"}).code == 1);
  const std::string text = archive.folder().file("words.txt");
  std::ofstream(text) << "no picture";
  const Ended none = archive.run({"similar", text});
  CHECK(none.code == 1);
  CHECK(none.err.find("words.txt") != std::string::npos);
  const Ended help = run_halftone({"similar", "--help"});
  CHECK(help.out.find("--distance") != std::string::npos);
}
