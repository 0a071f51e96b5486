#include "media/feed.h"

#include <fmt/format.h>

#include "tests/support/catch.h"
#include "tests/support/test_server.h"

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
       "A & B \u00A0C", "D <https://news.test/d?e=1&f=2&g>"},
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
  CHECK(feed->title == "a&e29;b&f;");
}

TEST_CASE("titles become plain text", "[media]") {
  struct Row {
    const char* rule;
    std::string_view item, title;
  };
  const Row rss[] = {
      {"RSS: a character reference in the text", "<title>AT&amp;amp;T &amp;#8211; x</title>",
       "AT&T \u2013 x"},
      {"RSS: escaped markup", "<title>&lt;b&gt;A&lt;/b&gt;&lt;br/&gt;B</title>", "A B"},
      {"RSS: markup in CDATA", "<title><![CDATA[<em>A</em> &amp; B&nbsp;]]></title>",
       "A & B\u00A0"},
      {"RSS: what HTML does not know is text", "<title>std::vector&lt;int&gt; &lt; 3</title>",
       "std::vector<int> < 3"},
      {"RSS: a word that hides text in HTML", "<title>Why &lt;script&gt; is &amp;lt; x</title>",
       "Why <script> is &lt; x"},
      {"RSS: markup that was never escaped", "<title>A <i>b</i> c</title>", "A b c"},
      {"blanks", "<title>\n  A\t\n B </title>", "A B"},
      {"CDATA in pieces", "<title>A<![CDATA[ B]]> C</title>", "A B C"},
      {"a module's title counts last", "<media:title>M</media:title><title>T</title>", "T"},
      {"a module's title counts", "<itunes:title>M</itunes:title><title/>", "M"},
  };
  for (const Row& row : rss) {
    DYNAMIC_SECTION(row.rule) {
      const auto feed =
          parse_feed(fmt::format("<rss><channel><item>{}</item></channel></rss>", row.item), kBase);
      REQUIRE(feed);
      REQUIRE(feed->entries.size() == 1);
      CHECK(feed->entries[0].title == row.title);
    }
  }
  const Row atom[] = {
      {"RFC 4287, 3.1.1.1: text", "<title>A &amp;lt;b> &lt;b></title>", "A &lt;b> <b>"},
      {"RFC 4287, 3.1.1.2: HTML", "<title type='html'>A &amp;lt; &lt;q>b&lt;/q>&lt;x>c</title>",
       "A < bc"},
      {"RFC 4287, 3.1.1.3: XHTML",
       "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A &lt;b> "
       "<b>c</b></div></title>",
       "A <b> c"},
      {"Atom 0.3: escaped", "<title type='text/html' mode='escaped'>A &lt;b>b&lt;/b></title>",
       "A b"},
  };
  for (const Row& row : atom) {
    DYNAMIC_SECTION(row.rule) {
      const auto feed = parse_feed(
          fmt::format("<feed xmlns='http://www.w3.org/2005/Atom'><entry>{}</entry></feed>",
                      row.item),
          kBase);
      REQUIRE(feed);
      REQUIRE(feed->entries.size() == 1);
      CHECK(feed->entries[0].title == row.title);
    }
  }
}

TEST_CASE("what an entry is dated", "[media]") {
  struct Row {
    const char* rule;
    std::string_view item, date;
  };
  const Row rows[] = {
      {"RFC 822", "<pubDate>Sun, 09 Jan 2022 03:28:37 GMT</pubDate>", "2022-01-09T03:28:37Z"},
      {"RFC 822, years of two digits, no seconds", "<pubDate>Sun, 9 Jan 22 03:28 EST</pubDate>",
       "2022-01-09T08:28:00Z"},
      {"a wrong weekday", "<pubDate>Mon, 09 Jan 2022 03:28:37 +0800</pubDate>",
       "2022-01-08T19:28:37Z"},
      {"no weekday", "<pubDate>9 January 2022 3:28:37</pubDate>", "2022-01-09T03:28:37Z"},
      {"ISO 8601 in RSS", "<pubDate>2022-01-09T11:28:37+08:00</pubDate>", "2022-01-09T03:28:37Z"},
      {"with a blank", "<pubDate> 2022-01-09 03:28:37\n</pubDate>", "2022-01-09T03:28:37Z"},
      {"Chinese", "<pubDate>2022\u5E741\u67089\u65E5 11:28</pubDate>", "2022-01-09T11:28:00Z"},
      {"CDATA", "<pubDate><![CDATA[Sun, 09 Jan 2022 03:28:37 GMT]]></pubDate>",
       "2022-01-09T03:28:37Z"},
      {"published before updated",
       "<updated>2022-02-01T00:00:00Z</updated><published>2022-01-09T00:00:00Z</published>",
       "2022-01-09T00:00:00Z"},
      {"Dublin Core before updated",
       "<updated>2022-02-01T00:00:00Z</updated><dc:date>2022-01-09T00:00:00Z</dc:date>",
       "2022-01-09T00:00:00Z"},
      {"Atom 0.3", "<modified>2022-02-01T00:00:00Z</modified><issued>2022-01-09T00:00:00Z</issued>",
       "2022-01-09T00:00:00Z"},
      {"one that is none gives way",
       "<pubDate>yesterday</pubDate><dc:date>2022-01-09T00:00:00Z</dc:date>",
       "2022-01-09T00:00:00Z"},
      {"none", "<pubDate></pubDate>", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      const auto feed =
          parse_feed(fmt::format("<rss><channel><item>{}</item></channel></rss>", row.item), kBase);
      REQUIRE(feed);
      REQUIRE(feed->entries.size() == 1);
      const auto& date = feed->entries[0].date;
      CHECK((date ? to_iso8601(*date) : "") == row.date);
    }
  }
}

