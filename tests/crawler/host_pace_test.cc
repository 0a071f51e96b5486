#include "crawler/host_pace.h"

#include <deque>
#include <queue>

#include "tests/support/catch.h"

using namespace halftone;
using namespace std::chrono_literals;

namespace {

using Clock = HostPace::Clock;
using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

constexpr Clock::time_point kBegin{1h};

constexpr HostPace::Answered good(Milliseconds first_byte = 20ms) {
  return {.status = 200, .first_byte = first_byte};
}

// Starts and answers one request at a time.
void ask(HostPace& pace, int count, const HostPace::Answered& answer,
         Clock::time_point now = kBegin) {
  for (int i = 0; i < count; ++i) {
    pace.started(now);
    pace.answered(now, answer);
  }
}

// So many are under way, then all are answered alike.
void ask_together(HostPace& pace, size_t count, const HostPace::Answered& answer,
                  Clock::time_point now = kBegin) {
  for (size_t i = 0; i < count; ++i) pace.started(now);
  for (size_t i = 0; i < count; ++i) pace.answered(now, answer);
}

HostPace grown(size_t most) {
  HostPace pace({.most_at_once = most});
  ask(pace, static_cast<int>(most) * 5, good());
  REQUIRE(pace.at_once() == most);
  return pace;
}

// A host that answers each request after a time that depends on how many are under way, and what
// came of asking it `count` times as fast as the pace allows.
struct Simulation {
  std::function<HostPace::Answered(size_t active, size_t number)> host;
  Clock::time_point now = kBegin;
  size_t most_at_once = 0, refused = 0;
  Milliseconds worst{};  // first byte, over the second half
  std::vector<size_t> widths;

  void run(HostPace& pace, size_t count) {
    using Event = std::pair<Clock::time_point, size_t>;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> ends;
    std::vector<HostPace::Answered> answers;
    while (answers.size() < count || !ends.empty()) {
      while (answers.size() < count && pace.may_start(now)) {
        pace.started(now);
        answers.push_back(host(pace.active(), answers.size()));
        most_at_once = std::max(most_at_once, pace.active());
        ends.emplace(now + answers.back().first_byte, answers.size() - 1);
      }
      const auto next = answers.size() < count ? pace.next_start() : std::nullopt;
      REQUIRE((next || !ends.empty()));
      if (ends.empty() || (next && *next < ends.top().first)) {
        now = *next;
        continue;
      }
      const auto [time, number] = ends.top();
      ends.pop();
      now = time;
      const HostPace::Answered& answer = answers[number];
      refused += answer.status == 429;
      if (number > count / 2) worst = std::max(worst, answer.first_byte);
      pace.answered(now, answer);
      widths.push_back(pace.at_once());
    }
  }
};

}  // namespace

TEST_CASE("a pace begins with two at once and grows to the limit", "[pace]") {
  struct Row {
    size_t most, answers, at_once;
  };
  const Row rows[] = {
      {6, 0, 2}, {6, 1, 3},   {6, 3, 5},  {6, 4, 6},    {1, 0, 1},
      {1, 9, 1}, {6, 500, 6}, {16, 4, 6}, {16, 54, 16}, {0, 0, 1},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.most << " after " << row.answers) {
      HostPace pace({.most_at_once = row.most});
      ask(pace, static_cast<int>(row.answers), good());
      CHECK(pace.at_once() == row.at_once);
      for (size_t i = 0; i < row.at_once; ++i) {
        CHECK(pace.may_start(kBegin));
        pace.started(kBegin);
      }
      CHECK_FALSE(pace.may_start(kBegin + 24h));
      CHECK_FALSE(pace.next_start());
      pace.dropped();
      CHECK(pace.may_start(kBegin));
      CHECK(pace.active() == row.at_once - 1);
    }
  }
}

TEST_CASE("what an answer says of the host", "[pace]") {
  struct Row {
    const char* name;
    HostPace::Answered answer;
    size_t at_once;  // of 6
  };
  const Row rows[] = {
      {"good", {.status = 200}, 6},
      {"not found", {.status = 404}, 6},
      {"forbidden", {.status = 403}, 6},
      {"a fault of that page", {.status = 500}, 6},
      {"RFC 6585, 4: too many requests", {.status = 429}, 3},
      {"RFC 9110, 15.6.4: overloaded", {.status = 503}, 3},
      {"a gateway without its server", {.status = 502}, 3},
      {"a gateway that waited", {.status = 504}, 3},
      {"one without an answer", {.status = 0}, 6},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      HostPace pace = grown(6);
      ask(pace, 1, row.answer);
      CHECK(pace.at_once() == row.at_once);
    }
  }
}

