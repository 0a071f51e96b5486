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
      {"any string of a script", "<script>if (x == {}) load(\"https://x.org/a.png\")</script>",
       "state-image https://x.org/a.png\n"},
      {"a comment before the state",
       "<script>/* <![CDATA[ */\nvar foo = {\"img\":\"https:\\/\\/x.org\\/m.jpg\"};\n/* ]]> */"
       "</script>",
       "state-image https:\\/\\/x.org\\/m.jpg\n"},
      {"state made by a function",
       "<script>window.__NUXT__=(function(a,b){return "
       "{data:[{img:\"https:\\u002F\\u002Fx.org\\u002Fm.jpg\",p:a}]}}(1,"
       "\"https:\\u002F\\u002Fx.org\\u002Fn.jpg\"));</script>",
       "state-image https:\\u002F\\u002Fx.org\\u002Fm.jpg\n"
       "state-image https:\\u002F\\u002Fx.org\\u002Fn.jpg\n"},
      {"after other statements",
       "<script>'use strict';var a=1;// c's\n!function(){window.__S__=window.__S__||"
       "{\"image\":\"https://x.org/a\"}}();(b=[]).push({\"c\":['//x.org/b.png']})</script>",
       "state-image https://x.org/a\nstate-image //x.org/b.png\n"},
      {"JSON in a string",
       "<script>window.__A__=\"{\\\"img\\\":\\\"https:\\/\\/x.org\\/m.jpg\\\"}\"</script>",
       "state-image https:\\/\\/x.org\\/m.jpg\n"},
      {"hexadecimal", "<script>a='https:\\x2f\\x2fx.org\\x2fm.jpg'</script>",
       "state-image https:\\x2f\\x2fx.org\\x2fm.jpg\n"},
      {"each quote",
       "<script>a={b:\"//x.org/1.png\",c:'//x.org/2.png',d:`//x.org/3.png`,e:`//x.org/${f+`"
       "//x.org/4.png`+{}}.png`,g:'//x.org/5.png'}</script>",
       "state-image //x.org/1.png\nstate-image //x.org/2.png\nstate-image //x.org/3.png\n"
       "state-image //x.org/4.png\nstate-image //x.org/5.png\n"},
      {"comments and regular expressions are passed over",
       "<script>/* 'https://x.org/1.png' */ a = b / 2; // \"https://x.org/2.png\"\n"
       "c = /[/'\"]\\//.test(d) ? 'https://x.org/3.png' : 'https://x.org/4.png'</script>",
       "state-image https://x.org/3.png\nstate-image https://x.org/4.png\n"},
      {"a quote that is none",
       "<script>a = b) /it's/ + \"//x.org/a.png\"\nc = '//x.org/b.png'</script>",
       "state-image //x.org/a.png\nstate-image //x.org/b.png\n"},
      {"what scripts also name",
       "<script>load('https://x.org/a.js'); open(\"https://x.org/b\", 'https://i.imgur.com/')"
       "</script>",
       ""},
      {"markup in a string", "<script>document.write('<img src=\"/a.png\">')</script>",
       "lazy-image /a.png\n"},
      {"images told by their query or host",
       "<script type=application/json>[\"https://a.qpic.cn/a/0?wx_fmt=jpeg\","
       "{\"url_list\":[\"https://p3.toutiaoimg.com/a~noop.image\"],\"src\":"
       "\"https://miro.medium.com/v2/1*a\",\"url\":\"https://x.org/a.jpg!w600\"},"
       "\"https://pbs.twimg.com/media/ABC\",\"https://x.org/p?a&fm=jpg\","
       "\"https://x.org/i_0?x-oss-process=image/resize\",\"https://g.alicdn.com/??a.js\","
       "\"https://x.org/wx_fmt=a\",\"https://notqpic.cn/a\"]</script>",
       "state-image https://a.qpic.cn/a/0?wx_fmt=jpeg\n"
       "state-image https://p3.toutiaoimg.com/a~noop.image\n"
       "state-image https://miro.medium.com/v2/1*a\nstate-image https://x.org/a.jpg!w600\n"
       "state-image https://pbs.twimg.com/media/ABC\nstate-image https://x.org/p?a&fm=jpg\n"
       "state-image https://x.org/i_0?x-oss-process=image/resize\n"},
      {"linked data about images",
       "<script type=application/ld+json>{\"@graph\":[{\"@type\":\"ImageObject\",\"url\":"
       "\"https://x.org/u\",\"author\":{\"url\":\"https://x.org/me\"}},{\"@type\":\"WebPage\","
       "\"url\":\"https://x.org/p\"}],\"image\":\"https://x.org/a b.jpg\",\"photo\":"
       "\"https://x.org/ph\"}</script>",
       "metadata-image https://x.org/u\nmetadata-image https://x.org/a b.jpg\n"
       "metadata-image https://x.org/ph\n"},
      {"JSON.parse",
       "<script>x = "
       "JSON.parse(\"{\\\"image\\\":\\\"https:\\\\/\\\\/x.org\\\\/a.png\\\"}\")</script>",
       "state-image https:\\\\/\\\\/x.org\\\\/a.png\n"},
      {"JSON.parse, single quotes",
       "<script>window.a = JSON.parse('{\"image\":\"https://x.org/a\"}'), b = "
       "JSON.parse('[\"//x.org/b.png\"]')</script>",
       "state-image https://x.org/a\nstate-image //x.org/b.png\n"},
      {"JSON.parse, hexadecimal",
       "<script>JSON.parse('\\x5b\\x22https://x.org/a.png\\x22]')</script>",
       "state-image https://x.org/a.png\n"},
      {"streamed state",
       "<script>self.__next_f.push([1,\"a:[\\\"https://x.org/a.png\\\"]\"])</script>",
       "state-image https://x.org/a.png\n"},
      {"a string that its line does not end", "<script>JSON.parse('[\\n</script>", ""},
      {"bare keys have no image",
       "<script>a = {\"image\":\"https://x.org/a\",link:\"https://x.org/b\"}</script>",
       "state-image https://x.org/a\n"},
      {"HTML in state",
       "<script type=application/json>{\"content\":\"<p><img "
       "src=\\\"/a.png\\\">\",\"b\":\"\\u003cimg src='b'>\"}</script>",
       "lazy-image /a.png\nlazy-image b\n"},
      {"srcdoc",
       "<iframe src=a srcdoc=\"<img src='b'>&lt;p style=&quot;background:url(c)&quot;>\">",
       "page a\nimage b\nimage c\n"},
      {"srcdoc in srcdoc",
       "<iframe srcdoc='<iframe srcdoc=\"<img srcset=b>\"></iframe><img src=a>'>",
       "image-candidate b\nimage a\n"},
      {"the third is left alone",
       "<iframe srcdoc='<iframe srcdoc=\"<iframe srcdoc=&#39;<img "
       "src=b>&#39;></iframe>\"></iframe><img src=a>'>",
       "image a\n"},
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
      {"<img srcset=\"a?b&amp;c 2x\">",
       "a?b&c",
       "https://example.org/dir/a?b&c",
       {Escape::kSrcset, Escape::kHtmlDoubleQuoted}},
      {"<link rel=preload as=image imagesrcset='a 2x'>",
       "a",
       "https://example.org/dir/a",
       {Escape::kSrcset, Escape::kHtmlSingleQuoted}},
      {"<iframe srcdoc=\"<iframe srcdoc='<img srcset=a>'></iframe>\">",
       "a",
       "https://example.org/dir/a",
       {Escape::kSrcset, Escape::kHtmlUnquoted, Escape::kHtmlSingleQuoted,
        Escape::kHtmlDoubleQuoted}},
      {"<img :src=\"'a.png'\">",
       "a.png",
       "https://example.org/dir/a.png",
       {Escape::kJson, Escape::kHtmlDoubleQuoted}},
      {"<script>JSON.parse('[\"https://x.org/a.png\"]')</script>",
       "https://x.org/a.png",
       "https://x.org/a.png",
       {Escape::kJson, Escape::kJson}},
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
      {"<iframe src=a referrerpolicy=same-origin>", ReferrerPolicy::kSameOrigin},
      {"<script src=a referrerpolicy=unsafe-url></script>", ReferrerPolicy::kUnsafeUrl},
      {"<video src=a referrerpolicy=no-referrer>", ReferrerPolicy::kUnset},
      {"<form action=a rel=noreferrer>", ReferrerPolicy::kNoReferrer},
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
  CHECK(policy("<template><meta name=referrer content=origin></template>") ==
        ReferrerPolicy::kUnset);
  CHECK(policy("<noscript><meta name=referrer content=origin></noscript>") ==
        ReferrerPolicy::kUnset);
  CHECK(policy("<iframe srcdoc='<meta name=referrer content=origin>'>") == ReferrerPolicy::kUnset);
}

