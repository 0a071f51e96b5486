#include "media/xml_references.h"

#include "media/reference_list.h"
#include "tests/support/catch.h"

using namespace halftone;

namespace {

const Url kBase = *Url::parse("https://news.test/a/b.svg");

std::vector<Reference> scan(std::string_view xml) {
  return find_xml_references(SourceText(xml, 0), kBase, "UTF-8");
}

// "kind [bytes of the span]" for each, joined by " | ".
std::string listing(std::string_view xml) {
  std::string out;
  for (const Reference& r : scan(xml)) {
    if (!out.empty()) out += " | ";
    out += std::string(to_string(r.kind)) + " [" +
           std::string(xml.substr(r.span.from, r.span.size())) + "]" +
           (r.rejected ? " rejected" : "");
  }
  return out;
}

}  // namespace

// SVG 2, "Attribute index"; XInclude 1.0; Associating Style Sheets with XML 1.0.
TEST_CASE("each place in XML gives its reference", "[media][xml]") {
  struct Row {
    std::string_view xml, element, attribute;
    Kind kind;
    std::string_view written;
    Loading loading = Loading::kAtOnce;
  };
  using enum Kind;
  const Row rows[] = {
      {"<image href='a.png'/>", "image", "href", kImage, "a.png"},
      {"<image xlink:href=\" a.png\n\"/>", "image", "xlink:href", kImage, "a.png"},
      {"<image x:href='a.png'/>", "image", "x:href", kImage, "a.png"},
      {"<svg:image href='a.png'/>", "svg:image", "href", kImage, "a.png"},
      {"<image href=a.png>", "image", "href", kImage, "a.png"},
      {"<image href='a.png' loading='lazy'/>", "image", "href", kImage, "a.png",
       Loading::kNearView},
      {"<feImage href='a.png'/>", "feimage", "href", kImage, "a.png"},
      {"<use href='a.svg#b'/>", "use", "href", kImage, "a.svg#b"},
      {"<use xlink:href='#b'/>", "use", "xlink:href", kOther, "#b"},
      {"<linearGradient href='a.svg#b'/>", "lineargradient", "href", kImage, "a.svg#b"},
      {"<radialGradient href='a.svg#b'/>", "radialgradient", "href", kImage, "a.svg#b"},
      {"<pattern href='a.svg#b'/>", "pattern", "href", kImage, "a.svg#b"},
      {"<filter xlink:href='a.svg#b'/>", "filter", "xlink:href", kImage, "a.svg#b"},
      {"<textPath href='a.svg#b'>", "textpath", "href", kImage, "a.svg#b"},
      {"<mpath href='a.svg#b'/>", "mpath", "href", kImage, "a.svg#b"},
      {"<tref xlink:href='a.svg#b'/>", "tref", "xlink:href", kImage, "a.svg#b"},
      {"<cursor xlink:href='a.cur'/>", "cursor", "xlink:href", kImage, "a.cur"},
      {"<animation xlink:href='a.svg'/>", "animation", "xlink:href", kImage, "a.svg"},
      {"<color-profile xlink:href='a.icc'/>", "color-profile", "xlink:href", kOther, "a.icc"},
      {"<font-face-uri xlink:href='a.svg#f'/>", "font-face-uri", "xlink:href", kFont, "a.svg#f"},
      {"<a href='a.html'>", "a", "href", kPage, "a.html", Loading::kNever},
      {"<a xlink:href='javascript:x()'>", "a", "xlink:href", kOther, "javascript:x()",
       Loading::kNever},
      {"<script href='a.js'/>", "script", "href", kScript, "a.js"},
      {"<script src='a.js'/>", "script", "src", kScript, "a.js"},
      {"<audio href='a.mp3'/>", "audio", "href", kMedia, "a.mp3"},
      {"<audio src='a'/>", "audio", "src", kMedia, "a"},
      {"<video xlink:href='a'/>", "video", "xlink:href", kMedia, "a"},
      {"<video src='a'/>", "video", "src", kMedia, "a"},
      {"<video poster='a'/>", "video", "poster", kPoster, "a"},
      {"<h:img src='a'/>", "h:img", "src", kImage, "a"},
      {"<h:iframe src='a'/>", "h:iframe", "src", kPage, "a"},
      {"<source src='a'/>", "source", "src", kMedia, "a"},
      {"<track src='a'/>", "track", "src", kTrack, "a"},
      {"<embed src='a'/>", "embed", "src", kMedia, "a"},
      {"<object data='a'/>", "object", "data", kMedia, "a"},
      {"<xi:include href='a.xml'/>", "xi:include", "href", kOther, "a.xml", Loading::kNever},
      {"<image href='data:image/png;base64,AA'/>", "image", "href", kData,
       "data:image/png;base64,AA"},
      // CSS
      {"<g style='fill:url(a.svg#b)'/>", "g", "style", kImage, "a.svg#b"},
      {"<g style=\"fill:url(&quot;a.svg&quot;)\"/>", "g", "style", kImage, "a.svg"},
      {"<g fill='url(#b)'/>", "g", "fill", kOther, "#b"},
      {"<g fill='url(a.svg#b) red'/>", "g", "fill", kImage, "a.svg#b"},
      {"<g stroke='url(a)'/>", "g", "stroke", kImage, "a"},
      {"<g filter='url(a)'/>", "g", "filter", kImage, "a"},
      {"<g mask='url(a)'/>", "g", "mask", kImage, "a"},
      {"<g clip-path='url(a)'/>", "g", "clip-path", kImage, "a"},
      {"<g marker='url(a)'/>", "g", "marker", kImage, "a"},
      {"<g marker-start='url(a)'/>", "g", "marker-start", kImage, "a"},
      {"<g marker-mid='url(a)'/>", "g", "marker-mid", kImage, "a"},
      {"<g marker-end='url(a)'/>", "g", "marker-end", kImage, "a"},
      {"<g cursor='url(\"a\"), auto'/>", "g", "cursor", kImage, "a"},
      {"<set to='url(a)'/>", "set", "to", kImage, "a"},
      {"<style>g{fill:url(a)}</style>", "style", "", kImage, "a"},
      {"<style type='text/css'><![CDATA[g>h{fill:url(a)}]]></style>", "style", "", kImage, "a"},
      {"<style>@import 'a.css';</style>", "style", "", kCssString, "a.css"},
      {"<style>@font-face{src:url(&#39;a&#39;)}</style>", "style", "", kFont, "a"},
      {"<style>g{fill:url(a)}", "style", "", kImage, "a"},
      {"<?xml-stylesheet type='text/css' href='a.css'?>", "xml-stylesheet", "href", kStylesheet,
       "a.css"},
      {"<?xml-stylesheet href=\"a.xsl\" type=\"text/xsl\" ?>", "xml-stylesheet", "href",
       kStylesheet, "a.xsl"},
      {"<?xml-stylesheet alternate='yes' href='a.css'?>", "xml-stylesheet", "href", kOther, "a.css",
       Loading::kNever},
      // HTML
      {"<foreignObject><img src='a.png'/></foreignObject>", "img", "src", kImage, "a.png"},
      {"<foreignObject><iframe src=\"a\"/></foreignObject>", "iframe", "src", kPage, "a"},
      {"<d xmlns='http://www.w3.org/1999/xhtml' style='background:url(a)'/>", "d", "style", kImage,
       "a"},
      // elements that nobody knows
      {"<x href='https://y.test/z'/>", "x", "href", kPage, "https://y.test/z", Loading::kNever},
      {"<x href='a.png'/>", "x", "href", kImage, "a.png", Loading::kNever},
      {"<x src='../a'/>", "x", "src", kOther, "../a", Loading::kNever},
      {"<x url='//y.test/a.mp4'/>", "x", "url", kMedia, "//y.test/a.mp4", Loading::kNever},
      {"<x url='a b.png'/>", "", "", kOther, ""},
      {"<x href='some-id'/>", "", "", kOther, ""},
      {"<x title='https://y.test/a.png'/>", "", "", kOther, ""},
      {"<svg xmlns='http://www.w3.org/2000/svg' xmlns:href='http://x.test/'/>", "", "", kOther, ""},
      {"<style type='text/x'>g{fill:url(a)}</style>", "", "", kOther, ""},
      {"<!-- <image href='a.png'/> --><![CDATA[<image href='a.png'/>]]>", "", "", kOther, ""},
      {"<image href=''/><image href='  '/>", "", "", kOther, ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.xml) {
      auto found = scan(row.xml);
      // HTML's own judgement of what is loaded when is not ours to test.
      REQUIRE(found.size() == (row.written.empty() ? 0 : 1));
      if (found.empty()) return;
      const Reference& r = found[0];
      CHECK(r.kind == row.kind);
      CHECK(r.element == row.element);
      CHECK(r.attribute == row.attribute);
      CHECK(row.xml.substr(r.span.from, r.span.size()) == row.written);
      const bool html = row.xml.find("foreignObject") != row.xml.npos;
      CHECK((html || r.loading == row.loading));
    }
  }
}

