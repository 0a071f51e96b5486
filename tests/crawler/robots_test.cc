// RFC 9309; numbers in names are its sections. "Google": cases of its published parser's kind.
#include "crawler/robots.h"

#include <random>

#include "tests/support/catch.h"

using namespace halftone;

namespace {

Robots::Verdict check(std::string_view robots, std::string_view agent, std::string_view path) {
  const Url base = *Url::parse("https://www.test/");
  const auto url = Url::parse(path, &base);
  REQUIRE(url);
  return Robots::parse(robots).check(agent, *url);
}

// 2.2.3, as slow as it is plain.
bool meets(std::string_view rule, std::string_view path) {
  if (rule.empty()) return true;
  if (rule == "$") return path.empty();
  if (rule[0] != '*') {
    return !path.empty() && rule[0] == path[0] && meets(rule.substr(1), path.substr(1));
  }
  for (size_t skip = 0; skip <= path.size(); ++skip) {
    if (meets(rule.substr(1), path.substr(skip))) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the rule that counts decides", "[robots]") {
  struct Row {
    const char* name;
    std::string robots;
    std::string_view path;
    bool allowed;
  };
  const std::string all = "User-agent: *\n";
  const Row rows[] = {
      {"2.2.1 no file", "", "/a", true},
      {"2.2.2 a path begins so", all + "Disallow: /a", "/abc", false},
      {"2.2.2 paths have letter case", all + "Disallow: /A", "/abc", true},
      {"2.2.2 no rule is met", all + "Disallow: /b", "/a", true},
      {"2.2.2 the longest counts", all + "Allow: /a/b\nDisallow: /a/", "/a/b", true},
      {"2.2.2 the longest counts, whatever the order", all + "Disallow: /a/b\nAllow: /a", "/a/b",
       false},
      {"2.2.2 of equals the one that allows", all + "Disallow: /a\nAllow: /a", "/a", true},
      {"5.2 longest match", all + "Allow: /example/page/\nDisallow: /example/page/disallowed.gif",
       "/example/page/disallowed.gif", false},
      {"2.2.2 /robots.txt is always allowed", all + "Disallow: /", "/robots.txt", true},
      {"2.2.2 but not what only begins so", all + "Disallow: /", "/robots.txt.bak", false},
      {"2.2.2 an empty one forbids nothing", all + "Disallow:", "/a", true},
      {"2.2.2 an empty one is no rule of all", all + "Disallow: /a\nAllow:", "/a", false},
      {"2.2.2 a query is matched too", all + "Disallow: /a?b", "/a?bc", false},
      {"2.2.2 a fragment is not", all + "Disallow: /a$", "/a#b", false},
      {"2.2.2 non-ASCII and escapes", all + "Disallow: /foo/bar/\xE3\x83\x84", "/foo/bar/%E3%83%84",
       false},
      {"2.2.2 escapes and non-ASCII", all + "Disallow: /foo/bar/%E3%83%84", "/foo/bar/\xE3\x83\x84",
       false},
      {"2.2.2 lower-case escapes", all + "Disallow: /foo/bar/%e3%83%84", "/foo/bar/\xE3\x83\x84",
       false},
      {"2.2.2 escaped letters", all + "Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false},
      {"2.2.2 letters, escaped in the URL", all + "Disallow: /foo/bar/baz", "/foo/bar/%62%61%7A",
       false},
      {"2.2.2 reserved ones in the query", all + "Disallow: /foo/bar?baz=https://foo.bar",
       "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
      {"2.2.2 an escaped slash is no other segment", all + "Disallow: /a%2Fb", "/a/b", true},
      {"2.2.2 an escaped slash, whatever its case", all + "Disallow: /a%2fb", "/a%2Fb", false},
      {"2.2.2 a lone percent sign", all + "Disallow: /100%", "/100%25", false},
      {"2.2.2 ill-formed UTF-8", all + "Disallow: /\xFF", "/%FF", false},
      {"2.2.3 a star", all + "Disallow: /*.gif", "/a/b.gif?c", false},
      {"2.2.3 a star is nothing, too", all + "Disallow: /a*b", "/ab", false},
      {"2.2.3 the end", all + "Disallow: /*.gif$", "/a.gif", false},
      {"2.2.3 not the end", all + "Disallow: /*.gif$", "/a.gif?b", true},
      {"2.2.3 the end comes after stars overlap nothing", all + "Disallow: /a*a$", "/a", true},
      {"2.2.3 pieces in order", all + "Disallow: /*a*b", "/ba", true},
      {"2.2.3 an end in the middle is a letter", all + "Disallow: /a$b", "/a$b", false},
      {"2.2.3 an escaped star is a letter", all + "Disallow: /a%2Ab", "/axb", true},
      {"2.2.3 an escaped star is a star in the URL", all + "Disallow: /a%2Ab", "/a*b", false},
      {"2.2.3 an escaped end is a letter", all + "Disallow: /a%24", "/a$b", false},
      {"2.2.3 only the end", all + "Disallow: /$", "/", false},
      {"2.2.3 only the end", all + "Disallow: /$", "/a", true},
      {"a path that begins with a star", all + "Disallow: *.gif", "/x.gif", false},
      {"a path without a slash meets nothing", all + "Disallow: a", "/a", true},
      {"2.1 rules before any group", "Disallow: /\n" + all + "Allow: /", "/a", true},
      {"2.1 names in any letter case", "USER-AGENT: *\ndISALLOW: /a", "/a", false},
      {"2.1 blanks", " \tuser-agent :  * \t\n disallow\t: \t/a \t", "/a", false},
      {"2.1 comments", all + "# no\nDisallow: /a # Allow: /a\nDisallow:#/b", "/a", false},
      {"2.1 blank lines do not end a group", all + "\n\nDisallow: /a\n\nDisallow: /b", "/b", false},
      {"2.1 CR", "User-agent: *\rDisallow: /a\rDisallow: /b", "/a", false},
      {"2.1 CRLF", "User-agent: *\r\nDisallow: /a\r\nDisallow: /b", "/b", false},
      {"a byte order mark", "\xEF\xBB\xBFUser-agent: *\nDisallow: /a", "/a", false},
      {"2.2.4 other lines end no group", all + "Sitemap: https://www.test/s\nX: y\nDisallow: /a",
       "/a", false},
      {"Google: misspelled", "useragent: *\nDissallow: /a", "/a", false},
      {"Google: misspelled", "user agent: *\ndisalow: /a", "/a", false},
      {"Google: no colon", "user-agent *\ndisallow /a", "/a", false},
      {"NUL", all + std::string("Disallow: /a\0b\nDisallow: /c", 27), "/c", false},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name << ": " << row.path) {
      CHECK(check(row.robots, "halftone", row.path).allowed == row.allowed);
    }
  }
}

TEST_CASE("an agent has its groups", "[robots]") {
  struct Row {
    const char* name;
    std::string_view robots, agent, group;
    bool allowed;  // of /a
  };
  constexpr std::string_view kTwo = "User-agent: *\nAllow: /\n\nUser-agent: halftone\nDisallow: /a";
  const Row rows[] = {
      {"2.2.1 the product token", kTwo, "halftone", "halftone", false},
      {"2.2.1 letter case", kTwo, "HalfTone", "halftone", false},
      {"2.2.1 a whole User-Agent", kTwo, "halftone/0.1 (+https://halftone.test/)", "halftone",
       false},
      {"2.2.1 a version in the file", "User-agent: halftone/0.1\nDisallow: /a", "halftone",
       "halftone/0.1", false},
      {"2.2.1 the begin of a token is none", "User-agent: half\nDisallow: /a", "halftone", "",
       true},
      {"2.2.1 nor is a longer one", "User-agent: halftone-image\nDisallow: /a", "halftone", "",
       true},
      {"2.2.1 * is for the others", kTwo, "other", "*", true},
      {"2.2.1 no group at all", "User-agent: one\nDisallow: /", "other", "", true},
      {"2.2.1 its own group counts, not *",
       "User-agent: *\nDisallow: /\nUser-agent: halftone\nDisallow: /b", "halftone", "halftone",
       true},
      {"2.2.1 groups of the same agent",
       "User-agent: halftone\nDisallow: /b\nUser-agent: x\nDisallow: /c\n"
       "User-agent: HALFTONE\nDisallow: /a",
       "halftone", "HALFTONE", false},
      {"2.1 several agents share a group", "User-agent: x\nUser-agent: halftone\nDisallow: /a",
       "halftone", "halftone", false},
      {"2.1 a blank line between agents", "User-agent: x\n\nUser-agent: halftone\nDisallow: /a",
       "x", "x", false},
      {"2.2.4 another line between agents",
       "User-agent: x\nCrawl-delay: 1\nUser-agent: y\nDisallow: /a", "x", "x", false},
      {"2.1 an empty rule ends the agents", "User-agent: x\nDisallow:\nUser-agent: y\nDisallow: /a",
       "x", "x", true},
      {"Google: a star with more behind it", "User-agent: * all\nDisallow: /a", "halftone", "* all",
       false},
      {"no agent", kTwo, "", "*", true},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name << ": " << row.agent) {
      const auto verdict = check(row.robots, row.agent, "/a");
      CHECK(verdict.allowed == row.allowed);
      CHECK(verdict.group == row.group);
    }
  }
}

TEST_CASE("a verdict names its line", "[robots]") {
  const auto verdict =
      check("# hello\r\n\r\nuser-agent: *\r\n  Disallow: /private/  # mine\r\n", "x", "/private/a");
  CHECK_FALSE(verdict.allowed);
  CHECK(verdict.rule == "Disallow: /private/");
  CHECK(verdict.line == 4);
  const auto none = check("User-agent: *\nDisallow: /a", "x", "/b");
  CHECK(none.rule.empty());
  CHECK(none.line == 0);
}

TEST_CASE("delays between requests", "[robots]") {
  struct Row {
    const char* name;
    std::string_view value;
    std::optional<double> delay;
  };
  const Row rows[] = {
      {"whole", "10", 10},
      {"decimals", "0.5", 0.5},
      {"nothing before the point", ".5", 0.5},
      {"empty", "", {}},
      {"negative", "-1", {}},
      {"words", "ten", {}},
      {"a unit", "10s", {}},
      {"exponents", "1e9", {}},
      {"infinity", "inf", {}},
      {"a day at most", "99999999999999999999", 86400},
      {"not a number", "nan", {}},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const std::string robots = "User-agent: *\nCrawl-delay: " + std::string(row.value);
      CHECK(check(robots, "x", "/").crawl_delay == row.delay);
    }
  }
  const std::string_view shared =
      "User-agent: x\nCrawl-delay: 5\n\nUser-agent: y\nCrawl-delay: 10\nDisallow: /";
  CHECK(check(shared, "x", "/").crawl_delay == 5);
  CHECK(check(shared, "y", "/").crawl_delay == 10);
  CHECK(check("User-agent: x\nUser-agent: y\nDisallow: /\nCrawl-delay: 3", "x", "/").crawl_delay ==
        3);
  CHECK_FALSE(check("Crawl-delay: 3\nUser-agent: *\nDisallow: /", "x", "/").crawl_delay);
}

TEST_CASE("2.2.4 sitemaps stand anywhere", "[robots]") {
  const auto robots = Robots::parse(
      "Sitemap: https://www.test/1.xml\nUser-agent: *\nsite-map: /2.xml # two\nSITEMAP:\nDisallow: "
      "/\nsitemap:3");
  CHECK(robots.sitemaps() == std::vector<std::string>{"https://www.test/1.xml", "/2.xml", "3"});
}

TEST_CASE("2.5 what follows 500 KiB is left out", "[robots]") {
  const std::string head = "User-agent: *\nDisallow: /a\n";
  std::string robots = head + std::string(500 * 1024 - head.size(), '\n');
  CHECK_FALSE(check(robots + "Allow: /abc", "x", "/a").allowed);
  CHECK_FALSE(check(robots + "Allow: /abc", "x", "/abc").allowed);
  robots.resize(robots.size() - 20);
  CHECK(check(robots + "Allow: /abc", "x", "/abc").allowed);
}

TEST_CASE("hostile patterns have an answer", "[robots]") {
  for (const size_t size : {10'000, 20'000}) {
    std::string stars, pieces;
    for (size_t i = 0; i < size; ++i) {
      stars += "*";
      pieces += "*a";
    }
    const std::string long_a(size, 'a');
    const std::string robots = fmt::format(
        "User-agent: *\nDisallow: /{}b\nDisallow: /{}b$\nDisallow: /*{}c\nDisallow: /{}$", stars,
        pieces, long_a, pieces);
    const auto verdict = check(robots, "x", "/" + long_a);
    CHECK_FALSE(verdict.allowed);
    CHECK(verdict.line == 5);
    CHECK(check(robots, "x", "/" + long_a.substr(1)).allowed);
  }
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 37 % 256);
  CHECK(check(bytes, "x", "/a").allowed);
}

