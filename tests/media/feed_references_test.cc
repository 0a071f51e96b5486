#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "media/document.h"
#include "media/feed.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://news.test/feeds/all.xml");

constexpr std::pair<Escape, const char*> kEscapeNames[] = {
    {Escape::kHtmlDoubleQuoted, "html\""},
    {Escape::kHtmlSingleQuoted, "html'"},
    {Escape::kHtmlUnquoted, "html"},
    {Escape::kXmlDoubleQuoted, "xml\""},
    {Escape::kXmlSingleQuoted, "xml'"},
    {Escape::kXmlText, "text"},
    {Escape::kXmlCData, "cdata"},
    {Escape::kJson, "json"},
    {Escape::kCssUrl, "css"},
    {Escape::kSrcset, "srcset"},
};

// "kind element@attribute url escapes", one a line.
std::string listed(const std::vector<Reference>& references) {
  std::string out;
  for (const Reference& reference : references) {
    out += fmt::format("{} {}@{} {}", to_string(reference.kind), reference.element,
                       reference.attribute, reference.url);
    for (const Escape escape : reference.escapes) {
      for (const auto& [value, name] : kEscapeNames) {
        if (value == escape) out += fmt::format(" {}", name);
      }
    }
    out += '\n';
  }
  return out;
}

std::vector<Reference> references_of(std::string_view bytes, std::string_view charset = {}) {
  const auto scan = scan_document(bytes, DocumentType::kFeed, kBase, charset);
  return scan.references;
}

struct Row {
  const char* rule;
  std::string_view xml, references;
};

void check(const Row& row) {
  DYNAMIC_SECTION(row.rule) { CHECK(listed(references_of(row.xml)) == row.references); }
}

// Each reference replaced by another URL and found again: that URL and no other, and the rest as it
// was.
void check_replacing(const std::string& bytes, std::string_view charset = {}) {
  const std::string other = "https://archive.test/a?b='c'&d=\"e\"&amp;<f>]]>&lt;#é";
  const auto before = references_of(bytes, charset);
  for (size_t i = 0; i < before.size(); ++i) {
    CAPTURE(i, before[i].raw, before[i].span.from);
    const auto& escapes = before[i].escapes;
    const bool in_cdata =
        std::find(escapes.begin(), escapes.end(), Escape::kXmlCData) != escapes.end();
    std::string url = other;
    // These can hold what a URL's serialisation has, and no more.
    if (in_cdata || escapes[0] == Escape::kSrcset) url = "https://archive.test/a?b='c'&d=e&amp;f";
    std::string changed = bytes;
    const Span span = before[i].span;
    changed.replace(span.from, span.size(), escaped(url, before[i].escapes));
    const auto after = references_of(changed, charset);
    REQUIRE(after.size() == before.size());
    CHECK(after[i].raw == url);
    for (size_t j = 0; j < after.size(); ++j) {
      if (j != i) CHECK(after[j].raw == before[j].raw);
    }
  }
}

// One document that holds every kind of place.
const std::string kEverywhere =
    R"XML(<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>T</title><link>https://news.test/</link>
<atom:link href="/next?a=1&amp;b=2" rel='next'/><image><url>/logo.gif</url></image>
<item><link><![CDATA[https://news.test/a?b&c]]></link><guid>https://news.test/g&#x26;h</guid>
<enclosure url='/e.mp3' type="audio/mpeg"/><media:thumbnail url=/t.jpg />
<description>&lt;p&gt;&amp;nbsp;&lt;img src=&quot;/1.jpg?a&amp;amp;b&quot; srcset='/2.jpg 2x' alt=x&gt;
&lt;i style="background:url(/3.png)" &
    gt;
&lt;/description>
<content:encoded><![CDATA[<img src='/4.jpg'><img src=/5.jpg><img src="/6.jpg"><a href="p&amp;q">]]></content:encoded>
<podcast:images srcset="/7.jpg 300w, /8.jpg 600w"/></item>
<item><description><p>raw <img src="/9.jpg?a&amp;b"/></p></description>
<itunes:image href="/10.jpg"/><comments> /c </comments></item></channel></rss>)XML";

}  // namespace

