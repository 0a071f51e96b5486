#include "crawler/scope.h"

#include <limits>

#include "tests/support/catch.h"

using namespace halftone;

namespace {

Url url(std::string_view text) { return *Url::parse(text); }

Scope scope_of(ScopeOptions options, const std::vector<std::string>& seeds = {
                                         "https://www.example.org/news/2026/a.html?x=1"}) {
  std::vector<Url> urls;
  for (const std::string& seed : seeds) urls.push_back(url(seed));
  return {std::move(options), urls};
}

bool fits(const std::string& pattern, std::string_view address) {
  return UrlPattern(pattern).matches(url(address));
}

}  // namespace

TEST_CASE("the reach says how far from a seed pages are taken", "[crawler][scope]") {
  using enum Reach;
  struct Row {
    const char* name;
    Reach reach;
    const char* page;
    const char* rule;  // empty: allowed
  };
  const Row rows[] = {
      {"page: another page", kPage, "https://www.example.org/news/2026/b.html",
       "not a seed (--scope page)"},
      {"page: another query", kPage, "https://www.example.org/news/2026/a.html",
       "not a seed (--scope page)"},
      {"dir: beside the seed", kDir, "https://www.example.org/news/2026/b.html", ""},
      {"dir: below it", kDir, "https://www.example.org/news/2026/may/b.html?y=2", ""},
      {"dir: the folder itself", kDir, "https://www.example.org/news/2026/", ""},
      {"dir: the folder without a slash", kDir, "https://www.example.org/news/2026",
       "another folder than www.example.org/news/2026/ (--scope dir)"},
      {"dir: by http", kDir, "http://www.example.org/news/2026/b.html", ""},
      {"dir: a folder that begins alike", kDir, "https://www.example.org/news/2026b/",
       "another folder than www.example.org/news/2026/ (--scope dir)"},
      {"dir: above", kDir, "https://www.example.org/news/",
       "another folder than www.example.org/news/2026/ (--scope dir)"},
      {"dir: another host", kDir, "https://example.org/news/2026/",
       "another folder than www.example.org/news/2026/ (--scope dir)"},
      {"dir: dots lead out", kDir, "https://www.example.org/news/2026/../2025/",
       "another folder than www.example.org/news/2026/ (--scope dir)"},
      {"host: the same", kHost, "http://www.example.org/", ""},
      {"host: another of the site", kHost, "https://example.org/",
       "another host than www.example.org (--scope host)"},
      {"host: another port", kHost, "https://www.example.org:8443/",
       "another host than www.example.org (--scope host)"},
      {"host: a longer name", kHost, "https://www.example.org.evil.test/",
       "another host than www.example.org (--scope host)"},
      {"host: the name as user", kHost, "https://www.example.org@evil.test/",
       "another host than www.example.org (--scope host)"},
      {"domain: the site", kDomain, "https://example.org/", ""},
      {"domain: another host of it", kDomain, "http://blog.example.org:8080/", ""},
      {"domain: another site", kDomain, "https://example.net/",
       "another site than example.org (--scope domain)"},
      {"domain: a name that ends alike", kDomain, "https://badexample.org/",
       "another site than example.org (--scope domain)"},
      {"any", kAny, "https://example.net/", ""},
      {"any, but the web", kAny, "mailto:a@example.org", "not a page of the web (mailto:)"},
      {"any, but no script", kAny, "javascript:void(0)", "not a page of the web (javascript:)"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto verdict = scope_of({.reach = row.reach}).judge(url(row.page), 1, 0);
      CHECK(verdict.allowed == std::string_view(row.rule).empty());
      CHECK(verdict.rule == (verdict.allowed ? "--scope " + std::string(to_string(row.reach))
                                             : std::string(row.rule)));
      CHECK(verdict.hops == (verdict.allowed || !url(row.page).is_http() ? 0 : 1));
    }
  }
}

// Public suffix list: users of a shared host are sites of their own.
TEST_CASE("sites are registrable domains", "[crawler][scope]") {
  const auto allows = [](const char* seed, const char* page) {
    return scope_of({}, {seed}).judge(url(page), 1, 0).allowed;
  };
  CHECK(allows("https://www.example.co.uk/", "https://news.example.co.uk/"));
  CHECK_FALSE(allows("https://www.example.co.uk/", "https://www.other.co.uk/"));
  CHECK_FALSE(allows("https://a.github.io/", "https://b.github.io/"));
  CHECK(allows("http://127.0.0.1:8080/", "http://127.0.0.1:8081/a"));
  CHECK_FALSE(allows("http://127.0.0.1/", "http://127.0.0.2/"));
  CHECK(allows("http://[::1]/", "http://[::1]/a"));
}