TEST_CASE("who writes an entry, and what of", "[media]") {
  struct Row {
    const char* rule;
    std::string_view xml, facts;  // "author: category, category"
  };
  const Row rows[] = {
      {"RSS 2.0 author", "<rss><channel><item><author>l@boyer.net (Lawyer Boyer)</author></item>",
       "Lawyer Boyer: "},
      {"an address alone", "<rss><channel><item><author>l@boyer.net</author></item>",
       "l@boyer.net: "},
      {"Dublin Core", "<rss><channel><item><dc:creator><![CDATA[A &amp; B]]></dc:creator></item>",
       "A & B: "},
      {"author before dc:creator",
       "<rss><channel><item><dc:creator>C</dc:creator><author>A</author></item>", "A: "},
      {"Atom", "<feed><entry><author><uri>/x</uri><name>N</name></author></entry>", "N: "},
      {"Atom: a contributor is no author",
       "<feed><entry><contributor><name>No</name></contributor></entry>", ": "},
      {"RFC 4287, 4.2.1: the feed's author",
       "<feed><author><name>F</name></author><entry/><entry><author><name>N</name></author></"
       "entry>",
       "F:  | N: "},
      {"RSS categories, each once",
       "<rss><channel><category>No</category><item><category>a &amp;amp; b</category><category "
       "domain='x'><![CDATA[c]]></category><category>c</category><dc:subject>d</dc:subject></item>",
       ": a & b, c, d"},
      {"Atom categories",
       "<feed><entry><category term='a' label='A'/><category term='b'></category></entry>",
       ": A, b"},
      {"iTunes categories", "<rss><channel><item><itunes:category text='Arts'/></item>", ": Arts"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      const auto feed = parse_feed(row.xml, kBase);
      REQUIRE(feed);
      std::string facts;
      for (const FeedEntry& entry : feed->entries) {
        if (!facts.empty()) facts += " | ";
        facts += fmt::format("{}: {}", entry.author, fmt::join(entry.categories, ", "));
      }
      CHECK(facts == row.facts);
    }
  }
}

TEST_CASE("what an entry shows", "[media]") {
  struct Row {
    const char* rule;
    std::string_view xml, shown;  // "images; enclosures"
  };
  const Row rows[] = {
      {"enclosures by type, in the entry's order, each once",
       "<rss><channel><item><link>/p/</link><description>&lt;img src='c.png'&gt;</description>"
       "<enclosure url='/a.jpg' type='image/jpeg'/><enclosure url='/a' type='audio/mpeg'/>"
       "<enclosure url='/b.PNG?x' type=''/><media:thumbnail url='/a.jpg'/></item>",
       "https://news.test/p/c.png https://news.test/a.jpg https://news.test/b.PNG?x; "
       "https://news.test/a"},
      {"Media RSS",
       "<rss xmlns:m='http://search.yahoo.com/mrss/'><channel><item><m:group><m:content "
       "url='/v.mp4' medium='video'><m:thumbnail url='/t'/></m:content><m:content url='/i' "
       "medium='image'/></m:group></item>",
       "https://news.test/t https://news.test/i; https://news.test/v.mp4"},
      {"an episode's picture; the channel's is not its own",
       "<rss><channel><itunes:image href='/c.jpg'/><image><url>/l.gif</url></image><item>"
       "<itunes:image href='/e.jpg'/></item>",
       "https://news.test/e.jpg; "},
      {"Atom's link rel=enclosure",
       "<feed><entry><link rel='enclosure' href='/a.mp3' type='audio/mpeg'/><link rel='enclosure' "
       "href='/a' type='image/png'/></entry>",
       "https://news.test/a; https://news.test/a.mp3"},
      {"candidates and lazy pictures; no data:",
       "<rss><channel><item><link>/</link><content:encoded><![CDATA[<img src=\"data:image/gif;x\" "
       "data-src=\"/l.jpg\" srcset=\"/1.jpg 1x, /2.jpg 2x\">]]></content:encoded></item>",
       "https://news.test/l.jpg https://news.test/1.jpg https://news.test/2.jpg; "},
      {"a writer's picture is not the entry's",
       "<rss><channel><item><podcast:person img='/me.jpg'>Me</podcast:person></item>", "; "},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      const auto feed = parse_feed(row.xml, kBase);
      REQUIRE(feed);
      REQUIRE(feed->entries.size() == 1);
      const FeedEntry& entry = feed->entries[0];
      CHECK(fmt::format("{}; {}", fmt::join(entry.images, " "), fmt::join(entry.enclosures, " ")) ==
            row.shown);
    }
  }
}