// WHATWG HTML, 2.4.3 and 4.2.3.
TEST_CASE("the first base counts for what is not asked for at once", "[media][html]") {
  struct Row {
    const char* name;
    std::string_view html, base, first_url;
  };
  const Row rows[] = {
      {"before", "<base href=/x/><img src=a>", "https://example.org/x/", "https://example.org/x/"},
      {"none", "<a href=a>", "https://example.org/dir/page.html", "https://example.org/dir/a"},
      {"after", "<a href=a><base href=/x/>", "https://example.org/x/", "https://example.org/x/a"},
      {"the first of two", "<a href=a><base target=_top><base href=//b.org><base href=//c.org>",
       "https://b.org/", "https://b.org/a"},
      {"data: is none", "<a href=a><base href=data:,x>", "https://example.org/dir/page.html",
       "https://example.org/dir/a"},
      {"srcdoc starts from the base so far", "<iframe srcdoc='<a href=a>'></iframe><base href=/x/>",
       "https://example.org/x/", "https://example.org/dir/a"},
      {"images do not wait for it", "<img src=a><base href=/x/>", "https://example.org/x/",
       "https://example.org/dir/a"},
      {"nor do candidates", "<img srcset=a><base href=/x/>", "https://example.org/x/",
       "https://example.org/dir/a"},
      {"nor does an image that is near later", "<img loading=lazy src=a><base href=/x/>",
       "https://example.org/x/", "https://example.org/dir/a"},
      {"nor do style sheets", "<link rel=stylesheet href=a><base href=/x/>",
       "https://example.org/x/", "https://example.org/dir/a"},
      {"nor do scripts", "<script src=a></script><base href=/x/>", "https://example.org/x/",
       "https://example.org/dir/a"},
      {"nor do frames", "<iframe src=a></iframe><base href=/x/>", "https://example.org/x/",
       "https://example.org/dir/a"},
      {"nor does a style", "<p style='background:url(a)'><base href=/x/>", "https://example.org/x/",
       "https://example.org/dir/a"},
      {"nor does a style element", "<style>p{background:url(a)}</style><base href=/x/>",
       "https://example.org/x/", "https://example.org/dir/a"},
      {"icons do", "<link rel=icon href=a><base href=/x/>", "https://example.org/x/",
       "https://example.org/x/a"},
      {"forms do", "<form action=a></form><base href=/x/>", "https://example.org/x/",
       "https://example.org/x/a"},
      {"what a script puts in place does", "<img data-src=a.png><base href=/x/>",
       "https://example.org/x/", "https://example.org/x/a.png"},
      {"in <template> it is no element of the document",
       "<a href=a><template><base href=/t/></template><base href=/x/>", "https://example.org/x/",
       "https://example.org/x/a"},
      {"in SVG it is another element", "<a href=a><svg><base href=/s/></svg><base href=/x/>",
       "https://example.org/x/", "https://example.org/x/a"},
      {"in <noscript> it is text where scripts run",
       "<a href=a><noscript><base href=/n/></noscript><base href=/x/>", "https://example.org/x/",
       "https://example.org/x/a"},
      {"in <select> it counts", "<a href=a><select><base href=/x/></select>",
       "https://example.org/x/", "https://example.org/x/a"},
      {"in text it is none",
       "<a href=a><title><base href=/1/></title><textarea><base href=/2/></textarea>"
       "<xmp><base href=/3/></xmp><iframe><base href=/4/></iframe><noembed><base "
       "href=/5/></noembed>"
       "<noframes><base href=/6/></noframes><plaintext><base href=/7/>",
       "https://example.org/dir/page.html", "https://example.org/dir/a"},
      {"in SVG's title it is HTML", "<a href=a><svg><title><base href=/x/></title></svg>",
       "https://example.org/x/", "https://example.org/x/a"},
      {"an <svg> left open ends with what it stands in",
       "<a href=a><div><svg><path></div><base href=/x/>", "https://example.org/x/",
       "https://example.org/x/a"},
      {"the first counts though it does not parse",
       "<a href=a><base href='http://['><base href=/x/>", "https://example.org/dir/page.html",
       "https://example.org/dir/a"},
      {"a base in srcdoc stays there", "<iframe srcdoc='<a href=a><base href=y/>'></iframe>",
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

TEST_CASE("srcdoc starts from the outer base", "[media][html]") {
  const auto found = scan("<base href=/x/><iframe srcdoc='<img src=a>'></iframe>").references;
  CHECK(found.back().url == "https://example.org/x/a");
}

// WHATWG HTML, 4.10.21.3: a form without an action goes to the document, whatever its base.
TEST_CASE("empty links and forms lead to the document", "[media][html]") {
  const std::string_view html = "<base href=/x/><a href=''></a><form action=''>";
  const auto found = scan(html).references;
  REQUIRE(found.size() == 3);
  CHECK(found[1].url == "https://example.org/x/");
  CHECK(found[2].url == "https://example.org/dir/page.html");
  CHECK(found[1].span == Span{html.find("''") + 1, html.find("''") + 1});
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
  CHECK(scan(repeated("<a href=b>", 200'000)).cut == false);
  const HtmlReferences many = scan(repeated("<a href=b>", 200'001));
  CHECK(many.references.size() == 200'000);
  CHECK(many.cut);
  CHECK(scan("<script type=application/json>" + repeated("[\"", 500'000)).references.empty());
  CHECK(scan("<script type=application/json>" + repeated("{\"a\":", 300'000)).references.empty());
  CHECK(scan("<p data-x='" + repeated("[\"\\u", 300'000) + "'>").references.empty());
  CHECK(
      scan("<iframe srcdoc='" + repeated("<iframe srcdoc=\"", 100'000) + "'>").references.empty());
}

// What each holds is found in both sizes, and no more of it than there is.
TEST_CASE("twice the hostile input gives twice the references, or as few", "[media][html]") {
  struct Row {
    const char* name;
    std::string_view before, piece, after;
    size_t each, once;  // references: `each` of a piece, and those of the rest
  };
  const Row rows[] = {
      {"less-than signs", "", "<", "<img src=a>", 0, 1},
      {"open tags", "", "<a ", "><img src=a>", 0, 1},
      {"nested quotes", "<a b=\"", "'", "\"><img src=a>", 0, 1},
      {"a long attribute", "<img src=\"", "0123456789", "\">", 0, 1},
      {"candidates", "<img srcset='", "a.png 2x, ", "'>", 1, 0},
      {"candidates without blanks", "<img srcset='", "a,", "'>", 0, 1},
      {"deep JSON", "<script type=application/json>", "{\"a\":[", "\"//x.org/a.png\"</script>", 0,
       1},
      {"JSON in an attribute", "<p data-x='[", "\"//x.org/a.png\",", "'>", 1, 0},
      {"strings of state", "<script>", "JSON.parse('[\"//x.org/a.png\"]');", "</script>", 1, 0},
      {"open strings of state", "<script>", "JSON.parse('", "</script><img src=a>", 0, 1},
      {"escaped quotes", "<script>//\n", "\\'\\\"\\`", "</script><img src=a>", 0, 1},
      {"open templates", "<script>//\n", "`${", "</script><img src=a>", 0, 1},
      {"ends of substitutions", "<script>//\n`${`${`${`${", "}", "</script><img src=a>", 0, 1},
      {"open expressions", "<script>//\n", "=/[", "</script><img src=a>", 0, 1},
      {"slashes", "<script>//\n", "/ ", "</script><img src=a>", 0, 1},
      {"braces of scripts", "<script>//\n", "{[", "</script><img src=a>", 0, 1},
      {"documents", "", "<iframe srcdoc='<img src=a>'></iframe>", "", 1, 0},
      {"comments", "", "<!--", "--><img src=a>", 0, 1},
      {"open comments", "", "<!-->", "<img src=a>", 0, 1},
      {"bogus CDATA", "", "<![CDATA[", "><img src=a>", 0, 1},
      {"CDATA", "<svg>", "<![CDATA[", "]]></svg><img src=a>", 0, 1},
      {"ends of scripts", "<script>", "</script", "></script><img src=a>", 0, 1},
      {"escaped scripts", "<script>", "<!--<script>", "--></script><img src=a>", 0, 1},
      {"ampersands", "<img src='", "&", "'>", 0, 1},
      {"open url()", "<style>", "a{b:url(", ")}</style><img src=a>", 0, 1},
      {"bad urls", "<style>", "a{b:url(x y)}", "</style><img src=a>", 0, 1},
      {"nested SVG", "", "<svg>", "<img src=a>", 0, 1},
      {"templates", "", "<template>", "<img src=a>", 0, 1},
      {"sources", "<picture>", "<source srcset=a>", "<img src=a>", 1, 1},
      {"attributes of one name", "<img src=a ", "src=b ", ">", 0, 1},
  };
  for (const Row& row : rows) {
    for (const size_t times : {20'000, 40'000}) {
      std::string html(row.before);
      for (size_t i = 0; i < times; ++i) html += row.piece;
      html += row.after;
      CAPTURE(row.name, times);
      CHECK(scan(html).references.size() == row.each * times + row.once);
    }
  }
}

TEST_CASE("a document cut anywhere is scanned as far as it goes", "[media][html]") {
  const std::string_view html =
      "<base href=/x/><picture><source srcset='a 1x, b 2x'><img src=\"c\" "
      "data-set='[\"//x.org/d.png\"]'>"
      "</picture><iframe srcdoc=\"<img "
      "srcset='e'>\"></iframe><svg><style>p{background:url(f)}</style>"
      "<![CDATA[g]]></svg><script>x = JSON.parse('[\"//x.org/h.png\"]')</script><template><img "
      "src=i>";
  const size_t all = scan(html).references.size();
  size_t before = 0;
  for (size_t size = 0; size <= html.size(); ++size) {
    CAPTURE(size);
    const auto found = scan(html.substr(0, size)).references;
    for (const Reference& reference : found) REQUIRE(reference.span.to <= size);
    CHECK(found.size() <= all);
    before = std::max(before, found.size());
  }
  CHECK(before == all);
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
