#include "crawler/robots_meta.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace halftone;

namespace {

std::string text_of(const RobotsMeta& meta) {
  std::string text;
  if (meta.noarchive) text += "noarchive ";
  if (meta.nofollow) text += "nofollow ";
  if (meta.noindex) text += "noindex ";
  if (meta.noimageindex) text += "noimageindex ";
  if (meta.unavailable_after) text += to_iso8601(*meta.unavailable_after) + " ";
  if (!text.empty()) text.pop_back();
  return text;
}

std::string of_headers(const std::vector<std::string_view>& values) {
  return text_of(robots_from_headers(values));
}

}  // namespace

// Google, "Robots meta tag, data-nosnippet, and X-Robots-Tag specifications".
TEST_CASE("X-Robots-Tag says what robots are asked not to do", "[crawler][robots_meta]") {
  struct Row {
    const char* name;
    std::vector<std::string_view> values;
    const char* meaning;
  };
  const Row rows[] = {
      {"none", {}, ""},
      {"one rule", {"noarchive"}, "noarchive"},
      {"a list", {"noindex, nofollow,noimageindex"}, "nofollow noindex noimageindex"},
      {"several fields", {"noindex", "nofollow"}, "nofollow noindex"},
      {"letter case and spaces", {"  NoArchive ,, NOINDEX "}, "noarchive noindex"},
      {"none is two rules", {"none"}, "nofollow noindex"},
      {"all is none", {"all, index, follow, archive"}, ""},
      {"Bing's word", {"nocache"}, "noarchive"},
      {"unknown rules", {"noarchives, nosnippet, max-snippet: 5, xnoindex"}, ""},
      {"another agent's", {"googlebot: noarchive, nofollow"}, ""},
      {"ours", {"halftone: noarchive"}, "noarchive"},
      {"ours in capitals", {"Halftone : noarchive"}, "noarchive"},
      {"an agent each",
       {"googlebot: nofollow, halftone: noindex, noarchive, bingbot: noimageindex"},
       "noarchive noindex"},
      {"ours before an agent's", {"noindex, otherbot: noarchive"}, "noindex"},
      {"each field anew", {"otherbot: nofollow", "noarchive"}, "noarchive"},
      {"values are no agents", {"max-image-preview: large, noindex"}, "noindex"},
      {"RFC 822", {"unavailable_after: 25 Jun 2010 15:00:00 GMT"}, "2010-06-25T15:00:00Z"},
      {"RFC 850, with a comma",
       {"unavailable_after: Friday, 25-Jun-10 15:00:00 UTC, noindex"},
       "noindex 2010-06-25T15:00:00Z"},
      {"ISO 8601",
       {"noindex, unavailable_after: 2010-06-25T15:00:00Z"},
       "noindex 2010-06-25T15:00:00Z"},
      {"of an agent", {"halftone: unavailable_after: 2010-06-25"}, "2010-06-25T00:00:00Z"},
      {"of another agent", {"otherbot: unavailable_after: 2010-06-25"}, ""},
      {"the earliest",
       {"unavailable_after: 2012-01-01", "unavailable_after: 2011-01-01"},
       "2011-01-01T00:00:00Z"},
      {"no date", {"unavailable_after: soon, noindex"}, "noindex"},
      {"no date at all", {"unavailable_after:"}, ""},
      {"punctuation", {":,:,,::"}, ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(of_headers(row.values) == row.meaning); }
  }
}

TEST_CASE("meta elements say what robots are asked not to do", "[crawler][robots_meta]") {
  struct Row {
    const char* name;
    std::string html, meaning;
  };
  const Row rows[] = {
      {"robots", "<meta name=robots content=noarchive>", "noarchive"},
      {"ours", "<head><META CONTENT='NoIndex, NoArchive' NAME=Halftone></head>",
       "noarchive noindex"},
      {"both add up", "<meta name=robots content=nofollow><meta name=halftone content=noindex>",
       "nofollow noindex"},
      {"another agent's", "<meta name=googlebot content=noarchive>", ""},
      {"another name",
       "<meta name=description content=noarchive><meta property=robots content=none>", ""},
      {"character references", "<meta name=robots content='no&#97;rchive&#44;noindex'>",
       "noarchive noindex"},
      {"a date", "<meta name=robots content='unavailable_after: 25 Jun 2010 15:00:00 GMT'>",
       "2010-06-25T15:00:00Z"},
      {"agents are no part of it", "<meta name=robots content='halftone: noarchive, noindex'>",
       "noindex"},
      {"without content", "<meta name=robots>", ""},
      {"a second attribute does not count", "<meta name=robots content=all content=noarchive>", ""},
      {"in a comment", "<!-- <meta name=robots content=none> -->", ""},
      {"in a script", "<script>'<meta name=robots content=none>'</script>", ""},
      {"in a title", "<title><meta name=robots content=none></title>", ""},
      {"behind a script", "<script>x</script><meta name=robots content=noindex>", "noindex"},
      {"SVG ends with it", "<svg><meta name=robots content=none></svg>", "nofollow noindex"},
      {"behind the head", "<head></head><meta name=robots content=none>", ""},
      {"in the body", "<body><meta name=robots content=none>", ""},
      {"without a head", "<!doctype html><html><meta name=robots content=noindex><p>", "noindex"},
      {"cut off", "<meta name=robots content=none", ""},
      {"too far off",
       "<style>" + std::string(64 * 1024, ' ') + "</style><meta name=robots content=none>", ""},
      {"not HTML", std::string("\0\xFF<>", 4), ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(text_of(robots_from_html(row.html)) == row.meaning); }
  }
}
