#include "media/document.h"

#include <set>

#include "tests/support/articles.h"
#include "tests/support/catch.h"
#include "tests/support/test_server.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://news.test/a/b.html");

// "kind url" for each reference, joined by " | ".
std::string summary(const Scan& scan) {
  std::string out;
  for (const Reference& reference : scan.references) {
    if (!out.empty()) out += " | ";
    out += to_string(reference.kind);
    out += ' ' + reference.url;
  }
  return out;
}

// The shape that the real article and our own of its kind have in common.
void check_article(const std::string& text) {
  const auto scan = scan_document(text, DocumentType::kMarkdown, kBase);
  size_t requisite = 0, front_matter = 0, images = 0, logos = 0, without_referrer = 0;
  std::set<std::string> requisite_urls, page_urls;
  size_t before = 0;
  for (const Reference& reference : scan.references) {
    CAPTURE(reference.raw);
    CHECK(text.substr(reference.span.from, reference.span.size()) == reference.raw);
    CHECK(reference.span.from >= before);
    before = reference.span.to;
    if (reference.kind == Kind::kPage) page_urls.insert(reference.url);
    if (!is_requisite(reference.kind)) continue;
    ++requisite;
    requisite_urls.insert(reference.url);
    front_matter += reference.element == "front-matter" && reference.kind == Kind::kMetadataImage;
    images += reference.element == "img" && reference.kind == Kind::kImage;
    logos += reference.attribute == "data-logo" && reference.kind == Kind::kLazyImage;
    without_referrer += reference.referrer_policy == ReferrerPolicy::kNoReferrer;
  }
  CHECK(requisite == 13);
  CHECK(front_matter == 2);
  CHECK(images == 4);
  CHECK(logos == 7);
  CHECK(without_referrer == 4);
  CHECK(requisite_urls.size() == 9);
  CHECK(page_urls.size() == 7);
  CHECK(scan.warnings.empty());
}

}  // namespace

TEST_CASE("every reference of an article with front matter and an HTML body", "[media]") {
  check_article(fixture("lantern-festival.md"));
}

TEST_CASE("every reference of the article that 36kr published", "[media]") {
  if (const auto text = foreign_article("36kr-wechat-open-class-2022.md")) check_article(*text);
}

TEST_CASE("what a document is", "[media]") {
  struct Row {
    const char* rule;
    std::string_view essence, name, bytes;
    DocumentType type;
  };
  using enum DocumentType;
  const Row rows[] = {
      {"by type", "text/html", "", "", kHtml},
      {"the type counts before the name", "text/html", "a.md", "", kHtml},
      {"XHTML", "application/xhtml+xml", "", "", kHtml},
      {"CSS", "text/css", "", "", kCss},
      {"Markdown", "text/markdown", "", "", kMarkdown},
      {"a feed", "application/atom+xml", "", "", kFeed},
      {"an image", "image/png", "a.md", "", kNone},
      {"plain text by its name", "text/plain", "/x/README.md?raw=1", "# a", kMarkdown},
      {"no type, by its name", "", "a.HTML", "x", kHtml},
      {"a binary file with a text's name", "", "a.md", "\x89PNG\r\n\x1A\n", kNone},
      {"XML that is a feed", "text/xml", "feed.xml", "<?xml version='1.0'?><rss version='2.0'>",
       kFeed},
      {"RDF that is a feed", "application/xml", "", "<?xml version='1.0'?>\n<rdf:RDF xmlns='x'>",
       kFeed},
      {"HTML by its look", "", "", "<!DOCTYPE html><p>", kHtml},
      {"Markdown by its look", "text/plain", "", "---\na: b\n---\n", kMarkdown},
      {"just text", "text/plain", "a.txt", "hello", kNone},
      {"SVG", "image/svg+xml", "", "", kSvg},
      {"SVG by its name", "application/octet-stream", "a.SVG", "<svg>", kSvg},
      {"SVG served as XML", "text/xml", "", "<!DOCTYPE svg [<!ENTITY a '>'>]><svg>", kSvg},
      {"XML of any sort", "application/xml", "", "<?xml version='1.0'?><x>", kSvg},
      {"XML of another type", "application/smil+xml", "", "<smil>", kSvg},
      {"XML by its name", "", "a.xml?b", "<x>", kSvg},
      {"a sitemap", "text/xml", "", "<!-- a --><s:urlset>", kSitemap},
      {"a sitemap without a type", "", "", "<?xml version='1.0'?><sitemapindex>", kSitemap},
      {"a text sitemap", "text/plain", "/Sitemap-1.txt", "https://a.test/", kSitemap},
      {"some other text", "text/plain", "/a.txt", "https://a.test/", kNone},
      {"HLS", "application/vnd.apple.mpegurl", "", "", kHls},
      {"HLS, older", "audio/x-mpegurl", "", "", kHls},
      {"HLS by its name", "text/plain", "a.m3u8", "#", kHls},
      {"HLS by its look", "", "", "\xEF\xBB\xBF#EXTM3U\n", kHls},
      {"DASH", "application/dash+xml", "", "", kDash},
      {"DASH by its look", "text/xml", "", "<MPD>", kDash},
      {"DASH by its name", "", "a.mpd", "", kDash},
      {"a feed by its root", "text/xml", "", "<feed>", kFeed},
      {"XHTML served as XML", "text/xml", "", "<html xmlns='x'>", kHtml},
      {"HTML that begins with SVG", "text/html", "a.svg", "<svg>", kHtml},
      {"nothing", "", "", "", kNone},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      CHECK(document_type(row.essence, row.name, row.bytes) == row.type);
    }
  }
}

