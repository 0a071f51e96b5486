// RFC 9309; numbers in names are its sections.
#include "crawler/robots_gate.h"

#include "tests/support/catch.h"

using namespace halftone;
using namespace std::chrono_literals;

namespace {

using Step = RobotsGate::Answer::Step;
using Fetched = RobotsGate::Fetched;

constexpr Time kBegin{24h * 20'000};
const std::string kRules = "User-agent: *\nDisallow: /private/\n";

Url url(std::string_view text) {
  const auto url = Url::parse(text);
  REQUIRE(url);
  return *url;
}

const Url& page() {
  static const Url page = url("https://example.org/page");
  return page;
}

Step step(RobotsGate& gate, std::string_view text, Time now = kBegin) {
  return gate.check(url(text), now).step;
}

void set(RobotsGate& gate, std::string_view origin, const Fetched& fetched, Time now = kBegin) {
  gate.set(url(std::string(origin) + "/robots.txt"), fetched, now);
}

}  // namespace

TEST_CASE("each origin is asked for its own rules", "[robots]") {
  RobotsGate gate("halftone/0.1 (+https://halftone.test/)");
  struct Row {
    const char* name;
    std::string_view url, ask;
  };
  const Row rows[] = {
      {"a page", "https://example.org/a/b?c#d", "https://example.org/robots.txt"},
      {"2.3 another scheme", "http://example.org/", "http://example.org/robots.txt"},
      {"2.3 another port", "http://example.org:8443/", "http://example.org:8443/robots.txt"},
      {"2.3 another host", "https://www.example.org/", "https://www.example.org/robots.txt"},
      {"credentials stay behind", "https://a:b@example.net/", "https://example.net/robots.txt"},
      {"2.2.2 robots.txt itself", "https://example.org/robots.txt", ""},
      {"what is not asked for over HTTP", "data:text/plain,a", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto answer = gate.check(url(row.url), kBegin);
      CHECK(answer.ask == row.ask);
      CHECK(answer.step == (row.ask.empty() ? Step::kAllowed : Step::kAsk));
    }
  }
  set(gate, "https://example.org", {.status = 200, .body = kRules});
  CHECK(step(gate, "https://example.org/a") == Step::kAllowed);
  CHECK(step(gate, "https://example.org/private/a") == Step::kDenied);
  CHECK(gate.check(url("https://example.org/private/a"), kBegin).reason ==
        "robots.txt, line 2: Disallow: /private/");
  CHECK(step(gate, "http://example.org/a") == Step::kAsk);
}

TEST_CASE("what an answer for robots.txt means", "[robots]") {
  struct Row {
    const char* name;
    int status;
    Step page, hidden;
  };
  const Row rows[] = {
      {"2.3.1.1 the rules", 200, Step::kAllowed, Step::kDenied},
      {"2.3.1.1 of another success, too", 203, Step::kAllowed, Step::kDenied},
      {"2.3.1.2 redirects without end", 302, Step::kAllowed, Step::kAllowed},
      {"2.3.1.3 none", 404, Step::kAllowed, Step::kAllowed},
      {"2.3.1.3 forbidden", 403, Step::kAllowed, Step::kAllowed},
      {"2.3.1.3 unauthorised", 401, Step::kAllowed, Step::kAllowed},
      {"2.3.1.3 gone", 410, Step::kAllowed, Step::kAllowed},
      {"too many requests: the server is there", 429, Step::kWait, Step::kWait},
      {"2.3.1.4 a fault", 500, Step::kWait, Step::kWait},
      {"2.3.1.4 overloaded", 503, Step::kWait, Step::kWait},
      {"2.3.1.4 no answer", 0, Step::kWait, Step::kWait},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      RobotsGate gate("halftone");
      set(gate, "https://example.org", {.status = row.status, .body = kRules});
      CHECK(step(gate, "https://example.org/page") == row.page);
      CHECK(step(gate, "https://example.org/private/a") == row.hidden);
    }
  }
}

TEST_CASE("rules are kept for so long", "[robots]") {
  struct Row {
    const char* name;
    std::string_view cache_control;
    std::chrono::seconds kept;
  };
  const Row rows[] = {
      {"2.4 a day", "", 24h},
      {"for max-age", "public, Max-Age=3600", 1h},
      {"max-age in quotes", "max-age=\"3600\"", 1h},
      {"a minute at least", "max-age=0, must-revalidate", 1min},
      {"2.4 a day at most", "max-age=31536000", 24h},
      {"more than any number", "max-age=99999999999999999999999", 24h},
      {"of shared caches", "s-maxage=60", 24h},
      {"no number", "max-age=soon", 24h},
      {"less than nothing", "max-age=-1", 24h},
      {"commas", ",,max-age=120,,", 2min},
  };
  for (const Row& row : rows) {
    for (const int status : {200, 404}) {
      DYNAMIC_SECTION(row.name << ", " << status) {
        RobotsGate gate("halftone");
        set(gate, "https://example.org",
            {.status = status, .body = kRules, .cache_control = std::string(row.cache_control)});
        CHECK(step(gate, "https://example.org/a", kBegin + row.kept - 1us) == Step::kAllowed);
        CHECK(step(gate, "https://example.org/a", kBegin + row.kept) == Step::kAsk);
      }
    }
  }
}