TEST_CASE("XML as a whole", "[media][xml]") {
  // SVG 2, 16.1.1: href counts before xlink:href.
  CHECK(listing("<image xlink:href='a' href='b'/>") == "image [a] rejected | image [b]");
  CHECK(listing("<style>/*<![CDATA[*/a{b:url(x)}/*]]>*/ c{d:url('y')}</style><use href='z'/>") ==
        "image [x] | image [y] | image [z]");
  CHECK(listing("<style>a{b:url(x<![CDATA[y]]>)}</style>") == "");
  CHECK(listing("<foreignObject><title/><img src=a/></foreignObject><image href='b'/>") ==
        "image [a/] | image [b]");
  CHECK(listing("<foreignObject><svg><foreignObject/><image href='a'/></svg></foreignObject>"
                "<image href='b'/>") == "image [a] | image [b]");
  CHECK(listing("<foreignObject><img src='a'>") == "image [a]");
}

TEST_CASE("what an XML reference says beside its URL", "[media][xml]") {
  const auto found = scan(
      "<image href='?a&amp;b=&#x4E2D;' alt='x &amp; y' referrerpolicy='origin'/>"
      "<g style=\"fill:url('c')\"/><style><![CDATA[@import url(d)]]></style>");
  REQUIRE(found.size() == 3);
  CHECK(found[0].raw == "?a&b=\xE4\xB8\xAD");
  CHECK(found[0].url == "https://news.test/a/b.svg?a&b=%E4%B8%AD");
  CHECK(found[0].alt == "x & y");
  CHECK(found[0].referrer_policy == ReferrerPolicy::kOrigin);
  CHECK(found[0].escapes == Escapes{Escape::kXmlSingleQuoted});
  CHECK(found[1].escapes == Escapes{Escape::kCssSingleQuoted, Escape::kXmlDoubleQuoted});
  CHECK(found[2].escapes == Escapes{Escape::kCssUrl, Escape::kXmlCData});
}

