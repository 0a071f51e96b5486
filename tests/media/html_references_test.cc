#include "media/html_references.h"

#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "tests/support/catch.h"
#include "tests/support/conformance.h"

using namespace halftone;

namespace {

const Url kPage = *Url::parse("https://example.org/dir/page.html");

HtmlReferences scan(std::string_view html) {
  return find_html_references(SourceText(html, 0), kPage, "UTF-8");
}

// Everything found, one a line: kind, bytes of the span, descriptor.
std::string listing(std::string_view html) {
  std::string out;
  for (const Reference& r : scan(html).references) {
    out += std::string(to_string(r.kind)) + " " +
           std::string(html.substr(r.span.from, r.span.size())) +
           (r.descriptor.empty() ? "" : " " + r.descriptor) + (r.rejected ? " rejected" : "") +
           "\n";
  }
  return out;
}

}  // namespace

// design.md, "Where pictures hide"; WHATWG HTML, "Attributes" index.
TEST_CASE("each place in HTML gives its reference", "[media][html]") {
  struct Row {
    std::string_view html;
    Kind kind;
    std::string_view written, element, attribute;
  };
  const Row rows[] = {
      {"<img src=a.png>", Kind::kImage, "a.png", "img", "src"},
      {"<IMG SRC=' a.png\n'>", Kind::kImage, "a.png", "img", "src"},
      {"<image src=a.png>", Kind::kImage, "a.png", "image", "src"},
      {"<img lowsrc=a.png>", Kind::kImage, "a.png", "img", "lowsrc"},
      {"<img data-src=/a>", Kind::kLazyImage, "", "", ""},
      {"<img data-src=a.png>", Kind::kLazyImage, "a.png", "img", "data-src"},
      {"<img data-src=//cdn.org/a>", Kind::kLazyImage, "//cdn.org/a", "img", "data-src"},
      {"<img DATA-ORIGINAL=http://x.org/a>", Kind::kLazyImage, "http://x.org/a", "img",
       "data-original"},
      {"<a data-logo='https://x.org/v2_000'>", Kind::kLazyImage, "https://x.org/v2_000", "a",
       "data-logo"},
      {"<div data-anything='https://x.org/a.webp?w=1'>", Kind::kLazyImage,
       "https://x.org/a.webp?w=1", "div", "data-anything"},
      {"<div data-bg=\"url('a b.png')\">", Kind::kLazyImage, "a b.png", "div", "data-bg"},
      {"<div data-topic-url=https://x.org/a>", Kind::kLazyImage, "", "", ""},
      {"<div data-url=https://x.org/a>", Kind::kLazyImage, "", "", ""},
      {"<div data-src=https://x.org/a.html>", Kind::kLazyImage, "", "", ""},
      {"<div data-size-val data-id=39 data-name='a b'>", Kind::kLazyImage, "", "", ""},
      {"<div data-title='see a.png'>", Kind::kLazyImage, "", "", ""},
      {"<div data-href=mailto:a@x.png>", Kind::kLazyImage, "", "", ""},
      {"<iframe data-src=https://x.org/embed/1>", Kind::kPage, "https://x.org/embed/1", "iframe",
       "data-src"},
      {"<video data-src=a.mp4>", Kind::kMedia, "a.mp4", "video", "data-src"},
      {"<video data-src=https://x.org/v>", Kind::kMedia, "https://x.org/v", "video", "data-src"},
      {"<div data-set='{\"u\":\"https:\\/\\/x.org\\/a.png\"}'>", Kind::kStateImage,
       "https:\\/\\/x.org\\/a.png", "div", "data-set"},
      {"<img zoomfile=https://x.org/a.png>", Kind::kLazyImage, "https://x.org/a.png", "img",
       "zoomfile"},
      {"<noscript><img src=a.png></noscript>", Kind::kLazyImage, "a.png", "img", "src"},
      {"<p style='background:url(a.png)'>", Kind::kImage, "a.png", "p", "style"},
      {"<p style=\"background:url(&quot;a.png&quot;)\">", Kind::kImage, "a.png", "p", "style"},
      {"<style>p{background:url( a.png )}</style>", Kind::kImage, "a.png", "style", ""},
      {"<style>@import url(a.css);</style>", Kind::kStylesheet, "a.css", "style", ""},
      {"<style>@import 'a.css';</style>", Kind::kCssString, "a.css", "style", ""},
      {"<style>@font-face{src:url(a.woff)}</style>", Kind::kFont, "a.woff", "style", ""},
      {"<style type=text/x>p{background:url(a.png)}</style>", Kind::kImage, "", "", ""},
      {"<svg><style>p{background:url(a.png?b&amp;c)}</style>", Kind::kImage, "a.png?b&amp;c",
       "style", ""},
      {"<link rel='shortcut ICON' href=a.ico>", Kind::kIcon, "a.ico", "link", "href"},
      {"<link rel=apple-touch-icon href=a.png>", Kind::kIcon, "a.png", "link", "href"},
      {"<link rel=stylesheet href=a.css>", Kind::kStylesheet, "a.css", "link", "href"},
      {"<link rel='alternate stylesheet' href=a.css>", Kind::kOther, "a.css", "link", "href"},
      {"<link rel=stylesheet disabled href=a.css>", Kind::kOther, "a.css", "link", "href"},
      {"<link rel=preload as=image href=a>", Kind::kImage, "a", "link", "href"},
      {"<link rel=preload as=font href=a>", Kind::kFont, "a", "link", "href"},
      {"<link rel=preload as=style href=a>", Kind::kStylesheet, "a", "link", "href"},
      {"<link rel=preload as=fetch href=a>", Kind::kOther, "a", "link", "href"},
      {"<link rel=preload as=image imagesrcset='a 2x'>", Kind::kImageCandidate, "a", "link",
       "imagesrcset"},
      {"<link rel=manifest href=a>", Kind::kManifest, "a", "link", "href"},
      {"<link rel=alternate type=application/rss+xml href=a>", Kind::kFeed, "a", "link", "href"},
      {"<link rel=alternate hreflang=de href=a>", Kind::kPage, "a", "link", "href"},
      {"<link rel=canonical href=a>", Kind::kPage, "a", "link", "href"},
      {"<link rel=next href=a>", Kind::kPage, "a", "link", "href"},
      {"<link rel=prev href=a>", Kind::kPage, "a", "link", "href"},
      {"<link rel=preconnect href=//a.org>", Kind::kOther, "//a.org", "link", "href"},
      {"<link itemprop=image href=a>", Kind::kMetadataImage, "a", "link", "href"},
      {"<meta property=og:image content=a>", Kind::kMetadataImage, "a", "meta", "content"},
      {"<meta property=og:image:url content=a>", Kind::kMetadataImage, "a", "meta", "content"},
      {"<meta property=og:image:secure_url content=a>", Kind::kMetadataImage, "a", "meta",
       "content"},
      {"<meta property=og:image:width content=600>", Kind::kMetadataImage, "", "", ""},
      {"<meta content=a name=twitter:image>", Kind::kMetadataImage, "a", "meta", "content"},
      {"<meta itemprop=image content=a>", Kind::kMetadataImage, "a", "meta", "content"},
      {"<meta name=msapplication-TileImage content=a>", Kind::kMetadataImage, "a", "meta",
       "content"},
      {"<meta name=thumbnail content=a>", Kind::kMetadataImage, "a", "meta", "content"},
      {"<meta property=og:video content=a>", Kind::kMedia, "a", "meta", "content"},
      {"<meta property=og:audio content=a>", Kind::kMedia, "a", "meta", "content"},
      {"<meta name=description content=a.png>", Kind::kMedia, "", "", ""},
      {"<meta http-equiv=refresh content='5; URL = \"a\"'>", Kind::kPage, "a", "meta", "content"},
      {"<meta http-equiv=refresh content='0;a'>", Kind::kPage, "a", "meta", "content"},
      {"<meta http-equiv=refresh content=30>", Kind::kPage, "", "", ""},
      {"<video src=a>", Kind::kMedia, "a", "video", "src"},
      {"<video poster=a>", Kind::kPoster, "a", "video", "poster"},
      {"<audio src=a>", Kind::kMedia, "a", "audio", "src"},
      {"<source src=a>", Kind::kMedia, "a", "source", "src"},
      {"<source srcset=a>", Kind::kImageCandidate, "a", "source", "srcset"},
      {"<track src=a>", Kind::kTrack, "a", "track", "src"},
      {"<object data=a>", Kind::kMedia, "a", "object", "data"},
      {"<object type=image/png data=a>", Kind::kImage, "a", "object", "data"},
      {"<embed src=a.svg>", Kind::kImage, "a.svg", "embed", "src"},
      {"<input type=IMAGE src=a>", Kind::kImage, "a", "input", "src"},
      {"<input src=a>", Kind::kImage, "", "", ""},
      {"<svg><image href=a />", Kind::kImage, "a", "image", "href"},
      {"<svg><image xlink:href=a />", Kind::kImage, "a", "image", "xlink:href"},
      {"<svg><use href=a.svg#b />", Kind::kImage, "a.svg#b", "use", "href"},
      {"<svg><use href=#b />", Kind::kOther, "#b", "use", "href"},
      {"<svg><feImage href=a />", Kind::kImage, "a", "feimage", "href"},
      {"<iframe src=a>", Kind::kPage, "a", "iframe", "src"},
      {"<frame src=a>", Kind::kPage, "a", "frame", "src"},
      {"<a href=a>", Kind::kPage, "a", "a", "href"},
      {"<area href=a>", Kind::kPage, "a", "area", "href"},
      {"<form action=a>", Kind::kForm, "a", "form", "action"},
      {"<button formaction=a>", Kind::kForm, "a", "button", "formaction"},
      {"<input formaction=a>", Kind::kForm, "a", "input", "formaction"},
      {"<script src=a></script>", Kind::kScript, "a", "script", "src"},
      {"<body background=a>", Kind::kImage, "a", "body", "background"},
      {"<table background=a>", Kind::kImage, "a", "table", "background"},
      {"<td background=a>", Kind::kImage, "a", "td", "background"},
      {"<amp-img src=a>", Kind::kImage, "a", "amp-img", "src"},
      {"<amp-anim src=a>", Kind::kImage, "a", "amp-anim", "src"},
      {"<amp-video src=a>", Kind::kMedia, "a", "amp-video", "src"},
      {"<amp-video poster=a>", Kind::kPoster, "a", "amp-video", "poster"},
      {"<amp-audio src=a>", Kind::kMedia, "a", "amp-audio", "src"},
      {"<amp-iframe src=a>", Kind::kPage, "a", "amp-iframe", "src"},
      {"<base href=a>", Kind::kOther, "a", "base", "href"},
      {"<blockquote cite=a><q cite=a><ins cite=a><del cite=a>", Kind::kPage, "", "", ""},
      {"<img src=data:image/gif;base64,R0>", Kind::kData, "data:image/gif;base64,R0", "img", "src"},
      {"<a href=JavaScript:void(0)>", Kind::kOther, "JavaScript:void(0)", "a", "href"},
      {"<a href=mailto:a@b.org>", Kind::kOther, "mailto:a@b.org", "a", "href"},
      {"<a href=tel:1>", Kind::kOther, "tel:1", "a", "href"},
      {"<iframe src=about:blank>", Kind::kOther, "about:blank", "iframe", "src"},
      {"<img src=blob:x>", Kind::kOther, "blob:x", "img", "src"},
      {"<a href=#top>", Kind::kOther, "#top", "a", "href"},
      {"<img src=''>", Kind::kImage, "", "", ""},
      {"<img src=' '>", Kind::kImage, "", "", ""},
      {"<img src>", Kind::kImage, "", "", ""},
      {"<!-- <img src=a> --><title><img src=a></title>", Kind::kImage, "", "", ""},
      {"<textarea><img src=a></textarea><xmp><img src=a></xmp>", Kind::kImage, "", "", ""},
      {"<img src=a", Kind::kImage, "", "", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.html) {
      const auto references = scan(row.html).references;
      REQUIRE(references.size() == (row.element.empty() ? 0 : 1));
      if (references.empty()) continue;
      const Reference& found = references[0];
      CHECK(found.kind == row.kind);
      CHECK(row.html.substr(found.span.from, found.span.size()) == row.written);
      CHECK(found.element == row.element);
      CHECK(found.attribute == row.attribute);
    }
  }
}

