#include "crawler/url_shape.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

Url url(std::string_view text) { return *Url::parse(text); }

}  // namespace

TEST_CASE("a shape leaves out what counts pages", "[crawler][traps]") {
  struct Row {
    const char *name, *url, *shape;
  };
  const Row rows[] = {
      {"digits", "https://example.org/item/17", "example.org/item/#"},
      {"digits in words", "https://example.org/p12x3.html", "example.org/p#x#.html"},
      {"the query's values", "https://example.org/a?page=2&sort=x#f", "example.org/a?page&sort"},
      {"indices of parameters", "https://example.org/a?f[0]=x", "example.org/a?f[#]"},
      {"hexadecimal ids", "https://example.org/0a1b2c3d4e", "example.org/%"},
      {"words of such letters", "https://example.org/defaced/facade", "example.org/defaced/facade"},
      {"UUIDs", "https://example.org/123e4567-e89b-12d3-a456-426614174000/x", "example.org/%/x"},
      {"escapes stay", "https://example.org/%E6%96%B01", "example.org/%E6%96%B0#"},
      {"the port stays", "https://example.org:8080/", "example.org:8080/"},
      {"a host's digits stay", "https://s1.example.org/1", "s1.example.org/#"},
      {"a percent sign at the end", "https://example.org/a%", "example.org/a%"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(url_shape(url(row.url)) == row.shape); }
  }
}

TEST_CASE("pages of calendars are told from articles and ids", "[crawler][traps]") {
  struct Row {
    const char *name, *path, *date;  // empty: none
  };
  const Row rows[] = {
      {"year and month", "/2026/11/", "2026-11"},
      {"and day", "/2026/11/5", "2026-11-05"},
      {"below a folder", "/news/2026/11/05/", "2026-11-05"},
      {"below a calendar", "/en/calendar/2026/11", "2026-11"},
      {"a page of it", "/2026/11/page/3/", "2026-11"},
      {"a view of it", "/events/2026-11-05/day", "2026-11-05"},
      {"its index", "/2026/11/index.html", "2026-11"},
      {"with dashes", "/whatever/2026-11", "2026-11"},
      {"in a query", "/a?date=2026-11-05", "2026-11-05"},
      {"with a time", "/a?from=2026-11-05T10%3A00", "2026-11-05"},
      {"with escaped slashes", "/a?x=2026%2F11%2F05", "2026-11-05"},
      {"in parts", "/a?year=2026&month=11", "2026-11"},
      {"in parts, with a day", "/a?d=5&m=11&y=2026", "2026-11-05"},
      {"a year", "/a?year=2026", "2026"},
      {"WordPress", "/?m=202611", "2026-11"},
      {"compact, with a day", "/a?day=20261105", "2026-11-05"},
      {"an article", "/2026/11/05/lanterns", ""},
      {"an article's page", "/2026/11/lanterns/page/2", ""},
      {"an article, with dashes", "/2026-11-05/lanterns.html", ""},
      {"a slug with a date", "/lanterns-2026-11-05", ""},
      {"a thread's page", "/thread/2026/11", ""},
      {"a tree of numbers", "/x/1234/05/06", ""},
      {"no month", "/2026/13/", ""},
      {"no day", "/x/2026/11/32", ""},
      {"an id", "/20261105", ""},
      {"an id in a query", "/a?id=202611", ""},
      {"a coordinate", "/a?x=1&y=2026", ""},
      {"a month alone", "/a?month=11", ""},
      {"a year's page", "/archive/2026", ""},
      {"a version", "/v/2026.1.2.3", ""},
      {"an issue", "/paper/1912-04-15/ed-1/", ""},
      {"root", "/", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto date = calendar_date(url("https://example.org" + std::string(row.path)));
      CHECK((date ? date->text() : "") == row.date);
    }
  }
}

TEST_CASE("paths and queries are cut into their parts", "[crawler][traps]") {
  using Segments = std::vector<std::string_view>;
  CHECK(path_segments("/") == Segments{""});
  CHECK(path_segments("/a//b/") == Segments{"a", "", "b", ""});
  CHECK(query_parameters("").empty());
  CHECK(query_parameters("?").empty());
  const auto parameters = query_parameters("?a=1&&b&c==2&");
  REQUIRE(parameters.size() == 3);
  CHECK(parameters[0].value == "1");
  CHECK(parameters[1].name == "b");
  CHECK(parameters[1].value.empty());
  CHECK(parameters[2].value == "=2");
}
