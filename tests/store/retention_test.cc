// Which versions stay. The rows follow restic's `forget` (its internal/restic/snapshot_policy.go
// says what is meant where its manual does not).
#include "store/retention.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/support/catch.h"

using namespace halftone;

namespace {

Time at(std::string_view text) {
  const auto time = parse_date(text);
  REQUIRE(time);
  return *time;
}

constexpr unsigned kForever = RetentionRules::kUnlimited;

// "2026-01-09T10:00:00Z daily, weekly" for each version that stays, newest first.
std::vector<std::string> staying(const RetentionRules& rules,
                                 const std::vector<std::string_view>& versions) {
  std::vector<Time> times;
  for (const auto version : versions) times.push_back(at(version));
  std::vector<std::string> result;
  const auto retained = apply(rules, times);
  CHECK(retained.size() == versions.size());
  for (const Retained& version : retained) {
    if (!version.stays()) continue;
    result.push_back(
        fmt::format("{} {}", to_iso8601(version.time), fmt::join(version.reasons, ", ")));
  }
  return result;
}

}  // namespace

TEST_CASE("rules keep the newest of each hour, day, week, month and year", "[store]") {
  struct Row {
    const char* name;
    RetentionRules rules;
    std::vector<std::string_view> versions;
    std::vector<std::string> staying;
  };
  const Row rows[] = {
      {"the last N, in whatever order they come",
       {.last = 2},
       {"2026-01-01", "2026-01-03", "2026-01-02"},
       {"2026-01-03T00:00:00Z last", "2026-01-02T00:00:00Z last"}},
      {"more than there are",
       {.last = 9},
       {"2026-01-01", "2026-01-03"},
       {"2026-01-03T00:00:00Z last", "2026-01-01T00:00:00Z last"}},
      {"the newest of a day",
       {.daily = 1},
       {"2026-01-09T08:00:00Z", "2026-01-09T23:59:59Z", "2026-01-08T12:00:00Z"},
       {"2026-01-09T23:59:59Z daily"}},
      {"days without a version do not count",
       {.daily = 2},
       {"2026-01-09", "2025-06-01", "2024-02-29"},
       {"2026-01-09T00:00:00Z daily", "2025-06-01T00:00:00Z daily"}},
      {"days are UTC's",
       {.daily = 2},
       {"2026-01-09T23:59:59Z", "2026-01-10T00:00:00Z", "2026-01-10T00:30:00+01:00"},
       {"2026-01-10T00:00:00Z daily", "2026-01-09T23:59:59Z daily"}},
      {"hours",
       {.hourly = 2},
       {"2026-01-09T10:59:59Z", "2026-01-09T10:00:00Z", "2026-01-09T09:59:59Z",
        "2026-01-08T09:59:59Z"},
       {"2026-01-09T10:59:59Z hourly", "2026-01-09T09:59:59Z hourly"}},
      {"weeks begin on Monday, also across a year",
       {.weekly = 2},
       // Wednesday 31 December 2025 and Sunday 4 January 2026 are in week 1 of 2026.
       {"2026-01-05", "2026-01-04", "2025-12-31", "2025-12-28", "2025-12-01"},
       {"2026-01-05T00:00:00Z weekly", "2026-01-04T00:00:00Z weekly"}},
      {"weeks before 1970",
       {.weekly = 2},
       {"1969-12-29", "1969-12-28", "1969-12-22", "1969-12-01"},
       {"1969-12-29T00:00:00Z weekly", "1969-12-28T00:00:00Z weekly"}},
      {"months of different years are different months",
       {.monthly = 2},
       {"2026-01-31", "2026-01-01", "2025-01-31", "2024-01-31"},
       {"2026-01-31T00:00:00Z monthly", "2025-01-31T00:00:00Z monthly"}},
      {"years",
       {.yearly = 2},
       {"2026-05-01", "2026-01-01", "2024-05-01", "2020-05-01"},
       {"2026-05-01T00:00:00Z yearly", "2024-05-01T00:00:00Z yearly"}},
      {"one version may be kept by several rules, and uses each of them up",
       {.last = 1, .daily = 2, .yearly = 1},
       {"2026-01-09T10:00:00Z", "2026-01-09T09:00:00Z", "2026-01-08T10:00:00Z", "2026-01-07"},
       {"2026-01-09T10:00:00Z last, daily, yearly", "2026-01-08T10:00:00Z daily"}},
      {"a rule with something left keeps the oldest, too",
       {.daily = 3},
       {"2026-01-09T10:00:00Z", "2026-01-08T09:00:00Z", "2026-01-08T08:00:00Z"},
       {"2026-01-09T10:00:00Z daily", "2026-01-08T09:00:00Z daily",
        "2026-01-08T08:00:00Z oldest daily"}},
      {"without end",
       {.yearly = kForever},
       {"2026-05-01", "2025-05-01", "2025-04-01", "1999-05-01", "1999-04-01"},
       {"2026-05-01T00:00:00Z yearly", "2025-05-01T00:00:00Z yearly", "1999-05-01T00:00:00Z yearly",
        "1999-04-01T00:00:00Z oldest yearly"}},
      {"within a span of the newest version, whatever today is",
       {.within = CalendarSpan{.days = 7}},
       {"2020-01-09T10:00:00Z", "2020-01-02T10:00:01Z", "2020-01-02T10:00:00Z"},
       {"2020-01-09T10:00:00Z within", "2020-01-02T10:00:01Z within"}},
      {"within nothing",
       {.within = CalendarSpan{}},
       {"2020-01-09", "2020-01-08"},
       {"2020-01-09T00:00:00Z within"}},
      {"no rule keeps nothing", {}, {"2020-01-09"}, {}},
      {"no version", {.last = 1}, {}, {}},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(staying(row.rules, row.versions) == row.staying); }
  }
}