TEST_CASE("requests that were under way together slow a host down once", "[pace]") {
  HostPace pace = grown(8);
  ask_together(pace, 8, {.status = 503});
  CHECK(pace.at_once() == 4);
  ask_together(pace, 4, {.status = 503});
  CHECK(pace.at_once() == 2);
  CHECK(pace.describe() == "2 at once (503)");
}

TEST_CASE("what was good before a host was slowed down is forgotten", "[pace]") {
  HostPace pace = grown(8);
  ask(pace, 4, good());
  ask(pace, 1, {.status = 503});
  ask(pace, 19, good());
  CHECK(pace.at_once() == 4);
  ask(pace, 1, good());
  CHECK(pace.at_once() == 5);
}

TEST_CASE("a request given up under way leaves no trace", "[pace]") {
  HostPace pace = grown(8);
  for (int i = 0; i < 8; ++i) pace.started(kBegin);
  pace.answered(kBegin, {.status = 503});
  for (int i = 0; i < 7; ++i) pace.dropped();
  CHECK(pace.active() == 0);
  ask(pace, 1, {.status = 503});
  CHECK(pace.at_once() == 2);
}

TEST_CASE("below one at a time requests go apart, and come together again", "[pace]") {
  HostPace pace({.most_at_once = 2});
  Clock::time_point now = kBegin;
  const auto refuse = [&] { ask(pace, 1, {.status = 503}, now += 2min); };
  refuse();
  CHECK(pace.at_once() == 1);
  CHECK(pace.delay() == 0ms);
  for (const Milliseconds delay :
       {250ms, 500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 32000ms, 60000ms, 60000ms}) {
    refuse();
    CHECK(pace.delay() == delay);
    CHECK_FALSE(pace.may_start(now + delay - 1ms));
    CHECK(pace.may_start(now + delay));
    CHECK(pace.next_start() == now + delay);
  }
  CHECK(pace.describe() == "1 at once, 60 s apart (503)");
  for (const Milliseconds delay :
       {30000ms, 15000ms, 7500ms, 3750ms, 1875ms, 937ms, 468ms, 234ms, 117ms, 58ms, 0ms}) {
    ask(pace, 5, good(), now);
    CHECK(pace.delay() == delay);
    CHECK(pace.at_once() == 1);
  }
  ask(pace, 19, good(), now);
  CHECK(pace.at_once() == 1);
  ask(pace, 1, good(), now);
  CHECK(pace.at_once() == 2);
  CHECK(pace.describe() == "2 at once");
}

TEST_CASE("delays that are asked for are kept to", "[pace]") {
  struct Row {
    const char* name;
    Milliseconds users, sites, kept;
    const char* text;
  };
  const Row rows[] = {
      {"none", 0ms, 0ms, 0ms, "2 at once"},
      {"the user's", 1500ms, 0ms, 1500ms, "2 at once, 1.5 s apart"},
      {"the site's", 0ms, 10s, 10s, "2 at once, 10 s apart (Crawl-delay)"},
      {"the longer one", 1s, 250ms, 1s, "2 at once, 1 s apart"},
      {"the site's is a minute at most", 0ms, 24h, 60s, "2 at once, 60 s apart (Crawl-delay)"},
      {"the user's may be longer", 2min, 24h, 120s, "2 at once, 120 s apart"},
      {"less than nothing", -5ms, -5ms, 0ms, "2 at once"},
      {"without end", Milliseconds::max(), 0ms, 24h, "2 at once, 86400 s apart"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      HostPace pace({.delay = row.users});
      pace.set_crawl_delay(row.sites);
      CHECK(pace.delay() == row.kept);
      CHECK(pace.describe() == row.text);
      CHECK(pace.may_start(kBegin));
      pace.started(kBegin);
      CHECK(pace.next_start() == kBegin + row.kept);
      CHECK(pace.may_start(kBegin + row.kept));
      CHECK((row.kept == 0ms || !pace.may_start(kBegin + row.kept - 1ms)));
    }
  }
}

