#include "crawler/revisit_schedule.h"

#include "tests/support/catch.h"

using namespace halftone;
using namespace std::chrono_literals;
using std::chrono::hours;

namespace {

constexpr auto kDay = hours(24);
const Time kNow = *from_digits("20260601000000000000");

double days(Time from, Time to) { return std::chrono::duration<double>(to - from).count() / 86400; }

}  // namespace

TEST_CASE("pages are visited the less often the longer they stay as they are", "[nightly]") {
  struct Row {
    const char* name;
    RevisitHistory history;
    double least, most;  // days
  };
  const Row rows[] = {
      {"just met", {.first = kNow}, 0.8, 0.9},
      {"four days old", {.first = kNow - 4 * kDay}, 0.9, 1.1},
      {"forty days old", {.first = kNow - 40 * kDay}, 9, 11},
      {"years old", {.first = kNow - 4000 * kDay}, 90, 90},
      {"met today, written years ago", {.first = kNow, .dated = kNow - 4000 * kDay}, 90, 90},
      {"a date in the future", {.first = kNow - 4 * kDay, .dated = kNow + 400 * kDay}, 0.9, 1.1},
      {"seen in the future", {.first = kNow + 400 * kDay}, 0.8, 0.9},
      {"changed lately", {.first = kNow - 400 * kDay, .changed = kNow - 4 * kDay}, 0.9, 1.1},
      {"forty days as it is, but it often changed",
       {.first = kNow - 400 * kDay, .changed = kNow - 40 * kDay, .checks = 10, .changes = 10},
       2.4,
       2.6},
      {"changed in the future", {.first = kNow - kDay, .changed = kNow + kDay}, 0.8, 0.9},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const double wait = days(kNow, next_visit(row.history, kNow, {}, "name"));
      CHECK(wait >= row.least);
      CHECK(wait <= row.most);
    }
  }
}

TEST_CASE("what the user says bounds all waits", "[nightly]") {
  const RevisitLimits limits{.shortest = 0s, .longest = 0s};
  CHECK(next_visit({.first = kNow - 4000 * kDay}, kNow, limits, "") == kNow);
  const RevisitLimits odd{.shortest = kDay, .longest = 1h};
  CHECK(next_visit({.first = kNow - 4000 * kDay}, kNow, odd, "") == kNow + kDay);
}

TEST_CASE("pages that were met together are spread", "[nightly]") {
  const RevisitHistory history{.first = kNow - 100 * kDay};
  CHECK(next_visit(history, kNow, {}, "a") != next_visit(history, kNow, {}, "b"));
  CHECK(next_visit(history, kNow, {}, "a") == next_visit(history, kNow, {}, "a"));
}

TEST_CASE("what is missing is looked for at growing distance, and given up", "[nightly]") {
  const RevisitLimits limits{.shortest = kDay, .longest = 10 * kDay, .most_tries = 6};
  const double expected[] = {1, 2, 4, 8, 10};
  for (unsigned tries = 1; tries <= 5; ++tries) {
    CAPTURE(tries);
    const auto next = next_try(tries, kNow, limits);
    REQUIRE(next);
    CHECK(days(kNow, *next) == expected[tries - 1]);
  }
  CHECK_FALSE(next_try(6, kNow, limits));
  CHECK_FALSE(next_try(600, kNow, limits));
}