TEST_CASE("as long as there is a rule, the newest version stays", "[store]") {
  const RetentionRules rules[] = {{.last = 1},
                                  {.hourly = 1},
                                  {.daily = 1},
                                  {.weekly = 1},
                                  {.monthly = 1},
                                  {.yearly = 1},
                                  {.within = CalendarSpan{}}};
  for (const RetentionRules& one : rules) {
    CHECK(one.any());
    CHECK(apply(one, {at("1969-01-01"), at("2026-01-01"), at("2025-01-01")})[0].stays());
  }
  CHECK_FALSE(RetentionRules{}.any());
}

TEST_CASE("spans of time", "[store]") {
  struct Row {
    std::string_view text;
    std::optional<CalendarSpan> span;
  };
  const Row rows[] = {
      {"7d", CalendarSpan{.days = 7}},
      {"36h", CalendarSpan{.hours = 36}},
      {"1y6m14d12h", CalendarSpan{1, 6, 14, 12}},
      {"0d", CalendarSpan{}},
      {"", {}},
      {"7", {}},
      {"d", {}},
      {"7w", {}},
      {"-7d", {}},
      {"7d7d", {}},
      {"7d1y", {}},
      {"7d ", {}},
      {"99999999999d", {}},
      {"1000000y", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(parse_span(row.text) == row.span);
  }
}

TEST_CASE("a span back from a moment", "[store]") {
  struct Row {
    std::string_view from;
    CalendarSpan span;
    std::string_view to;
  };
  const Row rows[] = {
      {"2026-03-31T10:00:00Z", {.months = 1}, "2026-02-28T10:00:00Z"},
      {"2024-03-31T10:00:00Z", {.months = 1}, "2024-02-29T10:00:00Z"},
      {"2024-02-29T10:00:00Z", {.years = 1}, "2023-02-28T10:00:00Z"},
      {"2026-01-15T10:00:00Z", {.months = 13}, "2024-12-15T10:00:00Z"},
      {"2026-01-01T10:00:00Z", {.days = 1, .hours = 11}, "2025-12-30T23:00:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.from);
    CHECK(to_iso8601(before(at(row.from), row.span)) == row.to);
  }
}