// RFC 9110, 10.2.3.
TEST_CASE("Retry-After is kept to", "[pace]") {
  struct Row {
    const char* name;
    int status;
    std::optional<Seconds> retry_after;
    Seconds kept;
  };
  const Row rows[] = {
      {"429", 429, 30s, 30s},
      {"429 that does not say", 429, {}, 1s},
      {"429 at once", 429, 0s, 0s},
      {"503", 503, 120s, 120s},
      {"503 that does not say", 503, {}, 0s},
      {"403 of a limit", 403, 60s, 60s},
      {"a redirect is of one URL", 301, 60s, 0s},
      {"an answer", 200, 60s, 0s},
      {"a day at most", 503, Seconds::max(), 24h},
      {"less than nothing", 503, -1s, 0s},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      HostPace pace({});
      ask(pace, 1, {.status = row.status, .retry_after = row.retry_after});
      CHECK(pace.may_start(kBegin + row.kept));
      CHECK((row.kept == 0s || !pace.may_start(kBegin + row.kept - 1ms)));
      CHECK(std::max(kBegin, pace.next_start().value()) == kBegin + row.kept);
    }
  }
}

TEST_CASE("of two Retry-After the later one counts, also of a request under way", "[pace]") {
  HostPace pace = grown(4);
  for (int i = 0; i < 3; ++i) pace.started(kBegin);
  pace.answered(kBegin, {.status = 429, .retry_after = 60s});
  pace.answered(kBegin, {.status = 429, .retry_after = 90s});
  pace.answered(kBegin, {.status = 429, .retry_after = 5s});
  CHECK(pace.at_once() == 2);
  CHECK(pace.next_start() == kBegin + 90s);
}

TEST_CASE("a host that does not answer is left alone for longer and longer", "[pace]") {
  HostPace pace = grown(4);
  Clock::time_point now = kBegin;
  const HostPace::Answered none{};
  ask(pace, 1, none, now);
  CHECK(pace.at_once() == 4);
  ask(pace, 1, none, now);
  CHECK(pace.at_once() == 2);
  CHECK(pace.describe() == "2 at once (no answers)");
  ask(pace, 1, none, now);
  CHECK_FALSE(pace.silent_until());
  ask(pace, 1, none, now);
  for (const auto silence : {1min, 2min, 4min, 8min, 16min, 32min, 60min, 60min}) {
    REQUIRE(pace.silent_until() == now + silence);
    CHECK_FALSE(pace.may_start(now + silence - 1ms));
    now += silence;
    CHECK(pace.may_start(now));
    pace.started(now);
    CHECK_FALSE(pace.silent_until());
    CHECK_FALSE(pace.may_start(now));  // one is let through
    pace.answered(now, none);
  }

  SECTION("and one answer opens it") {
    ask(pace, 1, good(), now += 60min);
    CHECK_FALSE(pace.silent_until());
    CHECK(pace.at_once() == 1);
    CHECK(pace.may_start(now));

    SECTION("but it takes four to be silent again, as long as before") {
      ask(pace, 3, none, now);
      CHECK_FALSE(pace.silent_until());
      ask(pace, 1, none, now);
      CHECK(pace.silent_until() == now + 60min);
    }
    SECTION("and five to forget the silence") {
      ask(pace, 4, good(), now);
      ask(pace, 4, none, now);
      CHECK(pace.silent_until() == now + 1min);
    }
  }
}

TEST_CASE("requests under way when a host falls silent make it no longer", "[pace]") {
  HostPace pace = grown(12);
  ask_together(pace, 12, {});
  CHECK(pace.silent_until() == kBegin + 1min);
  pace.started(kBegin + 1min);
  pace.answered(kBegin + 1min, {});
  CHECK(pace.silent_until() == kBegin + 3min);
}

TEST_CASE("an answer among failures keeps a host awake", "[pace]") {
  HostPace pace({});
  for (int i = 0; i < 50; ++i) {
    ask(pace, 3, {});
    ask(pace, 1, {.status = 404});
    CHECK_FALSE(pace.silent_until());
  }
}

TEST_CASE("a loopback host is at its limit after some dozens of answers", "[pace]") {
  HostPace pace({.most_at_once = 6});
  Simulation host{[](size_t, size_t number) { return good(Milliseconds(1 + number % 5)); }};
  host.run(pace, 1000);
  CHECK(host.widths[30] == 6);
  CHECK(std::count(host.widths.begin() + 30, host.widths.end(), 6) == 970);
}

