// What holds for every document of XML and every playlist: a replacement written at a reference's
// span is what the next scan finds there.
#include <algorithm>

#include "media/document.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://news.test/a/b.xml");

struct Document {
  const char* name;
  DocumentType type;
  std::string text;
  std::string charset = "UTF-8";
};

std::vector<Document> documents() {
  using enum DocumentType;
  return {
      {"SVG", kSvg,
       "\xEF\xBB\xBF<?xml-stylesheet href='a.css'?><svg xmlns:xlink='x'><image href=\"b&amp;.png\" "
       "style='fill:url(&quot;c&quot;)'/><use xlink:href = d.svg /><style>@import 'e';"
       "<![CDATA[g{fill:url( f ) url(\"g\")}]]></style><foreignObject><img src='h' srcset='i 1x'/>"
       "<p style=\"background:url(j)\"/></foreignObject><a href='k'/></svg>"},
      {"SVG in GBK", kSvg,
       "<?xml version='1.0' encoding='gbk'?><svg><text>\xD6\xD0\xCE\xC4</text><image "
       "href='\xD6\xD0.png'/><style>/*\xD6\xD0*/g{fill:url(\xCE\xC4)}</style><a href='a'/></svg>",
       "GBK"},
      {"sitemap", kSitemap,
       "<urlset><url><loc> https://news.test/?a&amp;b </loc><xhtml:link href='/c'/><image:image>"
       "<image:loc><![CDATA[https://img.test/d?e&f]]></image:loc></image:image></url></urlset>"},
      {"text sitemap", kSitemap, "https://news.test/a\r\nhttps://news.test/b\n"},
      {"HLS", kHls,
       "#EXTM3U\r\n#EXT-X-MAP:URI=\"a,b.mp4\",BYTERANGE=\"1@0\"\r\n#EXTINF:1,\r\n c.ts \r\n"
       "#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\nd.ts"},
      {"DASH", kDash,
       "<MPD mediaPresentationDuration='PT4S'><BaseURL>https://v.test/&#97;/</BaseURL><Period>"
       "<SegmentTemplate duration='2' media=\"$Number$\" initialization='i'/><Representation>"
       "<SegmentList><SegmentURL media='s&amp;t' mediaRange='0-1'/></SegmentList>"
       "<BaseURL><![CDATA[v.mp4]]></BaseURL></Representation></Period></MPD>"},
  };
}

Scan scanned(const std::string& text, DocumentType type) {
  auto scan = scan_document(text, type, kBase);
  return scan;
}

// `to(i)` for the i-th reference that has a place.
template <class To>
std::string replaced(const Document& document, const Scan& scan, To to) {
  std::vector<std::pair<Span, std::string>> edits;
  for (const Reference& r : scan.references) {
    if (r.span.size() == 0) continue;
    edits.emplace_back(r.span, encode(escaped(to(edits.size()), r.escapes), document.charset));
  }
  std::sort(edits.begin(), edits.end(),
            [](const auto& a, const auto& b) { return a.first.from < b.first.from; });
  std::string out;
  size_t done = 0;
  for (const auto& [span, text] : edits) {
    REQUIRE(span.from >= done);  // no place has two references
    out += document.text.substr(done, span.from - done) + text;
    done = span.to;
  }
  return out + document.text.substr(done);
}

std::vector<const Reference*> with_place(const Scan& scan) {
  std::vector<const Reference*> out;
  for (const Reference& r : scan.references) {
    if (r.span.size() > 0) out.push_back(&r);
  }
  return out;
}

}  // namespace

TEST_CASE("what is written at a reference's place is found there", "[media][xml]") {
  for (const Document& document : documents()) {
    DYNAMIC_SECTION(document.name) {
      const Scan scan = scanned(document.text, document.type);
      CHECK(scan.charset == document.charset);
      const auto before = with_place(scan);
      REQUIRE(before.size() >= 2);
      const auto to = [](size_t i) {
        return fmt::format("https://copy.test/{}?a=1&amp;b='x'(y)[z]]#&lt;{}\"", i, i);
      };
      const std::string copy = replaced(document, scan, to);
      const Scan again = scanned(copy, document.type);
      const auto after = with_place(again);
      REQUIRE(after.size() == before.size());
      for (size_t i = 0; i < after.size(); ++i) {
        CAPTURE(copy, i);
        // Playlists and sections know no escapes but those of URLs.
        CHECK(after[i]->url == Url::parse(to(i))->href());
        // What has no "$" any more is no template.
        const bool was_template = before[i]->raw.find('$') != std::string::npos;
        CHECK((was_template || after[i]->kind == before[i]->kind));
      }
      CHECK(replaced({document.name, document.type, copy, document.charset}, again, to) == copy);
    }
  }
}

TEST_CASE("what is written as it was leaves every byte in its place", "[media][xml]") {
  for (const Document& document : documents()) {
    DYNAMIC_SECTION(document.name) {
      const Scan scan = scanned(document.text, document.type);
      const auto before = with_place(scan);
      const std::string copy = replaced(document, scan, [&](size_t i) { return before[i]->raw; });
      const Scan again = scanned(copy, document.type);
      const auto after = with_place(again);
      REQUIRE(after.size() == before.size());
      for (size_t i = 0; i < after.size(); ++i) CHECK(after[i]->raw == before[i]->raw);
    }
  }
}