TEST_CASE("where an entry is found", "[media]") {
  const auto url = [](std::string_view item) {
    const auto feed =
        parse_feed(fmt::format("<rss><channel><item>{}</item></channel></rss>", item), kBase);
    return feed && feed->entries.size() == 1 ? feed->entries[0].url : "none";
  };
  CHECK(url("<guid>https://news.test/p</guid>") == "https://news.test/p");
  CHECK(url("<guid isPermaLink='true'>/p</guid>") == "https://news.test/p");
  CHECK(url("<guid>123</guid>").empty());
  CHECK(url("<guid ispermalink='FALSE'>https://news.test/p</guid>").empty());
  CHECK(url("<guid>https://news.test/p</guid><link>/a</link>") == "https://news.test/a");
  CHECK(url("<link>http://feedproxy.test/x</link><feedburner:origLink>/a</feedburner:origLink>") ==
        "https://news.test/a");
  CHECK(url("<atom:link href='/alt'/><link>/real</link>") == "https://news.test/real");
  CHECK(url("<link/>http://e.test/l\n<title>A</title>") == "http://e.test/l");
  CHECK(url("<link/>http://e.test/l") == "http://e.test/l");
  CHECK(url("<link/><b>http://e.test/l</b>").empty());
  CHECK(url("<link/>words").empty());
  CHECK(url("<atom:link rel='self' href='/no'/><atom:link href='/a'/>") == "https://news.test/a");
}

// RFC 4287, 4.1.2: several alternates differ in type or language.
TEST_CASE("which of several alternates counts", "[media]") {
  const auto url = [](std::string_view entry) {
    const auto feed = parse_feed(fmt::format("<feed><entry>{}</entry></feed>", entry), kBase);
    return feed && feed->entries.size() == 1 ? feed->entries[0].url : "none";
  };
  CHECK(url("<link href='/de' hreflang='de'/><link href='/a'/>") == "https://news.test/a");
  CHECK(url("<link href='/pdf' type='application/pdf'/><link href='/a' type='text/html'/>") ==
        "https://news.test/a");
  CHECK(url("<link href='/a'/><link href='/b'/>") == "https://news.test/a");
  CHECK(url("<link href='/de' hreflang='de'/><link href='/fr' hreflang='fr'/>") ==
        "https://news.test/de");
}

TEST_CASE("what is wrong with a feed is said", "[media]") {
  const auto warnings = [](std::string_view bytes) {
    const auto feed = parse_feed(bytes, kBase);
    REQUIRE(feed);
    std::string all;
    for (const std::string& warning : feed->warnings) all += warning + '\n';
    return all;
  };
  const std::string_view sound =
      "<rss><channel><item><title>A<b>b</b></title><link>/a</link></item></channel></rss>";
  CHECK(warnings(sound).empty());
  const size_t begun = sizeof("<rss>") - 1;
  for (size_t size = begun; size + 1 < sound.size(); ++size) {
    CAPTURE(size);
    CHECK_THAT(warnings(sound.substr(0, size)), Catch::Contains("may be cut"));
  }
  for (const std::string_view ill :
       {"<rss><channel><item><title>A</item></channel></rss>", "<rss></b><channel/></rss>",
        "<rss><channel><item><x></item></channel></rss>",
        "<rss><channel><item><title>A<link>/a</link></item></channel></rss>"}) {
    CAPTURE(ill);
    CHECK_THAT(warnings(ill), Catch::Contains("ill-formed"));
  }
}