TEST_CASE("places with several URLs give each of them", "[media][html]") {
  struct Row {
    const char* name;
    std::string_view html, list;
  };
  const Row rows[] = {
      {"srcset", "<img src=a srcset='b,c 2x, d 640w,e 1x 2x'>",
       "image a\nimage-candidate b,c 2x\nimage-candidate d 640w\n"
       "image-candidate e 1x 2x rejected\n"},
      {"lazy srcset", "<img data-lazy-srcset='a.jpg 1x, //x.org/b 2x'>",
       "lazy-image a.jpg 1x\nlazy-image //x.org/b 2x\n"},
      {"lazy srcset, told by its name", "<img data-srcset='/a 1x, /b 2x'>",
       "lazy-image /a 1x\nlazy-image /b 2x\n"},
      {"words are no srcset", "<p data-x='about 2x'>", ""},
      {"a picture", "<picture><source srcset='a 1x' src=b><img src=c></picture>",
       "image-candidate a 1x\nmedia b\nimage c\n"},
      {"the order of writing", "<a style='background:url(a)' data-logo=https://x.org/b href=c>",
       "image a\nlazy-image https://x.org/b\npage c\n"},
      {"the first attribute counts", "<img src=a SRC=b>", "image a\n"},
      {"image-set", "<p style='background:image-set(url(a) 1x, \"b\" 2x)'>",
       "image-candidate a 1x\ncss-string b 2x\n"},
      {"linked data",
       "<script type=application/ld+json>{\"@context\":\"https://schema.org\",\"image\":["
       "\"https://x.org/1\", {\"url\":\"https:\\/\\/x.org\\/2\"}],\"url\":\"https://x.org/page\","
       "\"logo\":\"/l.png\",\"thumbnailUrl\":\"https://x.org/3\",\"contentUrl\":"
       "\"https://x.org/v.mp4\",\"name\":\"https://x.org/4.jpg\" broken \"tail</script>",
       "metadata-image https://x.org/1\nmetadata-image https:\\/\\/x.org\\/2\n"
       "metadata-image /l.png\nmetadata-image https://x.org/3\nmedia https://x.org/v.mp4\n"
       "metadata-image https://x.org/4.jpg\n"},
      {"inline JSON",
       "<script type=application/json>{\"a\":\"https:\\u002F\\u002Fx.org\\u002Fa.png\",\"b\":"
       "\"b.png\",\"src\":\"https://x.org/c\",\"coverImage\":\"https://x.org/d\",\"e\":"
       "\"see https://x.org/e.png\"}</script>",
       "state-image https:\\u002F\\u002Fx.org\\u002Fa.png\nstate-image https://x.org/d\n"},
      {"assigned state", "<script>window.__STATE__ = {\"a\":\"//x.org/a.png\"};</script>",
       "state-image //x.org/a.png\n"},
      {"other scripts", "<script>if (x == {}) load(\"https://x.org/a.png\")</script>", ""},
      {"templates", "<script type=text/template><img src=a></script>", ""},
      {"srcdoc",
       "<iframe src=a srcdoc=\"<img src='b'>&lt;p style=&quot;background:url(c)&quot;>\">",
       "page a\nimage b\nimage c\n"},
      {"srcdoc in srcdoc is left alone",
       "<iframe srcdoc='<iframe srcdoc=\"<img src=a>\"></iframe><img src=b>'>", "image b\n"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(listing(row.html) == row.list); }
  }
}