TEST_CASE("references of Markdown in document order", "[media]") {
  const std::string_view text =
      "---\ncover: /c.png\ntitle: /not-a-picture\nbanners: [x.jpg, 'https://i.test/1']\ntopic: "
      "/t\n---\n"
      "![a](a.png) <img src=b.png> [p](p.html) [f](#f)\n\n<div><img "
      "src='data:,x'>\n</div>\n\n![d][d]\n\n[d]: d.png\n";
  const auto scan = scan_document(text, DocumentType::kMarkdown, kBase);
  CHECK(summary(scan) ==
        "metadata-image https://news.test/c.png | metadata-image https://news.test/a/x.jpg | "
        "metadata-image https://i.test/1 | image https://news.test/a/a.png | image "
        "https://news.test/a/b.png | "
        "page https://news.test/a/p.html | other https://news.test/a/b.html#f | data data:,x | "
        "image https://news.test/a/d.png");
  CHECK(scan.front_matter.get("title") == "/not-a-picture");
  CHECK(scan.references[0].attribute == "cover");
  CHECK(scan.references[1].escapes[0] == Escape::kYamlPlain);
  CHECK(scan.references[3].alt == "a");
}

TEST_CASE("spans are bytes of the document, whatever its encoding", "[media]") {
  const std::string title = "\xD6\xD0\xCE\xC4";  // in GBK
  const std::string text = fmt::format(
      "---\ntitle: {0}\ncover: c.png\n---\n{0} ![{0}](a.png) <i>{0}</i> <img src=\"{0}.png\">\n",
      title);
  const auto scan = scan_document(text, DocumentType::kMarkdown, kBase, "gbk");
  CHECK(scan.charset == "GBK");
  REQUIRE(scan.references.size() == 3);
  const auto written = [&](size_t i) {
    const Span span = scan.references[i].span;
    return text.substr(span.from, span.size());
  };
  CHECK(written(0) == "c.png");
  CHECK(written(1) == "a.png");
  CHECK(written(2) == title + ".png");
  CHECK(scan.references[2].raw == "\xE4\xB8\xAD\xE6\x96\x87.png");
}

TEST_CASE("references of a style sheet", "[media]") {
  const std::string_view css =
      "@import 'x.css'; a{b:image-set(url(c) 2x)} @font-face{src:url('/f')}";
  const auto scan = scan_document(css, DocumentType::kCss, kBase);
  CHECK(summary(scan) ==
        "css-string https://news.test/a/x.css | image-candidate https://news.test/a/c | font "
        "https://news.test/f");
  CHECK(scan.references[1].descriptor == "2x");
  CHECK(scan.references[1].escapes == Escapes{Escape::kCssUrl, Escape::kNone, Escape::kNone});
}