TEST_CASE("an encoding that the bytes belie", "[media]") {
  const auto read = [](std::string_view label, std::string_view title) {
    const auto feed = parse_feed(fmt::format("<?xml version='1.0' encoding='{}'?><rss><channel>"
                                             "<title>{}</title></channel></rss>",
                                             label, title),
                                 kBase);
    REQUIRE(feed);
    return fmt::format("{} {}", feed->title, feed->warnings.size());
  };
  CHECK(read("big5", "\xE6\x97\xA5\xE6\x9C\xAC") == "\xE6\x97\xA5\xE6\x9C\xAC 1");
  CHECK(read("big5", "\xA4\xA4\xA4\xE5") == "\xE4\xB8\xAD\xE6\x96\x87 0");
  CHECK(read("windows-1252", "\xE9") == "\xC3\xA9 0");
}

TEST_CASE("compressed feeds", "[media]") {
  const std::string packed = gzip("<rss><channel><title>A</title></channel></rss>");
  const auto feed = parse_feed(packed, kBase);
  REQUIRE(feed);
  CHECK(feed->title == "A");
  CHECK(feed->warnings.empty());
  CHECK_FALSE(parse_feed(gzip(packed), kBase));
  CHECK_FALSE(parse_feed(packed.substr(0, 11), kBase));
}

TEST_CASE("elements that are left open", "[media]") {
  struct Row {
    const char* rule;
    std::string_view xml, entries;
  };
  const Row rows[] = {
      {"items", "<rss><channel><item><title>A<link>/a<item><title>B<link>/b</channel></rss>",
       "A <https://news.test/a> | B <https://news.test/b>"},
      {"a description before a guid",
       "<rss><channel><item><title>A</title><description>x<p>y<guid>https://a.test/</guid></item>",
       "A <https://a.test/>"},
      {"a description before an item's end",
       "<rss><channel><item><title>A</title><link>/a</link><description>x</item><item><title>B"
       "</title></item>",
       "A <https://news.test/a> | B <>"},
      {"an enclosure", "<rss><channel><item><enclosure url='/e'><title>A</title></item>", "A <>"},
      {"unknown elements",
       "<rss><channel><item><x:y><title>No</title></item><item><title>A</title></item>",
       " <> | A <>"},
      {"an entry too deep to be told",
       "<rss><channel><item><title>A</title><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b>"
       "<b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b>"
       "<b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b></item><item><title>B</title>",
       "A <> | B <>"},
      {"end tags of nothing", "<rss><channel></b></item></title><item></x><title>A</title></item>",
       "A <>"},
      {"in capitals", "<RSS><Channel><Item><Title>A</TITLE><LINK>/a</LINK></Item>",
       "A <https://news.test/a>"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      const auto feed = parse_feed(row.xml, kBase);
      REQUIRE(feed);
      CHECK(summary(*feed) == row.entries);
    }
  }
}

TEST_CASE("what stands before a feed", "[media]") {
  for (const std::string_view before :
       {"\xEF\xBB\xBF", "\n\n<?xml version='1.0'?>", "\xEF\xBB\xBF \n<?xml version='1.0'?>",
        "<br />\n<b>Warning</b>: x in <b>/y.php</b> on line 3<br />\n<?xml version='1.0'?>",
        "junk & < <!-- --><?php x ?>", "<!DOCTYPE rss [<!ENTITY a 'b>'>]>"}) {
    CAPTURE(before);
    const auto feed = parse_feed(
        std::string(before) + "<rss><channel><item><title>A</title></item></channel></rss>", kBase);
    REQUIRE(feed);
    CHECK(summary(*feed) == "A <>");
  }
}

TEST_CASE("a page is no feed, and its reader is told so", "[media]") {
  const auto feed = parse_feed("<!DOCTYPE html><html><body><feed><entry/></feed>", kBase);
  REQUIRE_FALSE(feed);
  CHECK(feed.error().code == ErrorCode::kInvalid);
  CHECK_THAT(feed.error().message, Catch::Contains("web page, not a feed"));
}

TEST_CASE("facts are UTF-8 whatever the feed says", "[media]") {
  const auto feed = parse_feed(
      "<?xml version='1.0' encoding='UTF-8'?><rss><channel><item><title>a\xFF</title><guid>\xFE"
      "</guid></item>",
      kBase);
  REQUIRE(feed);
  REQUIRE(feed->entries.size() == 1);
  CHECK(feed->entries[0].title == "a\uFFFD");
  CHECK(feed->entries[0].id == "\uFFFD");
}

TEST_CASE("entries are bounded, aloud", "[media]") {
  std::string xml = "<rss><channel>";
  for (int i = 0; i < 100'002; ++i) xml += "<item/>";
  xml += "</channel></rss>";
  const auto feed = parse_feed(xml, kBase);
  REQUIRE(feed);
  CHECK(feed->entries.size() == 100'000);
  REQUIRE(feed->warnings.size() == 1);
  CHECK_THAT(feed->warnings[0], Catch::Contains("2 entries more than the 100000"));
}
