#include "crawler/shared_pace.h"

#include "tests/support/catch.h"

using namespace halftone;
using namespace std::chrono_literals;

namespace {

using Part = SharedPace::Part;

// Two crawls that ask one host.
struct Crawls {
  Crawls(PaceLimits first, PaceLimits second)
      : a(paces.of("example.org", first), first, [this] { ++woken_a; }),
        b(paces.of("example.org", second), second, [this] { ++woken_b; }) {}

  HostPaces paces;
  int woken_a = 0, woken_b = 0;
  Part a, b;
  SharedPace::Clock::time_point now{};

  bool start(Part& part) { return part.start(now).is_ours; }
  void answer(Part& part) {
    part.answered(now, {.status = 200, .first_byte = 1ms, .retry_after = {}});
  }
};

PaceLimits at_once(size_t most) { return {.most_at_once = most}; }

}  // namespace

TEST_CASE("requests of several crawls to one host count together", "[nightly]") {
  Crawls crawls(at_once(2), at_once(2));
  CHECK(crawls.start(crawls.a));
  CHECK(crawls.start(crawls.b));
  CHECK_FALSE(crawls.start(crawls.a));
  CHECK_FALSE(crawls.start(crawls.b));
  crawls.answer(crawls.b);
  CHECK(crawls.woken_a == 1);  // it came first
  CHECK_FALSE(crawls.start(crawls.b));
  CHECK(crawls.start(crawls.a));
  crawls.answer(crawls.a);
  CHECK(crawls.woken_b == 1);
  CHECK(crawls.start(crawls.b));
}

TEST_CASE("other hosts have a pace of their own", "[nightly]") {
  HostPaces paces;
  Part a(paces.of("example.org", at_once(1)), at_once(1), [] {});
  Part b(paces.of("example.org:8080", at_once(1)), at_once(1), [] {});
  CHECK(a.start({}).is_ours);
  CHECK(b.start({}).is_ours);
}

TEST_CASE("the strictest limits of those that ask a host count", "[nightly]") {
  SECTION("at once") {
    Crawls crawls(at_once(6), at_once(1));
    CHECK(crawls.start(crawls.a));
    CHECK_FALSE(crawls.start(crawls.a));
  }
  SECTION("delay") {
    Crawls crawls({.most_at_once = 6, .delay = 0ms}, {.most_at_once = 6, .delay = 10s});
    CHECK(crawls.start(crawls.a));
    const auto turn = crawls.b.start(crawls.now);
    CHECK_FALSE(turn.is_ours);
    CHECK(turn.again == crawls.now + 10s);
    crawls.now += 10s;
    CHECK(crawls.start(crawls.b));
  }
  SECTION("until it is over") {
    HostPaces paces;
    Part a(paces.of("example.org", at_once(2)), at_once(2), [] {});
    {
      const Part strict(paces.of("example.org", at_once(1)), at_once(1), [] {});
      CHECK(a.start({}).is_ours);
      CHECK_FALSE(a.start({}).is_ours);
    }
    a.answered({}, {.status = 200, .first_byte = 1ms, .retry_after = {}});
    CHECK(a.start({}).is_ours);
    CHECK(a.start({}).is_ours);
  }
}

TEST_CASE("what one crawl learns of a host counts for all", "[nightly]") {
  Crawls crawls(at_once(6), at_once(6));
  CHECK(crawls.start(crawls.a));
  crawls.a.answered(crawls.now, {.status = 429, .first_byte = 1ms, .retry_after = 30s});
  const auto turn = crawls.b.start(crawls.now);
  CHECK_FALSE(turn.is_ours);
  CHECK(turn.again == crawls.now + 30s);
}

TEST_CASE("who has nothing to ask keeps nobody waiting", "[nightly]") {
  HostPaces paces;
  int woken = 0;
  Part b(paces.of("example.org", at_once(1)), at_once(1), [&] { ++woken; });
  {
    Part a(paces.of("example.org", at_once(1)), at_once(1), [] {});
    CHECK(a.start({}).is_ours);
    CHECK_FALSE(a.start({}).is_ours);  // the first in line
    CHECK_FALSE(b.start({}).is_ours);
    SECTION("withdrawn") {
      a.withdraw();
      a.dropped();
      CHECK(woken > 0);
      CHECK(b.start({}).is_ours);
    }
    SECTION("over, with a request on the way") {}
  }
  if (b.active() == 0) {
    CHECK(woken > 0);
    CHECK(b.start({}).is_ours);
  }
}