// XML Base, 3 and 4.
TEST_CASE("xml:base counts for what stands inside of it", "[media][xml]") {
  const auto found = scan(
      "<x xml:base='/x/'><image href='a'/><g xml:base='y/' style='fill:url(b)'><image href='c'/>"
      "</g><image href='d'/><image xml:base='//cdn.test/' href='e'/><image href='f'/>"
      "<foreignObject xml:base='h/'><img src='g'/></foreignObject><image href='i'/></x>"
      "<image href='j'/>");
  std::string urls;
  for (const Reference& r : found) urls += r.url + ' ';
  CHECK(urls ==
        "https://news.test/x/a https://news.test/x/y/b https://news.test/x/y/c "
        "https://news.test/x/d https://cdn.test/e https://news.test/x/f https://news.test/x/h/g "
        "https://news.test/x/i https://news.test/a/j ");
}

// SVG 2 has no xml:base any more, and browsers pass it over.
TEST_CASE("xml:base says nothing in SVG", "[media][xml]") {
  const auto found = scan("<svg xml:base='/x/'><g xml:base='y/'><image href='b'/></g></svg>");
  REQUIRE(found.size() == 1);
  CHECK(found[0].url == "https://news.test/a/b");
}

TEST_CASE("an XML document that is cut anywhere", "[media][xml]") {
  const std::string_view whole =
      "<?xml-stylesheet href='a'?><svg xml:base='/x'><style><![CDATA[b{c:url(d)}]]></style>"
      "<foreignObject><img src='e'/></foreignObject><g fill=\"url('f')\"><image href='g&amp;'/>";
  CHECK(scan(whole).size() == 5);
  for (size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    for (const Reference& r : scan(whole.substr(0, size))) {
      CHECK(r.span.from < r.span.to);
      CHECK(r.span.to <= size);
    }
  }
}

// Each would take hours if any step looked back or ahead more than once.
TEST_CASE("hostile XML is scanned in linear time", "[media][xml]") {
  for (const std::string_view piece :
       {"<a xml:base='b/'>", "<image href='a'>", "<foreignObject>", "<foreignObject><title/>",
        "<title/>", "<style>url(", "<style><![CDATA[", "<g fill='url('>", "</a>", "<a></b>",
        "<d xmlns='http://www.w3.org/1999/xhtml'/>", "<?xml-stylesheet href='"}) {
    size_t counts[2] = {};
    for (const size_t times : {1, 2}) {
      std::string xml = "<foreign-object><foreignobject></foreignobject>";
      for (size_t i = 0; i < 50'000 * times; ++i) xml += piece;
      counts[times - 1] = scan(xml).size();
    }
    CAPTURE(piece);
    CHECK(counts[1] <= kMostReferences);
    CHECK(counts[1] >= counts[0]);
  }
}