TEST_CASE("several seeds open several places", "[crawler][scope]") {
  const std::vector<std::string> seeds = {"https://example.org/a/b/", "https://example.org/a/",
                                          "https://example.org/ab/", "https://example.net/x/y"};
  const Scope dirs = scope_of({.reach = Reach::kDir}, seeds);
  for (const char* const inside :
       {"https://example.org/a/z", "https://example.org/a/b/c", "https://example.org/ab/c",
        "https://example.net/x/%e6", "https://example.net/x/"}) {
    CAPTURE(inside);
    CHECK(dirs.judge(url(inside), 1, 0).allowed);
  }
  for (const char* const outside : {"https://example.org/a", "https://example.org/aa/",
                                    "https://example.org/", "https://example.net/y"}) {
    CAPTURE(outside);
    CHECK_FALSE(dirs.judge(url(outside), 1, 0).allowed);
  }
  CHECK(dirs.judge(url("https://example.org/"), 1, 0).rule ==
        "another folder than example.org/a/b/ and 3 more (--scope dir)");
  CHECK_FALSE(scope_of({}, {}).judge(url("https://example.org/"), 0, 0).allowed);
}

TEST_CASE("seeds are always in scope", "[crawler][scope]") {
  const ScopeOptions strict = {
      .reach = Reach::kPage, .include = {"/none/*"}, .exclude = {"*"}, .depth = 0};
  const Scope scope = scope_of(strict, {"https://example.org/a?b", "file:///tmp/a.html"});
  CHECK(scope.judge(url("https://example.org/a?b"), 9, 0).rule == "a seed");
  CHECK(scope.judge(url("http://example.org/a?utm_source=x&b#c"), 9, 7).allowed);
  CHECK(scope.judge(url("http://example.org/a?utm_source=x&b#c"), 9, 7).hops == 0);
  CHECK(scope.judge(url("file:///tmp/a.html"), 0, 0).allowed);
  CHECK_FALSE(scope.judge(url("file:///tmp/b.html"), 0, 0).allowed);
}

TEST_CASE("patterns fit what users of wget and HTTrack expect", "[crawler][scope]") {
  struct Row {
    const char *name, *pattern, *url;
    bool fits;
  };
  const Row rows[] = {
      {"star at both ends", "*/tag/*", "https://example.org/tag/a", true},
      {"needs its slashes", "*/tag/*", "https://example.org/tags/a", false},
      {"a star crosses slashes", "example.org/*/b", "https://example.org/a/a/b", true},
      {"a star may be empty", "example.org/*", "https://example.org/", true},
      {"stars in a row", "example.org/***b", "https://example.org/b", true},
      {"a star is the whole", "*", "https://example.org/", true},
      {"anchored at the beginning", "xample.org/*", "https://example.org/", false},
      {"anchored at the end", "*/tag", "https://example.org/tag/a", false},
      {"pieces in order", "*/a/*b*", "https://example.org/b/a/", false},
      {"pieces do not overlap", "*ab*ba", "https://example.org/aba", false},
      {"a piece is looked for again", "*aab*", "https://example.org/aaab", true},
      // HTTrack: "-*.zip", "+*.example.com/*".
      {"extension", "*.pdf", "https://example.org/a.pdf", true},
      {"extension before a query", "*.pdf", "https://example.org/a.pdf?dl=1", true},
      {"extension in a query", "*.pdf", "https://example.org/view?file=a.pdf", true},
      {"extension inside", "*.pdf", "https://example.org/a.pdfs", false},
      {"hosts of a site", "*.example.org/*", "https://www.example.org/a", true},
      {"not the site itself", "*.example.org/*", "https://example.org/a", false},
      {"a query is asked for", "*?page=*", "https://example.org/a?page=2", true},
      {"a query is not there", "*?page=*", "https://example.org/a", false},
      {"a question mark is no wildcard", "*/?", "https://example.org/a", false},
      // wget: --exclude-directories=/private.
      {"path of any host", "/private", "https://example.org/private", true},
      {"below it", "/private", "https://example.org/private/a", true},
      {"with a query", "/private", "https://example.org/private?a", true},
      {"not what begins alike", "/private", "https://example.org/privately", false},
      {"only from the root", "/private", "https://example.org/a/private", false},
      {"path with a star", "/tag/*", "https://example.org/tag/a?b", true},
      {"slash at the end", "/private/", "https://example.org/private/a", true},
      {"slash at the end, itself", "/private/", "https://example.org/private", false},
      // A place.
      {"a host", "example.net", "https://example.net/a?b", true},
      {"a host, not its neighbours", "example.net", "https://www.example.net/", false},
      {"a host, not a longer one", "example.net", "https://example.net.test/", false},
      {"a host with a port", "example.net:8080", "https://example.net:8080/a", true},
      {"a host without its port", "example.net", "https://example.net:8080/a", false},
      {"a page", "example.org/a?b=1", "https://example.org/a?b=1", true},
      {"another query", "example.org/a?b=1", "https://example.org/a?b=12", false},
      // The whole address.
      {"scheme", "http://example.org/*", "http://example.org/a", true},
      {"other scheme", "http://example.org/*", "https://example.org/a", false},
      {"any scheme", "*://example.org/*", "https://example.org/a", true},
      {"scheme without a star", "https://example.org", "https://example.org/a", true},
      {"an address in a query", "*url=http://*", "https://example.org/?url=http://a", true},
      // How addresses are written.
      {"fragments do not count", "*.html", "https://example.org/a.html#b", true},
      {"credentials do not count", "https://example.org/a", "https://u:p@example.org/a", true},
      {"host in capitals", "Example.ORG/a", "https://example.org/a", true},
      {"path in capitals", "example.org/A", "https://example.org/a", false},
      {"Chinese", "/新闻/*", "https://example.org/新闻/1", true},
      {"Chinese, escapes in small letters", "/新闻/*", "https://example.org/%e6%96%b0%e9%97%bb/1",
       true},
      {"Chinese with stars alone", "*新闻*", "https://example.org/a/新闻1", true},
      {"capitals with a star alone", "*.PDF", "https://example.org/a.PDF", true},
      {"host in capitals with a star", "*.Example.ORG/A", "https://www.example.org/A", true},
      {"a host of other letters", "bücher.example/a", "https://xn--bcher-kva.example/a", true},
      {"escapes in small letters", "/%e6*", "https://example.org/%E6%96", true},
      {"percent sign alone", "/100%", "https://example.org/100%", true},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(fits(row.pattern, row.url) == row.fits); }
  }
}

