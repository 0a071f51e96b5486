#include "tools/pace.h"

#include "tests/support/catch.h"

using namespace halftone;
using namespace std::chrono_literals;

TEST_CASE("the pace of the last half minute tells how long it will take", "[pace]") {
  Pace pace;
  Pace::Clock::time_point now{};
  auto pass = [&, done = uint64_t{0}](std::chrono::milliseconds step, int times,
                                      uint64_t each) mutable {
    for (int i = 0; i < times; ++i) pace.note(done += each, now += step);
  };
  CHECK_FALSE(pace.until(1000));
  pass(100ms, 10, 1);
  CHECK_FALSE(pace.until(1000));  // a second is too little
  pass(100ms, 90, 1);             // 100 after ten seconds
  CHECK(pace.until(1000) == 90s);

  pass(1s, 1, 100'000);  // found done already
  pass(100ms, 400, 1);
  CHECK(pace.until(100'500 + 1200) == 120s);
  pass(1s, 60, 0);
  CHECK_FALSE(pace.until(200'000));  // nothing moves
}

TEST_CASE("what is over takes no more time", "[pace]") {
  Pace pace;
  pace.note(0, Pace::Clock::time_point{});
  pace.note(10, Pace::Clock::time_point{} + 5s);
  CHECK(pace.until(10) == 0s);
  CHECK(pace.until(9) == 0s);
}

TEST_CASE("waits are told in the units that people think in", "[pace]") {
  struct Row {
    std::chrono::seconds wait;
    const char* text;
  };
  const Row rows[] = {
      {0s, "0 s"},           {99s, "99 s"},           {100s, "2 min"},           {5969s, "99 min"},
      {5970s, "1 h 40 min"}, {11'100s, "3 h 05 min"}, {360'000s, "100 h 00 min"}};
  for (const Row& row : rows) CHECK(describe_wait(row.wait) == row.text);
}