TEST_CASE("references of RSS", "[media]") {
  const Row rows[] = {
      {"channel and items",
       "<rss><channel><link>/</link><docs>https://d.test/</docs><item><link> /a </link>"
       "<comments>/c</comments><wfw:commentRss>/r</wfw:commentRss>"
       "<guid>https://news.test/g</guid><guid isPermaLink='false'>https://no.test/</guid>"
       "<source url=\"/s\">S</source></item>",
       "page link@ https://news.test/ text\npage docs@ https://d.test/ text\n"
       "page link@ https://news.test/a text\npage comments@ https://news.test/c text\n"
       "feed wfw:commentrss@ https://news.test/r text\npage guid@ https://news.test/g text\n"
       "feed source@url https://news.test/s xml\"\n"},
      {"the channel's picture and text input",
       "<rss><channel><image><url>/l.gif</url><title>T</title><link>/</link></image>"
       "<textInput><link>/q</link></textInput>",
       "image url@ https://news.test/l.gif text\npage link@ https://news.test/ text\n"
       "form link@ https://news.test/q text\n"},
      {"Atom's links in RSS",
       "<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><a:link rel='self' href='/f'/>"
       "<a:link rel='hub' href='https://hub.test/'/><a:link rel='next' href='?page=2'/>",
       "feed a:link@href https://news.test/f xml'\nother a:link@href https://hub.test/ xml'\n"
       "feed a:link@href https://news.test/feeds/all.xml?page=2 xml'\n"},
      {"enclosures by type",
       "<rss><channel><item><enclosure url='/a' type='image/png'/><enclosure url='/b' "
       "type='audio/mpeg'/><enclosure url='/c.jpg' type='application/octet-stream'/><enclosure "
       "url='/d'/>",
       "image enclosure@url https://news.test/a xml'\nmedia enclosure@url https://news.test/b "
       "xml'\n"
       "image enclosure@url https://news.test/c.jpg xml'\n"
       "media enclosure@url https://news.test/d xml'\n"},
      {"Media RSS",
       "<rss><channel><item><media:group><media:content url='/a' medium='image'/><media:content "
       "url='/b' type='video/mp4'/><media:content url='/c.jpg?w=1'/></media:group>"
       "<media:thumbnail url='/t'/><media:player url='/p'/><media:subTitle href='/s.vtt'/>"
       "<media:description type='html'>&lt;img src='/d.png'&gt;</media:description></item>",
       "image media:content@url https://news.test/a xml'\n"
       "media media:content@url https://news.test/b xml'\n"
       "image media:content@url https://news.test/c.jpg?w=1 xml'\n"
       "image media:thumbnail@url https://news.test/t xml'\n"
       "page media:player@url https://news.test/p xml'\n"
       "track media:subtitle@href https://news.test/s.vtt xml'\n"
       "image img@src https://news.test/d.png html' text\n"},
      {"podcasts",
       "<rss><channel><itunes:image href=\"/i.jpg\"/><itunes:new-feed-url>/n</itunes:new-feed-url>"
       "<podcast:person img='/me' href='/home'/><item><podcast:alternateEnclosure "
       "type='audio/opus'>"
       "<podcast:source uri='/o'/></podcast:alternateEnclosure><podcast:transcript url='/t.srt'/>"
       "<podcast:chapters url='/c.json'/></item>",
       "image itunes:image@href https://news.test/i.jpg xml\"\n"
       "feed itunes:new-feed-url@ https://news.test/n text\n"
       "image podcast:person@img https://news.test/me xml'\n"
       "page podcast:person@href https://news.test/home xml'\n"
       "media podcast:source@uri https://news.test/o xml'\n"
       "track podcast:transcript@url https://news.test/t.srt xml'\n"
       "other podcast:chapters@url https://news.test/c.json xml'\n"},
      {"unknown elements, where the value is beyond doubt",
       "<rss><channel><item><cover>https://i.test/c.jpg</cover><x:y src='https://i.test/d.png'/>"
       "<image>https://i.test/e</image><z>https://i.test/f</z></item>",
       "image cover@ https://i.test/c.jpg text\nimage x:y@src https://i.test/d.png xml'\n"
       "image image@ https://i.test/e text\n"},
      {"RSS 1.0",
       "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
       "xmlns='http://purl.org/rss/1.0/'><channel rdf:about='/x'><link>/</link><image "
       "rdf:resource='/l.png'/><items><rdf:Seq><rdf:li rdf:resource='/a'/></rdf:Seq></items>"
       "</channel><image rdf:about='/l.png'><url>/l.png</url></image><item rdf:about='/a'>"
       "<link>/a</link></item></rdf:RDF>",
       "page link@ https://news.test/ text\nimage image@rdf:resource https://news.test/l.png xml'\n"
       "page rdf:li@rdf:resource https://news.test/a xml'\n"
       "image url@ https://news.test/l.png text\npage item@rdf:about https://news.test/a xml'\n"
       "page link@ https://news.test/a text\n"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("references of Atom", "[media]") {
  const Row rows[] = {
      {"RFC 4287, 4.2.7.2, and RFC 5005: links by rel",
       "<feed><link href='/'/><link rel='self' href='/f'/><link rel='next' href='/n'/>"
       "<link rel='alternate' type='application/atom+xml' href='/o'/><link rel='via' href='/v'/>"
       "<link rel='related' href='/r'/><link rel='replies' href='/c'/><link rel='enclosure' "
       "type='image/png' href='/i'/><link rel='enclosure' href='/m' type='video/mp4'/>"
       "<link rel='hub' href='/h'/><link rel='edit' href='/e'/>",
       "page link@href https://news.test/ xml'\nfeed link@href https://news.test/f xml'\n"
       "feed link@href https://news.test/n xml'\nfeed link@href https://news.test/o xml'\n"
       "page link@href https://news.test/v xml'\npage link@href https://news.test/r xml'\n"
       "page link@href https://news.test/c xml'\nimage link@href https://news.test/i xml'\n"
       "media link@href https://news.test/m xml'\nother link@href https://news.test/h xml'\n"
       "other link@href https://news.test/e xml'\n"},
      {"logo, icon, author, generator",
       "<feed><logo>/l.png</logo><icon>/i.ico</icon><generator uri='/g'>G</generator><entry>"
       "<author><name>N</name><uri>/me</uri></author></entry>",
       "image logo@ https://news.test/l.png text\nicon icon@ https://news.test/i.ico text\n"
       "page generator@uri https://news.test/g xml'\npage uri@ https://news.test/me text\n"},
      {"4.1.3: content of types",
       "<feed><entry><content type='text'>&lt;img src='/no'&gt;</content></entry><entry><content "
       "type='html'>&lt;img src='/h'&gt;</content></entry><entry><content type='image/png' "
       "src='/i'/></entry><entry><content src='/p'/></entry><entry><content type='image/png'>"
       "aGFsZnRvbmU=</content></entry><entry><content src='/v' type='video/mp4'></content></entry>",
       "image img@src https://news.test/h html' text\n"
       "image content@src https://news.test/i xml'\npage content@src https://news.test/p xml'\n"
       "media content@src https://news.test/v xml'\n"},
      {"3.1.1.3: XHTML, in which what is escaped is text",
       "<feed><entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><img "
       "src=\"/a?b&amp;c\"/>&lt;img src='/no'/><iframe src='/f'/><![CDATA[<img src='/no'>]]><img "
       "src='/d' alt='D'/><p style='background:url(/e.png)'/></div></content></entry>",
       "image img@src https://news.test/a?b&c xml\"\npage iframe@src https://news.test/f xml'\n"
       "image img@src https://news.test/d xml'\nimage p@style https://news.test/e.png css xml'\n"},
      {"an entry's source",
       "<feed><entry><source><link rel='self' href='/s'/><logo>/l.png</logo></source></entry>",
       "feed link@href https://news.test/s xml'\nimage logo@ https://news.test/l.png text\n"},
      {"RFC 4685: replies", "<feed><entry><thr:in-reply-to href='/r' source='/f'/></entry>",
       "page thr:in-reply-to@href https://news.test/r xml'\n"
       "feed thr:in-reply-to@source https://news.test/f xml'\n"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("what relative URLs are relative to", "[media]") {
  const Row rows[] = {
      {"the item's link, wherever it stands",
       "<rss><channel><link>/home/</link><description>&lt;img src='c'></description><item>"
       "<description>&lt;img src=a></description><link>/x/y</link><enclosure url='e'/></item>"
       "<item><description>&lt;img src=b></description></item>",
       "page link@ https://news.test/home/ text\nimage img@src https://news.test/home/c html' "
       "text\n"
       "image img@src https://news.test/x/a html text\npage link@ https://news.test/x/y text\n"
       "media enclosure@url https://news.test/feeds/e xml'\n"
       "image img@src https://news.test/feeds/b html text\n"},
      {"xml:base, nested, before the link",
       "<feed xml:base='/b/'><entry xml:base='c/'><link href='d'/><content type='html' "
       "xml:base='e/'>&lt;img src=f></content></entry><entry><content type='html'>&lt;img src=g>"
       "</content></entry></feed>",
       "page link@href https://news.test/b/c/d xml'\n"
       "image img@src https://news.test/b/c/e/f html text\n"
       "image img@src https://news.test/b/g html text\n"},
      {"a <base> of the content itself",
       "<rss><channel><item><description><![CDATA[<base href=/q/><img "
       "src=a>]]></description></item>",
       "other base@href https://news.test/q/ html cdata\n"
       "image img@src https://news.test/q/a html cdata\n"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("content in pieces", "[media]") {
  const Row rows[] = {
      {"text, CDATA, text",
       "<rss><channel><item><description>&lt;img src='/a'><![CDATA[<img src='/b'>]]>&lt;img "
       "src='/c'></description></item>",
       "image img@src https://news.test/a html' text\nimage img@src https://news.test/b html' "
       "cdata\n"
       "image img@src https://news.test/c html' text\n"},
      {"an element over two sections",
       "<rss><channel><item><description><![CDATA[<img src='/a' ]]><![CDATA[alt='x'><img src='/b'>"
       "]]></description></item>",
       "image img@src https://news.test/a html' cdata\n"
       "image img@src https://news.test/b html' cdata\n"},
      {"a value over two sections cannot be replaced",
       "<rss><channel><item><description><![CDATA[<img src='/a]]><![CDATA[b'><img src='/c'>]]>"
       "</description></item>",
       "image img@src https://news.test/c html' cdata\n"},
      {"a link with a comment and blanks",
       "<rss><channel><item><link>\n <!-- x --><![CDATA[ /a ]]>\n</link></item>",
       "page link@ https://news.test/a cdata\n"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("when what a feed refers to is asked for", "[media]") {
  const auto found = references_of(
      "<rss><channel><item><link>/a</link><media:thumbnail url='/t'/><description>&lt;img "
      "src='/b' alt='A &amp;amp; B'></description><enclosure url='/c'/></item>");
  REQUIRE(found.size() == 4);
  CHECK(found[0].loading == Loading::kNever);
  CHECK(found[1].loading == Loading::kAtOnce);
  CHECK(found[2].alt == "A & B");
  CHECK(found[3].loading == Loading::kNever);
}

TEST_CASE("spans are bytes of the feed, whatever its encoding", "[media]") {
  struct Encoded {
    const char* label;
    std::string word;  // as bytes
    std::string_view utf8;
  };
  const Encoded rows[] = {
      {"gbk", "\xD6\xD0\xCE\xC4", "\xE4\xB8\xAD\xE6\x96\x87"},
      {"big5", "\xA4\xA4\xA4\xE5", "\xE4\xB8\xAD\xE6\x96\x87"},
      {"windows-1252", "\xFC\x80", "\xC3\xBC\xE2\x82\xAC"},
  };
  for (const Encoded& row : rows) {
    DYNAMIC_SECTION(row.label) {
      const std::string bytes = fmt::format(
          "<?xml version='1.0' encoding='{0}'?><rss><channel><title>{1}</title><item><link>/{1}"
          "</link><description>&lt;b&gt;{1}&lt;/b&gt;&lt;img alt='{1}' "
          "src='/{1}.jpg'></description>"
          "<content:encoded><![CDATA[{1}<img src='/{1}.png'>]]></content:encoded><media:thumbnail "
          "url='/{1}&amp;'/></item></channel></rss>",
          row.label, row.word);
      const auto found = references_of(bytes);
      REQUIRE(found.size() == 4);
      const auto written = [&](size_t i) {
        return bytes.substr(found[i].span.from, found[i].span.size());
      };
      CHECK(written(0) == "/" + row.word);
      CHECK(written(1) == "/" + row.word + ".jpg");
      CHECK(written(2) == "/" + row.word + ".png");
      CHECK(written(3) == "/" + row.word + "&amp;");
      CHECK(found[1].raw == fmt::format("/{}.jpg", row.utf8));
      CHECK(found[1].alt == row.utf8);
      const auto feed = parse_feed(bytes, kBase);
      REQUIRE(feed);
      CHECK(feed->title == row.utf8);
    }
  }
}

TEST_CASE("what is written over a reference is found there", "[media]") {
  check_replacing(kEverywhere);
}

TEST_CASE("a feed cut anywhere gets an answer, its spans inside of it", "[media]") {
  for (size_t size = 0; size <= kEverywhere.size(); ++size) {
    const std::string cut = kEverywhere.substr(0, size);
    CAPTURE(size);
    size_t before = 0;
    for (const Reference& reference : references_of(cut)) {
      REQUIRE(reference.span.from >= before);
      REQUIRE(reference.span.from < reference.span.to);
      REQUIRE(reference.span.to <= cut.size());
      before = reference.span.to;
    }
    const auto feed = parse_feed(cut, kBase);
    if (feed) CHECK(feed->entries.size() <= 2);
  }
}

TEST_CASE("hostile feeds get an answer in bounds", "[media]") {
  struct Hostile {
    std::string_view piece;
    size_t references_each;  // at most
  };
  const Hostile rows[] = {
      {"<a>", 0},
      {"</a>", 0},
      {"<item>", 0},
      {"<title>", 0},
      {"<description>", 0},
      {"<a:b xmlns:a='x'>", 0},
      {"&", 0},
      {"&lt;", 0},
      {"&#", 0},
      {"<", 0},
      {"<a b='", 0},
      {"<![CDATA[", 0},
      {"<!--", 0},
      {"<?", 0},
      {"<!DOCTYPE [", 0},
      {"<entry xml:base='a/'>", 0},
      {"<x xml:base='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/'>", 0},
      {"<link>a</link>", 1},
      {"<category>a", 0},
      {"<item><description>&lt;img src=a>", 1},
      {"<description>&lt;img src=a></description>", 1},
      {"<description><p><description>", 0},
      {"<media:content url='a'>", 1},
      {std::string_view("\0", 1), 0},
  };
  for (const Hostile& row : rows) {
    DYNAMIC_SECTION(row.piece) {
      for (const size_t count : {50'000, 100'000}) {
        std::string xml = "<rss><channel><item><link>/end</link></item><item>";
        for (size_t i = 0; i < count; ++i) xml += row.piece;
        const auto found = references_of(xml);
        REQUIRE(!found.empty());
        CHECK(found[0].raw == "/end");
        CHECK(found.size() <= 1 + count * row.references_each);
        const auto feed = parse_feed(xml, kBase);
        REQUIRE(feed);
        CHECK(feed->entries[0].url == "https://news.test/end");
      }
    }
  }
}

TEST_CASE("ten megabytes in one place", "[media]") {
  const std::string big(10'000'000, 'a');
  for (const char* format :
       {"<rss><channel><item><link>/{}</link></item>", "<rss><channel><item><enclosure url='/{}'/>",
        "<rss><channel><item><description>&lt;img src='/{}'></description></item>"}) {
    CAPTURE(format);
    const auto found = references_of(fmt::format(fmt::runtime(format), big));
    REQUIRE(found.size() == 1);
    CHECK(found[0].raw.size() == big.size() + 1);
  }
  const auto feed = parse_feed("<rss><channel><item><title>" + big, kBase);
  REQUIRE(feed);
  CHECK(feed->entries[0].title.size() == 16 * 1024);
}