TEST_CASE("references of HTML", "[media]") {
  const auto scan =
      scan_document("\xEF\xBB\xBF<base href=/x/><meta name=referrer content=origin><img src=a>",
                    DocumentType::kHtml, kBase);
  CHECK(scan.base == "https://news.test/x/");
  CHECK(scan.charset == "UTF-8");
  CHECK(scan.referrer_policy == ReferrerPolicy::kOrigin);
  CHECK_THAT(summary(scan), Catch::Contains("image https://news.test/x/a"));
}

TEST_CASE("an XML declaration tells the encoding", "[media]") {
  const auto charset = [](std::string_view xml, std::string_view http = {}) {
    return scan_document(xml, DocumentType::kSvg, kBase, http).charset;
  };
  CHECK(charset("<?xml version='1.0' encoding='gbk'?><a/>") == "GBK");
  CHECK(charset("\n<?xml version=\"1.0\" encoding = \"Shift_JIS\" ?><a/>") == "Shift_JIS");
  CHECK(charset("<?xml version='1.0' encoding='gbk'?><a/>", "big5") == "Big5");
  CHECK(charset("\xEF\xBB\xBF<?xml version='1.0' encoding='gbk'?><a/>") == "UTF-8");
  CHECK(charset("<?xml version='1.0' encoding='utf-16'?><a/>") == "UTF-8");
  CHECK(charset("<?xml version='1.0' encoding='nonsense'?><a/>") == "UTF-8");
  CHECK(charset("<?xml version='1.0'?><a encoding='gbk'/>") == "UTF-8");
  CHECK(charset("<?xml encoding='") == "UTF-8");
  CHECK(charset(std::string_view("<\0?\0x\0m\0l\0?\0>\0", 14)) == "UTF-16LE");
}

TEST_CASE("gzip is seen through, aloud", "[media]") {
  const std::string packed = gzip("<urlset><url><loc>/a</loc></url></urlset>");
  CHECK(document_type("application/x-gzip", "/sitemap.xml.gz", packed) == DocumentType::kSitemap);
  CHECK(document_type("", "", packed) == DocumentType::kSitemap);
  CHECK(document_type("application/gzip", "/a.tar.gz", gzip("hello")) == DocumentType::kNone);
  const auto scan = scan_document(packed, DocumentType::kSitemap, kBase);
  CHECK(summary(scan) == "page https://news.test/a");
  CHECK_THAT(scan.warnings.at(0), Catch::Contains("gzip"));
  const auto cut = scan_document(packed.substr(0, 12), DocumentType::kSitemap, kBase);
  CHECK(cut.references.empty());
  CHECK_THAT(cut.warnings.at(0), Catch::Contains("cut off"));
}

TEST_CASE("a list of references that was cut is told of", "[media]") {
  std::string text = "#EXTM3U\n";
  for (size_t i = 0; i < 200'001; ++i) text += "a\n";
  const auto scan = scan_document(text, DocumentType::kHls, kBase);
  CHECK(scan.references.size() == 200'000);
  CHECK_THAT(scan.warnings.at(0), Catch::Contains("more than 200000 references"));
}

TEST_CASE("broken front matter is told of, and nothing is lost", "[media]") {
  const auto scan = scan_document("---\na: b: c\ncover: c.png\n---\n![](d.png)\n",
                                  DocumentType::kMarkdown, kBase);
  CHECK(summary(scan) ==
        "metadata-image https://news.test/a/c.png | image https://news.test/a/d.png");
  REQUIRE(scan.warnings.size() == 1);
  CHECK_THAT(scan.warnings[0], Catch::Contains("line 2"));
}

TEST_CASE("a picture written over several lines is told of", "[media]") {
  const auto scan = scan_document("---\ncover: >-\n  https://a.test/b.png\n---\n",
                                  DocumentType::kMarkdown, kBase);
  CHECK(scan.references.empty());
  REQUIRE(scan.warnings.size() == 1);
  CHECK_THAT(scan.warnings[0], Catch::Contains("https://a.test/b.png"));
}