TEST_CASE("values are decoded, and know how to be written again", "[media][html]") {
  struct Row {
    std::string_view html, raw, url;
    Escapes escapes;
  };
  const Row rows[] = {
      {"<img src=\"a?b=1&amp;c=2\">",
       "a?b=1&c=2",
       "https://example.org/dir/a?b=1&c=2",
       {Escape::kHtmlDoubleQuoted}},
      {"<img src='&#47;a'>", "/a", "https://example.org/a", {Escape::kHtmlSingleQuoted}},
      {"<img src=a>", "a", "https://example.org/dir/a", {Escape::kHtmlUnquoted}},
      {"<p style=\"background:url('a\\62')\">",
       "ab",
       "https://example.org/dir/ab",
       {Escape::kCssSingleQuoted, Escape::kHtmlDoubleQuoted}},
      {"<style>p{background:url(a)}</style>", "a", "https://example.org/dir/a", {Escape::kCssUrl}},
      {"<script type=application/json>[\"https:\\/\\/x.org\\/\\u4f60.png\"]</script>",
       "https://x.org/你.png",
       "https://x.org/%E4%BD%A0.png",
       {Escape::kJson}},
      {"<p data-x='[\"//x.org/a.png\"]'>",
       "//x.org/a.png",
       "https://x.org/a.png",
       {Escape::kJson, Escape::kHtmlSingleQuoted}},
      {"<iframe srcdoc=\"<p style='background:url(a)'>\">",
       "a",
       "https://example.org/dir/a",
       {Escape::kCssUrl, Escape::kHtmlSingleQuoted, Escape::kHtmlDoubleQuoted}},
      {"<a href='http://['>", "http://[", "", {Escape::kHtmlSingleQuoted}},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.html) {
      const auto references = scan(row.html).references;
      REQUIRE(references.size() == 1);
      CHECK(references[0].raw == row.raw);
      CHECK(references[0].url == row.url);
      CHECK(references[0].escapes == row.escapes);
    }
  }
}