TEST_CASE("a file cut anywhere has an answer", "[robots]") {
  const std::string whole =
      "\xEF\xBB\xBFUser-agent: *\r\nDisallow: /%E3%83%84*$\nCrawl-delay: 1.5\rSitemap: x\nAllow: "
      "/a\n";
  for (size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    const bool forbids_all = whole.substr(0, size).ends_with("Disallow: /");
    CHECK(check(whole.substr(0, size), "x", "/other").allowed == !forbids_all);
  }
}

TEST_CASE("rules of all kinds are met where they should be", "[robots]") {
  std::mt19937 random(9309);
  const auto letters = [&](size_t most, std::string_view of) {
    std::string text;
    for (size_t size = random() % (most + 1); text.size() < size;) text += of[random() % of.size()];
    return text;
  };
  size_t met = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string rule = "/" + letters(3, "ab"), path = "/" + letters(i % 4 == 0 ? 300 : 70, "aab-");
    for (size_t stars = random() % 3; stars > 0; --stars) rule += "*" + letters(9, "aab");
    // Pieces longer than 64 bytes, as they stand in the path or nearly so.
    if (i % 8 == 0 && path.size() > 150) rule += "*" + path.substr(random() % 70, 80);
    if (i % 16 == 0) rule += "b";
    if (random() % 4 == 0) rule += "$";
    CAPTURE(rule, path);
    const bool expected = meets(rule, path);
    met += expected;
    REQUIRE(check("User-agent: *\nDisallow: " + rule, "x", path).allowed == !expected);
  }
  CHECK(met > 2'000);
  CHECK(met < 18'000);
}

TEST_CASE("the worst files leave the rules that matter", "[robots]") {
  const std::string path = "/b" + std::string(60'000, 'a');
  std::string robots = "User-agent: *\n";
  while (robots.size() < 440'000) robots += "Allow: *" + std::string(30, 'a') + "b\n";
  SECTION("what begins a path") {
    CHECK_FALSE(check(robots + "Disallow: " + path, "x", path + "a").allowed);
    CHECK(check(robots + "Disallow: " + path + "b", "x", path + "a").allowed);
  }
  SECTION("what ends it") {
    CHECK_FALSE(check(robots + "Disallow: /*a.gif$", "x", path + ".gif").allowed);
  }
  SECTION("what stands in its first 512 bytes") {
    const std::string rule = "Disallow: /*" + std::string(20, 'a') + "/c\n";
    const std::string near = path.substr(0, 500) + "/c" + path;
    CHECK_FALSE(check(robots + rule, "x", near).allowed);
    CHECK(check(robots + rule, "x", path + "/c").allowed);
  }
  SECTION("and a star before them is met by all the path") {
    const std::string rule = "Disallow: /*" + std::string(20, 'a') + "/c\n";
    CHECK_FALSE(check("User-agent: *\n" + rule, "x", path + "/c").allowed);
  }
}

TEST_CASE("delays again and again are as good as the last", "[robots]") {
  std::string robots;
  for (int i = 0; i < 20'000; ++i) robots += "User-agent: x\n";
  for (int i = 0; i < 10'000; ++i) robots += "Crawl-delay: 1\n";
  CHECK(check(robots + "Crawl-delay: 2\nDisallow: /a", "x", "/").crawl_delay == 2);
  CHECK(check("User-agent: x\nDisallow: /a\nCrawl-delay: 3\nDisallow: /b\nCrawl-delay: 4", "x", "/")
            .crawl_delay == 4);
}
