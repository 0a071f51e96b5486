#include <filesystem>

#include "tests/support/catch.h"
#include "tests/tools/browser.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
namespace fs = std::filesystem;

TEST_CASE("the demo archives its newsroom whole, and a second one finds nothing new", "[tools]") {
  const TemporaryDirectory folder;
  const Ended first = run_halftone({"demo", folder.file("demo"), "--json"});
  CAPTURE(first.err);
  REQUIRE(first.code == 0);
  const auto report = json_lines(first.out).at(0);
  CHECK(report["articles"].size() == 4);
  CHECK(report["missing"] == 0);
  CHECK(report["references"] == report["archived"]);

  const auto again = json_lines(run_halftone({"demo", folder.file("demo"), "--json"}).out).at(0);
  CHECK(again["new_blobs"] == 0);
  for (const auto& article : again["articles"]) CHECK(article["changes"] == "nothing changed");

  size_t copies = 0;
  for (const auto& entry : fs::directory_iterator(folder.file("demo/copy"))) {
    const fs::path page = entry.path() / "index.html";
    if (!fs::exists(page)) continue;
    ++copies;
    const auto seen = look_at(page);
    if (!seen) return;
    CAPTURE(*seen);
    CHECK((*seen)["outside"].empty());
    CHECK((*seen)["images"].size() >= 4);
    for (const auto& image : (*seen)["images"]) CHECK(image["width"] > 0);
  }
  CHECK(copies == 4);
}