// W3C Referrer Policy, 8; WHATWG HTML, 4.6.7.12 "noreferrer".
TEST_CASE("referrer policies are the element's own", "[media][html]") {
  struct Row {
    std::string_view html;
    ReferrerPolicy policy;
  };
  const Row rows[] = {
      {"<img src=a referrerpolicy=no-referrer>", ReferrerPolicy::kNoReferrer},
      {"<img referrerpolicy=' Origin ' srcset=a>", ReferrerPolicy::kOrigin},
      {"<img referrerpolicy=no-referrer data-src=a.png>", ReferrerPolicy::kNoReferrer},
      {"<img src=a referrerpolicy=nonsense>", ReferrerPolicy::kUnset},
      {"<img src=a>", ReferrerPolicy::kUnset},
      {"<a href=a rel='noopener noreferrer'>", ReferrerPolicy::kNoReferrer},
      {"<link rel='icon noreferrer' href=a>", ReferrerPolicy::kUnset},
      {"<p style='background:url(a)' referrerpolicy=no-referrer>", ReferrerPolicy::kUnset},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.html) {
      const auto references = scan(row.html).references;
      REQUIRE(references.size() == 1);
      CHECK(references[0].referrer_policy == row.policy);
    }
  }
}

TEST_CASE("<meta name=referrer> speaks for the document", "[media][html]") {
  const auto policy = [](std::string_view html) { return scan(html).referrer_policy; };
  CHECK(policy("<p>") == ReferrerPolicy::kUnset);
  CHECK(policy("<meta name=Referrer content=no-referrer>") == ReferrerPolicy::kNoReferrer);
  CHECK(policy("<meta name=referrer content=Never>") == ReferrerPolicy::kNoReferrer);
  CHECK(policy("<meta name=referrer content=always>") == ReferrerPolicy::kUnsafeUrl);
  CHECK(policy("<meta name=referrer content=default>") ==
        ReferrerPolicy::kStrictOriginWhenCrossOrigin);
  CHECK(policy("<meta name=referrer content=origin><meta name=referrer content=x>") ==
        ReferrerPolicy::kOrigin);
  CHECK(policy("<iframe srcdoc='<meta name=referrer content=origin>'>") == ReferrerPolicy::kUnset);
}

