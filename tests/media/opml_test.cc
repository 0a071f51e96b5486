#include "media/opml.h"

#include "tests/support/catch.h"

using namespace halftone;

TEST_CASE("OPML lists feeds, in folders or not", "[media]") {
  const auto feeds = parse_opml(
      "<?xml version='1.0'?><opml version='2.0'><head><title>t</title></head><body>"
      "<outline text='News'><outline type='rss' text='A &amp; B' xmlUrl=' "
      "https://a.example/f?x=1&amp;y=2 '/>"
      "</outline><outline text='no feed' htmlUrl='https://b.example/'/>"
      "<OUTLINE title='C' text='c' XMLURL='https://c.example/feed'></OUTLINE></body></opml>");
  REQUIRE(feeds);
  REQUIRE(feeds->size() == 2);
  CHECK((*feeds)[0].url == "https://a.example/f?x=1&y=2");
  CHECK((*feeds)[0].title == "A & B");
  CHECK((*feeds)[1].url == "https://c.example/feed");
  CHECK((*feeds)[1].title == "C");
}

TEST_CASE("OPML is read in the encoding that it declares", "[media]") {
  const auto feeds = parse_opml(
      "<?xml version='1.0' encoding='gbk'?><opml><outline text='\xD6\xD0\xCE\xC4' "
      "xmlUrl='https://a.example/'/></opml>");
  REQUIRE(feeds);
  REQUIRE(feeds->size() == 1);
  CHECK((*feeds)[0].title == "中文");
}

TEST_CASE("what is no OPML is told", "[media]") {
  for (const char* text :
       {"", "<html></html>", "<rss><outline xmlUrl='https://a.example/'/></rss>"}) {
    CAPTURE(text);
    const auto feeds = parse_opml(text);
    REQUIRE_FALSE(feeds);
    CHECK(feeds.error().code == ErrorCode::kInvalid);
  }
  CHECK(parse_opml("<opml").value_or(std::vector<OpmlFeed>()).empty());
}

TEST_CASE("an endless list is bounded", "[media]") {
  std::string text = "<opml>";
  for (int i = 0; i < 20'000; ++i) text += "<outline xmlUrl='https://a.example/'/>";
  CHECK(parse_opml(text)->size() == 10'000);
}
