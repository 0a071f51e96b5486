#include "store/runs.h"

#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

constexpr Time at(int64_t second) { return Time(std::chrono::seconds(second)); }

}  // namespace

TEST_CASE("a run that never finished goes on from where it began", "[store]") {
  const TemporaryDirectory folder;
  const std::string url = "https://example.com/a", other = "https://example.com/ab";
  {
    const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
    Runs runs(*database);
    CHECK(*runs.begin(url, at(100)) == at(100));
    CHECK(*runs.begin(other, at(150)) == at(150));
  }
  const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  Runs runs(*database);
  CHECK(*runs.begin(url, at(200)) == at(100));
  REQUIRE(runs.finish(url));
  CHECK(*runs.begin(url, at(300)) == at(300));
  CHECK(*runs.begin(other, at(300)) == at(150));
  CHECK(runs.finish("https://example.com/never-begun"));
  CHECK(runs.begin(std::string(65'537, 'x'), at(1)).error().code == ErrorCode::kInvalid);
}