// WHATWG HTML, 2.4.3 and 4.2.3.
TEST_CASE("the first base counts for the whole document", "[media][html]") {
  struct Row {
    const char* name;
    std::string_view html, base, first_url;
  };
  const Row rows[] = {
      {"before", "<base href=/x/><img src=a>", "https://example.org/x/", "https://example.org/x/"},
      {"none", "<img src=a>", "https://example.org/dir/page.html", "https://example.org/dir/a"},
      {"after", "<img src=a><base href=/x/>", "https://example.org/x/", "https://example.org/x/a"},
      {"the first of two", "<img src=a><base target=_top><base href=//b.org><base href=//c.org>",
       "https://b.org/", "https://b.org/a"},
      {"data: is none", "<img src=a><base href=data:,x>", "https://example.org/dir/page.html",
       "https://example.org/dir/a"},
      {"srcdoc starts from the outer base", "<iframe srcdoc='<img src=a>'></iframe><base href=/x/>",
       "https://example.org/x/", "https://example.org/x/a"},
      {"a base in srcdoc stays there", "<iframe srcdoc='<img src=a><base href=y/>'></iframe>",
       "https://example.org/dir/page.html", "https://example.org/dir/y/a"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const HtmlReferences found = scan(row.html);
      CHECK(found.base.href() == row.base);
      CHECK(found.references.at(0).url == row.first_url);
    }
  }
}