TEST_CASE("2.3.1.4 a host without its rules waits, and is asked again", "[robots]") {
  RobotsGate gate("halftone");
  Time now = kBegin;
  for (const auto wait : {1min, 2min, 4min, 8min, 16min, 32min, 60min, 60min}) {
    CHECK(gate.check(page(), now).step == Step::kAsk);
    set(gate, "https://example.org", {.status = 0, .why = "connection refused"}, now);
    const auto answer = gate.check(page(), now + wait - 1us);
    CHECK(answer.step == Step::kWait);
    CHECK(answer.until == now + wait);
    CHECK(answer.reason == "robots.txt could not be had: connection refused");
    now += wait;
  }
  set(gate, "https://example.org", {.status = 503}, now);
  CHECK(gate.check(page(), now).reason == "robots.txt could not be had: the answer was 503");

  SECTION("till it answers, and then it begins anew") {
    set(gate, "https://example.org", {.status = 200, .body = kRules}, now);
    CHECK(gate.check(page(), now).step == Step::kAllowed);
    set(gate, "https://example.org", {.status = 503}, now + 25h);
    CHECK(gate.check(page(), now + 25h + 1min).step == Step::kAsk);
  }
  SECTION("or 30 days are over") {
    set(gate, "https://example.org", {.status = 503}, kBegin + 24h * 30 - 1us);
    CHECK(gate.check(page(), kBegin + 24h * 30).step == Step::kWait);
    set(gate, "https://example.org", {.status = 503}, kBegin + 24h * 30);
    CHECK(gate.check(page(), kBegin + 24h * 30).step == Step::kAllowed);
  }
}

TEST_CASE("2.4 what was known counts while it cannot be had again", "[robots]") {
  RobotsGate gate("halftone");
  set(gate, "https://example.org", {.status = 200, .body = kRules});
  const Time later = kBegin + 24h;
  set(gate, "https://example.org", {.status = 503}, later);
  CHECK(step(gate, "https://example.org/page", later) == Step::kAllowed);
  CHECK(step(gate, "https://example.org/private/a", later) == Step::kDenied);
  CHECK(step(gate, "https://example.org/page", later + 1min) == Step::kAsk);
  set(gate, "https://example.org", {.status = 503}, later + 24h * 31);
  CHECK(step(gate, "https://example.org/private/a", later + 24h * 31) == Step::kDenied);
  set(gate, "https://example.org", {.status = 404}, later + 1min);
  CHECK(step(gate, "https://example.org/private/a", later + 1min) == Step::kAllowed);
}

TEST_CASE("a reason is short, whatever the file says", "[robots]") {
  RobotsGate gate("halftone");
  set(gate, "https://example.org",
      {.status = 200, .body = "User-agent: *\nDisallow: /" + std::string(100'000, '*')});
  const auto answer = gate.check(page(), kBegin);
  CHECK(answer.step == Step::kDenied);
  CHECK(answer.reason.size() < 400);
  set(gate, "https://example.net", {.status = 0, .why = std::string(100'000, 'x')});
  CHECK(gate.check(url("https://example.net/"), kBegin).reason.size() < 400);
}

TEST_CASE("the rules are our agent's", "[robots]") {
  RobotsGate gate("halftone/0.1");
  const std::string body =
      "User-agent: *\nCrawl-delay: 9\nDisallow: /\n\nUser-agent: halftone\nCrawl-delay: 1.5\n"
      "Disallow: /b\nSitemap: /s.xml\nSitemap: https://example.net/t.xml\nSitemap: /s.xml#a\n"
      "Sitemap: ftp://example.org/u.xml\n";
  CHECK_FALSE(gate.crawl_delay(page()));
  CHECK(gate.sitemaps(page()).empty());
  set(gate, "https://example.org", {.status = 200, .body = body});
  CHECK(gate.check(page(), kBegin).step == Step::kAllowed);
  CHECK(step(gate, "https://example.org/b") == Step::kDenied);
  CHECK(gate.crawl_delay(page()) == 1500ms);
  CHECK(gate.sitemaps(page()) ==
        std::vector<std::string>{"https://example.org/s.xml", "https://example.net/t.xml"});
  CHECK_FALSE(gate.crawl_delay(url("http://example.org/")));
  set(gate, "https://example.org", {.status = 404});
  CHECK_FALSE(gate.crawl_delay(page()));
}

TEST_CASE("origins used last are held, within a bound of memory", "[robots]") {
  const auto origin = [](int number) { return fmt::format("https://{}.example.org", number); };
  std::string body = "User-agent: *\n";
  while (body.size() < 100'000) body += "Disallow: /a\n";
  const size_t each = Robots::parse(body).memory();
  CHECK(each > 100'000);
  CHECK(each < 1'000'000);

  RobotsGate gate("halftone", each * 11);
  for (int i = 0; i < 30; ++i) {
    set(gate, origin(i), {.status = 200, .body = body});
    CHECK(step(gate, origin(0) + "/b") == Step::kAllowed);  // it is used all the time
  }
  for (int i = 1; i < 30; ++i) {
    CAPTURE(i);
    CHECK(step(gate, origin(i) + "/b") == (i < 21 ? Step::kAsk : Step::kAllowed));
  }

  SECTION("a file that is beyond the bound alone counts all the same") {
    RobotsGate small("halftone", 10);
    set(small, origin(1), {.status = 200, .body = body});
    CHECK(step(small, origin(1) + "/a") == Step::kDenied);
    set(small, origin(2), {.status = 404});
    CHECK(step(small, origin(1) + "/a") == Step::kAsk);
    CHECK(step(small, origin(2) + "/a") == Step::kAllowed);
  }
  SECTION("rules that replace others take no more") {
    for (int i = 0; i < 30; ++i) set(gate, origin(0), {.status = 200, .body = body});
    CHECK(step(gate, origin(29) + "/b") == Step::kAllowed);
  }
  SECTION("origins without rules are bounded, too") {
    RobotsGate all("halftone");
    for (int i = 0; i < 21'000; ++i) set(all, origin(i), {.status = 404});
    CHECK(step(all, origin(999) + "/a") == Step::kAsk);
    CHECK(step(all, origin(1000) + "/a") == Step::kAllowed);
  }
}
