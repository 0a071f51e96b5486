#include "media/feed.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://news.test/feeds/all.xml");

// "title <url> date" for each entry, joined by " | ".
std::string summary(const Feed& feed) {
  std::string out;
  for (const FeedEntry& entry : feed.entries) {
    if (!out.empty()) out += " | ";
    out += entry.title + " <" + entry.url + ">";
    if (entry.date) out += ' ' + to_iso8601(*entry.date);
  }
  return out;
}

}  // namespace

TEST_CASE("feeds of every family", "[media]") {
  struct Row {
    const char* rule;
    std::string_view xml, title, entries;
  };
  const Row rows[] = {
      {"RSS 2.0",
       "<?xml version='1.0'?><rss version='2.0'><channel><title>News</title><link>/</link>"
       "<item><title>A &amp; B</title><link> /a </link><pubDate>Sun, 09 Jan 2022 03:28:37 "
       "GMT</pubDate></item>"
       "<item><title><![CDATA[C "
       "<d>]]></title><guid>https://news.test/c</guid></item></channel></rss>",
       "News", "A & B <https://news.test/a> 2022-01-09T03:28:37Z | C <d> <https://news.test/c>"},
      {"RSS 2.0, a guid that is no permalink",
       "<rss><channel><item><title>A</title><guid "
       "isPermaLink='false'>https://x.test/</guid></item></channel></rss>",
       "", "A <>"},
      {"RSS 2.0, modules",
       "<rss xmlns:media='http://search.yahoo.com/mrss/' "
       "xmlns:dc='http://purl.org/dc/elements/1.1/' "
       "xmlns:atom='http://www.w3.org/2005/Atom'><channel><atom:link href='self' "
       "rel='self'/><image><title>No</title></image><title>Yes</title>"
       "<item><media:title>No</media:title><media:group><title>No</title></media:group><title>A</"
       "title><link>a</link><dc:date>2022-01-09</dc:date></item></channel></rss>",
       "Yes", "A <https://news.test/feeds/a> 2022-01-09T00:00:00Z"},
      {"RSS 0.91",
       "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' "
       "'http://my.netscape.com/publish/formats/rss-0.91.dtd'>"
       "<rss "
       "version='0.91'><channel><title>Old</title><item><title>A</title><link>http://a.test/</"
       "link></item></channel></rss>",
       "Old", "A <http://a.test/>"},
      {"RSS 0.90 and 1.0: items beside the channel",
       "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
       "xmlns='http://purl.org/rss/1.0/' "
       "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel "
       "rdf:about='x'><title>R</title></channel>"
       "<item "
       "rdf:about='https://a.test/b'><title>A</title><dc:date>2022-01-09T11:28:37+08:00</dc:date></"
       "item></rdf:RDF>",
       "R", "A <https://a.test/b> 2022-01-09T03:28:37Z"},
      {"RFC 4287 Atom",
       "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://b.test/x/'><title>T</title>"
       "<entry xml:base='y/'><id>urn:1</id><title type='xhtml'><div>A <b>b</b></div></title>"
       "<link rel='self' href='no'/><link href='z'/><link rel='alternate' href='late'/>"
       "<updated>2022-01-10T00:00:00Z</updated><published>2022-01-09T03:28:37Z</published></"
       "entry></feed>",
       "T", "A b <http://b.test/x/y/z> 2022-01-09T03:28:37Z"},
      {"Atom with a prefix",
       "<a:feed "
       "xmlns:a='http://www.w3.org/2005/Atom'><a:title>T</a:title><a:entry><a:title>A</"
       "a:title><a:link xml:base='/q/' href='z'/>"
       "<a:updated>2022-01-10T00:00:00Z</a:updated></a:entry></a:feed>",
       "T", "A <https://news.test/q/z> 2022-01-10T00:00:00Z"},
      {"an entry's source is not the entry",
       "<feed "
       "xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><source><title>No</title><link "
       "href='/no'/></source><title>A</title><link href='/a'/></entry></feed>",
       "T", "A <https://news.test/a>"},
      {"recovery: ampersands, an unknown entity, a tag left open",
       "<rss><channel><title>A & B "
       "&nbsp;C</title><item><title>D</title><link>/d?e=1&f=2&amp;g</link></item></channel>",
       "A & B C", "D <https://news.test/d?e=1&f=2&g>"},
      {"recovery: cut off",
       "<rss><channel><title>T</title><item><title>A</title><link>/a</link><desc", "T",
       "A <https://news.test/a>"},
      {"blanks before the declaration",
       "\n <?xml version='1.0' encoding='UTF-8'?><rss><channel><title>T</title></channel></rss>",
       "T", ""},
      {"an encoding of its own",
       "<?xml version='1.0' encoding='GBK'?><rss><channel><title>\xD6\xD0</title></channel></rss>",
       "\xE4\xB8\xAD", ""},
      {"links that lead nowhere",
       "<rss><channel><item><title>A</title><link>javascript:x</link></item></channel></rss>", "",
       "A <>"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      const auto feed = parse_feed(row.xml, kBase);
      REQUIRE(feed);
      CHECK(feed->title == row.title);
      CHECK(summary(*feed) == row.entries);
    }
  }
}

TEST_CASE("an entry is known by its id, else by its address", "[media]") {
  const auto id = [](std::string_view item) {
    const auto feed =
        parse_feed(fmt::format("<rss><channel><item>{}</item></channel></rss>", item), kBase);
    return feed && feed->entries.size() == 1 ? feed->entries[0].id : "none";
  };
  CHECK(id("<guid isPermaLink='false'>x1</guid><link>/a</link>") == "x1");
  CHECK(id("<guid>https://news.test/p</guid>") == "https://news.test/p");
  CHECK(id("<link>/a</link>") == "https://news.test/a");
}

TEST_CASE("what is no feed is kInvalid", "[media]") {
  for (const std::string_view text :
       {"", "text", "<html><body>x</body></html>", "<?xml version='1.0'?>", "{}"}) {
    CAPTURE(text);
    const auto feed = parse_feed(text, kBase);
    REQUIRE_FALSE(feed);
    CHECK(feed.error().code == ErrorCode::kInvalid);
    CHECK_THAT(feed.error().message, Catch::Contains("https://news.test/feeds/all.xml"));
  }
}

TEST_CASE("entities are not expanded, nothing is loaded", "[media]") {
  std::string bomb = "<!DOCTYPE rss [<!ENTITY e0 'x'>";
  for (int i = 1; i < 30; ++i) bomb += fmt::format("<!ENTITY e{} '&e{};&e{};'>", i, i - 1, i - 1);
  bomb +=
      "<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
      "<rss><channel><title>a&e29;b&f;</title><item><link href='&e29;'/></item></channel></rss>";
  const auto feed = parse_feed(bomb, kBase);
  REQUIRE(feed);
  CHECK(feed->title == "ab");
}

TEST_CASE("hostile feeds get an answer", "[media]") {
  for (const std::string_view piece : {"<a>", "<item>", "<title>", "&", "<", "<a b='", "<![CDATA[",
                                       "<!--", "<entry xml:base='a/'>"}) {
    std::string xml = "<rss><channel>";
    for (int i = 0; i < 100'000; ++i) xml += piece;
    CAPTURE(piece);
    CHECK(parse_feed(xml, kBase));
  }
}