TEST_CASE("alternative text goes with the image", "[media][html]") {
  CHECK(scan("<img alt='a &amp; b' src=a>").references.at(0).alt == "a & b");
  CHECK(scan("<img src=a>").references.at(0).alt.empty());
  // A long one is cut between characters.
  std::string text;
  for (int i = 0; i < 200; ++i) text += "你";
  CHECK(scan("<img src=a alt='" + text + "'>").references.at(0).alt == text.substr(0, 510));
}

TEST_CASE("spans are bytes of the document, whatever its charset", "[media][html]") {
  const std::string bytes =
      "<p>\xC4\xE3\xBA\xC3</p><img alt='\xC4\xE3' src=\"/\xBA\xC3?q=\xC4\xE3\">";
  const auto found = find_html_references(decode(bytes, "GBK"), kPage, "GBK").references;
  REQUIRE(found.size() == 1);
  CHECK(bytes.substr(found[0].span.from, found[0].span.size()) == "/\xBA\xC3?q=\xC4\xE3");
  CHECK(found[0].raw == "/好?q=你");
  CHECK(found[0].alt == "你");
  CHECK(found[0].url == "https://example.org/%E5%A5%BD?q=%C4%E3");
}

TEST_CASE("hostile documents are scanned in one pass and bounded", "[media][html]") {
  const auto repeated = [](std::string_view text, size_t times) {
    std::string out;
    for (size_t i = 0; i < times; ++i) out += text;
    return out;
  };
  CHECK(scan("<img srcset='" + repeated("a,", 500'000) + "'>").references.size() == 1);
  // What an element says about its references is read once, however many it has and however long.
  CHECK(scan("<img alt='" + repeated("&amp;", 200'000) + "' srcset='" + repeated("a 1x,", 200'000) +
             "'>")
            .references.size() == 200'000);
  // Resolved one by one against such a base, these would fill the memory.
  CHECK(scan("<base href='//b.org/" + repeated("x", 1'000'000) + "'>" +
             repeated("<a href=?>", 100'000))
            .base == kPage);
  CHECK(scan(repeated("<a href=b>", 300'000)).references.size() == 200'000);
  CHECK(scan("<script type=application/json>" + repeated("[\"", 500'000)).references.empty());
  CHECK(scan("<script type=application/json>" + repeated("{\"a\":", 300'000)).references.empty());
  CHECK(scan("<p data-x='" + repeated("[\"\\u", 300'000) + "'>").references.empty());
  CHECK(
      scan("<iframe srcdoc='" + repeated("<iframe srcdoc=\"", 100'000) + "'>").references.empty());
}

TEST_CASE("a real article gives its pictures, logos and links", "[media][html]") {
  const std::string path = conformance_directory() + "/../articles/36kr-wechat-open-class-2022.md";
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    WARN("skipped: " << path << " is absent");
    return;
  }
  const std::string article{std::istreambuf_iterator<char>(file), {}};
  std::map<Kind, size_t> counts;
  std::set<std::string> pages;
  for (const Reference& reference : scan(article).references) {
    CHECK(article.substr(reference.span.from, reference.span.size()) == reference.url);
    ++counts[reference.kind];
    const bool image = reference.kind == Kind::kImage;
    CHECK(reference.referrer_policy ==
          (image ? ReferrerPolicy::kNoReferrer : ReferrerPolicy::kUnset));
    if (reference.kind == Kind::kPage) pages.insert(reference.url);
  }
  CHECK(counts ==
        std::map<Kind, size_t>{{Kind::kImage, 4}, {Kind::kLazyImage, 7}, {Kind::kPage, 7}});
  CHECK(pages.size() == 7);
}