TEST_CASE("late answers", "[pace]") {
  struct Row {
    const char* name;
    Milliseconds before, after;
    size_t at_once;  // of 8, after a round of the later ones
  };
  const Row rows[] = {
      {"noise of a fast host", 1ms, 5ms, 8},
      {"a pause of a fast host", 1ms, 300ms, 8},
      {"above the floor", 1ms, 301ms, 4},
      {"above the floor, not four times", 100ms, 400ms, 8},
      {"four times", 100ms, 401ms, 4},
      {"a slow host", 1000ms, 3900ms, 8},
      {"a slow host that suffers", 1000ms, 4001ms, 4},
      {"clocks that run backwards", -1ms, -5ms, 8},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      HostPace pace({.most_at_once = 8});
      ask(pace, 40, good(row.before));
      ask(pace, 4, good(row.after));
      CHECK(pace.at_once() == 8);
      ask(pace, 1, good(row.after));
      CHECK(pace.at_once() == row.at_once);
    }
  }
  SECTION("two of five are no trend") {
    HostPace pace = grown(8);
    for (int i = 0; i < 20; ++i) {
      ask(pace, 2, good(30s));
      ask(pace, 3, good(10ms));
    }
    CHECK(pace.at_once() == 8);
  }
}

TEST_CASE("lateness that asking less does not mend is the host's own", "[pace]") {
  HostPace pace = grown(8);
  ask(pace, 5, good(600ms));
  CHECK(pace.describe() == "4 at once (late answers)");
  ask(pace, 5, good(600ms));
  CHECK(pace.at_once() == 8);
  CHECK(pace.describe() == "8 at once");
  ask(pace, 100, good(600ms));
  CHECK(pace.at_once() == 8);
  ask(pace, 5, good(2500ms));
  CHECK(pace.at_once() == 4);
  SECTION("and leaves no trace") {
    HostPace growing({.most_at_once = 16});
    ask(growing, 15, good());
    CHECK(growing.at_once() == 9);
    ask(growing, 10, good(600ms));
    CHECK(growing.at_once() == 9);
    ask(growing, 20, good(600ms));
    CHECK(growing.at_once() == 13);
  }
  SECTION("one at a time is never too many") {
    HostPace single({.most_at_once = 1});
    ask(single, 20, good());
    ask(single, 20, good(10s));
    CHECK(single.describe() == "1 at once");
  }
}

TEST_CASE("a host whose answers come later the more it is asked settles", "[pace]") {
  // What is asked beyond `able` at once waits in line: 100 ms of work each.
  for (const size_t able : {1, 2, 4}) {
    CAPTURE(able);
    HostPace pace({.most_at_once = 64});
    Simulation host{[&](size_t active, size_t) {
      return good(Milliseconds(100 * std::max(active, able) / able));
    }};
    host.run(pace, 4000);
    CHECK(host.most_at_once <= 12 * able);
    CHECK(host.worst <= 1000ms);
    const auto half = host.widths.begin() + 2000;
    CHECK(*std::min_element(half, host.widths.end()) >= able);
  }
}

TEST_CASE("a host that allows so many requests a second is found out", "[pace]") {
  // Ten a second at most; what is more is refused for a second.
  std::deque<Clock::time_point> taken;
  HostPace pace({.most_at_once = 6});
  Simulation host;
  host.host = [&](size_t, size_t) -> HostPace::Answered {
    while (!taken.empty() && taken.front() + 1s <= host.now) taken.pop_front();
    if (taken.size() >= 10) return {.status = 429, .first_byte = 50ms, .retry_after = 1s};
    taken.push_back(host.now);
    return good(50ms);
  };
  host.run(pace, 2000);
  CHECK(host.refused < 200);
  CHECK(host.now - kBegin < 450s);
}

TEST_CASE("a host that goes away comes back", "[pace]") {
  HostPace pace({.most_at_once = 6});
  Simulation host;
  host.host = [&](size_t, size_t) -> HostPace::Answered {
    const bool away = host.now > kBegin + 10s && host.now < kBegin + 20min;
    return {.status = away ? 0 : 200, .first_byte = away ? 30s : 50ms};
  };
  host.run(pace, 5000);
  const auto asked_in_vain = 5000 - std::count_if(host.widths.begin(), host.widths.end(),
                                                  [](size_t width) { return width > 1; });
  CHECK(asked_in_vain < 60);
  CHECK(pace.at_once() == 6);
  CHECK(pace.describe() == "6 at once");
}