TEST_CASE("exclude beats include, and each rule is named", "[crawler][scope]") {
  const Scope scope =
      scope_of({.include = {"/news", "*.net/*"}, .exclude = {"*/tag/*"}, .depth = 3});
  const auto rule = [&](const char* page, size_t depth) {
    return scope.judge(url(page), depth, 0).rule;
  };
  CHECK(rule("https://example.org/news/a", 3) == "--include /news");
  CHECK(rule("https://example.org/news/tag/a", 1) == "--exclude */tag/*");
  CHECK(rule("https://example.org/sport/a", 1) == "fits no --include");
  CHECK(rule("https://example.org/news/a", 4) == "deeper than --depth 3");
  // An include narrows, and does not widen.
  CHECK(rule("https://example.net/a", 1) == "another site than example.org (--scope domain)");
}

TEST_CASE("hops lead outside, and back", "[crawler][scope]") {
  const Scope scope = scope_of({.hops = 2});
  const auto judge = [&](const char* page, size_t hops) { return scope.judge(url(page), 5, hops); };
  CHECK(judge("https://example.net/", 0).rule == "--hops 2");
  CHECK(judge("https://example.net/", 0).hops == 1);
  CHECK(judge("https://example.net/a", 1).hops == 2);
  CHECK(judge("https://example.net/b", 2).rule ==
        "another site than example.org (--scope domain) by more than --hops 2");
  CHECK_FALSE(judge("https://example.net/b", 2).allowed);
  CHECK_FALSE(judge("https://example.net/b", std::numeric_limits<size_t>::max()).allowed);
  CHECK(judge("https://example.org/", 2).hops == 0);
}

TEST_CASE("patterns that cannot be meant are usage errors", "[crawler][scope]") {
  struct Row {
    const char* name;
    std::string pattern, message;
  };
  const Row rows[] = {
      {"empty", "", "--exclude : the pattern is empty"},
      {"space", "a b", "spaces"},
      {"control character", "a\x01", "control"},
      {"fragment", "example.org/#a", "has a # in it"},
      {"expression, beginning", "^https?://", "regular expression"},
      {"expression, end", "*.pdf$", "regular expression"},
      {"scheme", "ftp://example.org/*", "neither http nor https"},
      {"not UTF-8", "a\xFF", "not UTF-8"},
      {"too long", std::string(2049, 'a'), "longer than 2048"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto checked = check_scope_options({.exclude = {"*", row.pattern}});
      REQUIRE_FALSE(checked);
      CHECK(checked.error().code == ErrorCode::kUsage);
      CHECK(checked.error().message.find(row.message) != std::string::npos);
      CHECK_FALSE(check_scope_options({.include = {row.pattern}}));
    }
  }
  CHECK_FALSE(check_scope_options({.include = std::vector<std::string>(1001, "*")}));
  CHECK(check_scope_options(
      {.include = {"*", "http://a/*", "*://a", "/?u=ftp://x", "HTTPS://a/", "[::1]:80/*"},
       .exclude = {"/新闻/*", "a%20b"}}));
}

TEST_CASE("names of reaches go both ways", "[crawler][scope]") {
  for (const Reach reach : {Reach::kPage, Reach::kDir, Reach::kHost, Reach::kDomain, Reach::kAny}) {
    CHECK(reach_named(to_string(reach)) == reach);
  }
  CHECK_FALSE(reach_named("planet"));
}

// Backtracking would not end in a lifetime here.
TEST_CASE("stars cost linear time", "[crawler][scope]") {
  std::string pattern = "example.org/";
  for (int i = 0; i < 300; ++i) pattern += "*aaab";
  const Url page = url("https://example.org/" + std::string(200'000, 'a'));
  CHECK_FALSE(UrlPattern(pattern).matches(page));
  const Scope dirs = scope_of({.reach = Reach::kDir}, {"https://example.org/a/b"});
  CHECK(dirs.judge(url("https://example.org/a/" + std::string(500'000, '/')), 1, 0).allowed);
}
