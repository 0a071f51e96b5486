#include "store/frontier_rows.h"

#include "tests/support/catch.h"

using namespace halftone;
using namespace halftone::frontier_rows;

namespace {

Time at(int64_t second) { return Time(std::chrono::seconds(second)); }

struct Row {
  const char* name;
  std::string key, value;
};

std::vector<Row> sound_rows() {
  const Keys keys = *Keys::of_run("0a");
  const Place queued{7, 3, 9, std::nullopt}, postponed{7, 0, 9, at(-5)};
  Host host;
  host.name = "example.org";
  host.next = at(5);
  host.ranks[0] = {2, 8, 1, at(9)};
  host.ranks[7] = {0, 0, 4, at(7)};
  return {{"totals", keys.totals(), Totals{1, 2, 3, 4}.write()},
          {"a queued URL", keys.url(fingerprint("k")), Known{queued, {}, {}}.write()},
          {"a postponed URL", keys.url(fingerprint("k")), Known{postponed, {}, {}}.write()},
          {"a done URL", keys.url(fingerprint("k")), Known{std::nullopt, "k", "200"}.write()},
          {"a name", keys.name(fingerprint("h")), std::string(8, '\1')},
          {"a host", keys.host(7), host.write()},
          {"a host in line", keys.due({at(5), 6}), std::string(8, '\1')},
          {"a place in the queue", keys.place(queued), Owed{"k", "note"}.write()},
          {"a place among the postponed", keys.place(postponed), Owed{"k", ""}.write()}};
}

}  // namespace

TEST_CASE("rows of a frontier are read as they were written", "[store]") {
  for (const Row& row : sound_rows()) {
    CAPTURE(row.name);
    CHECK(check(row.key, row.value).empty());
    CHECK(run_of(row.key) == "0a");
  }
  const Keys keys = *Keys::of_run("0a");
  const Place place{1, 2, 3, at(-1)};
  CHECK(read_place(keys.place(place), keys) == place);
  const Due due{at(-1), 3};
  CHECK(read_due(keys.due(due), keys) == due);
  const auto rows = sound_rows();
  const auto host = Host::read(rows[5].value);
  CHECK(host->name == "example.org");
  CHECK(host->ranks[0] == Host::Rank{2, 8, 1, at(9)});
  CHECK(host->ranks[7] == Host::Rank{0, 0, 4, at(7)});
  CHECK(host->owed() == 7);
  CHECK(host->due() == Due{at(5), 0});
}

TEST_CASE("keys of a frontier sort as times and numbers do", "[store]") {
  const Keys keys = *Keys::of_run("0a");
  const Time times[] = {Time::min(), at(-1), at(0), at(1), Time::max()};
  for (size_t i = 1; i < std::size(times); ++i) {
    CHECK(keys.due({times[i - 1], 9}) < keys.due({times[i], 1}));
    CHECK(keys.place({1, 1, 9, times[i - 1]}) < keys.place({1, 1, 1, times[i]}));
  }
  CHECK(keys.place({1, 1, 255, std::nullopt}) < keys.place({1, 1, 256, std::nullopt}));
  CHECK(keys.place({1, 1, 256, std::nullopt}) < keys.place({1, 2, 1, std::nullopt}));
}

// Whatever is cut off: names and notes alone may have any length.
TEST_CASE("rows of a frontier that are cut are told", "[store]") {
  for (const Row& row : sound_rows()) {
    CAPTURE(row.name);
    for (size_t size = 0; size < row.key.size(); ++size) {
      CHECK_FALSE(check(row.key.substr(0, size), row.value).empty());
    }
    CHECK_FALSE(check(row.key + "x", row.value).empty());
    const std::string_view open_ends[] = {"example.org", "200", "note"};
    size_t fixed = row.value.size();
    for (const std::string_view end : open_ends) {
      if (row.value.ends_with(end)) fixed -= end.size();
    }
    for (size_t size = 0; size < fixed; ++size) {
      CHECK_FALSE(check(row.key, row.value.substr(0, size)).empty());
    }
  }
}

TEST_CASE("a result that belongs to another URL is told", "[store]") {
  const Keys keys = *Keys::of_run("0a");
  const std::string value = Known{std::nullopt, "k", "200"}.write();
  CHECK_FALSE(check(keys.url(fingerprint("other")), value).empty());
  CHECK_FALSE(check("f 0A t", Totals().write()).empty());
}
