#include "media/markdown.h"

#include <fmt/format.h>

#include "tests/support/catch.h"

using namespace halftone;

namespace {

// "image written" or "link written" for each URL, joined by " | ".
std::string summary(std::string_view body) {
  std::string out;
  for (const MarkdownUrl& url : find_markdown_urls(body)) {
    if (!out.empty()) out += " | ";
    out += url.rejected ? "rejected " : url.is_image ? "image " : "link ";
    out += body.substr(url.span.from, url.span.size());
    if (!url.alt.empty()) out += " (" + url.alt + ')';
  }
  return out;
}

std::string raw_html(std::string_view body) {
  std::string out;
  for (const Span span : find_raw_html(body)) {
    if (!out.empty()) out += " | ";
    out += body.substr(span.from, span.size());
  }
  return out;
}

}  // namespace

// CommonMark 0.29 and GitHub's extensions to it.
TEST_CASE("Markdown's own links and images", "[media]") {
  struct Row {
    const char* rule;
    std::string_view body, urls;
  };
  const Row rows[] = {
      {"nothing", "", ""},
      {"6.4 image", "![a cat](cat.png)", "image cat.png (a cat)"},
      {"Markdown inside of one element", "<div align=center>\n\n![a](b.png)\n\n</div>",
       "image b.png (a)"},
      {"6.3 link", "see [this](page.html).", "link page.html"},
      {"6.3 angled", "![](<a b.png> 'title')", "image a b.png"},
      {"6.3 blanks and title", "![a]( b.png\n\"c (d)\" )", "image b.png (a)"},
      {"6.3 parentheses", "[a](b(c)d) [e](f\\)g)", "link b(c)d | link f\\)g"},
      {"6.3 an image in a link", "[![a](b.png)](c.html)", "image b.png (a) | link c.html"},
      {"6.3 links hold no links", "[a [b](c) d](e) [f](e)", "link c | link e"},
      {"6.3 no blank in a bare destination", "[a](b c)", ""},
      {"6.3 a bracket that opened nothing", "x](e) [f](e)", "link e"},
      {"2.4 escaped brackets", "\\[a](e) [f](e)", "link e"},
      {"6.1 code spans", "`[a](e)` ``[b`](e)`` [f](e)", "link e"},
      {"6.1 backticks that close nothing", "`` [a](e)", "link e"},
      {"4.4 indented code", "    ![a](b.png)\n\n![a](b.png)", "image b.png (a)"},
      {"4.5 fenced code", "```\n![a](b.png)\n```\n![c](b.png)", "image b.png (c)"},
      {"6.10 inside a tag", "<a title=\"[a](e)\"> [f](e)", "link e"},
      {"6.10 inside a comment", "x <!-- [a](e) --> [f](e)", "link e"},
      {"4.6 inside an HTML block", "<div>\n[a](e)\n</div>\n\n[f](e)", "link e"},
      {"4.2 headings", "# ![a](b.png) #\n\n![c](d.png)\n===", "image b.png (a) | image d.png (c)"},
      {"5.1 block quotes", "> ![a](b.png)\n> ![c](d.png)\nlazy ![e](f.png)",
       "image b.png (a) | image d.png (c) | image f.png (e)"},
      {"5.2 lists", "- ![a](b.png)\n  ![c](d.png)\n\n  1. ![e](f.png)",
       "image b.png (a) | image d.png (c) | image f.png (e)"},
      {"bytes before, not characters", "\xE5\xBC\xA0\xE5\xB0\x8F ![\xE9\xBE\x99](\xE5\x9B\xBE.png)",
       "image \xE5\x9B\xBE.png (\xE9\xBE\x99)"},
      {"line ends", "a\r\n![b](c.png)\r\n\r\n![d](e.png)", "image c.png (b) | image e.png (d)"},
      {"6.2 character references", "![a](b.png?c=1&amp;d=2)", "image b.png?c=1&amp;d=2 (a)"},
      {"6.5 autolink", "<https://a.test/b> <x@y.test>", "link https://a.test/b"},
      {"GFM 6.9 bare autolink", "see https://a.test/b(c), (https://d.test/) www.e.test",
       "link https://a.test/b(c) | link https://d.test/ | link www.e.test"},
      {"GFM 6.9 references at the end", "https://a.test/b&copy; https://a.test/c; ftp://d.test/e",
       "link https://a.test/b | link https://a.test/c | link ftp://d.test/e"},
      {"GFM 6.9 a bare URL inside a word or brackets is none",
       "xhttps://a.test [https://a.test https://a.test] https://a.test", "link https://a.test"},
      {"6.3 a full reference before what looks like a destination",
       "[b]: c\n\n[a][b](https://d.test)", "link c | link https://d.test"},
      {"4.7 of one label the first counts", "[a]\n\n[A]: b\n\n[a]: b", "link b"},
      {"footnotes", "a[^1]\n\n[^1]: b ![c](d.png)\n\n    ![e](f.png)\n",
       "image d.png (c) | image f.png (e)"},
      {"blanks in the destination of an image",
       "![a](my pic.png \"t\") [b](my page.html) ![c](d e)", "rejected my pic.png (a)"},
      {"part of it looks like a link", "![a](https://b.test/my pic.png)",
       "rejected https://b.test/my pic.png (a)"},
      {"an image in what looks like a destination with blanks",
       "![a]((https://b.test/) ![c](d.png)", "link https://b.test/ | image d.png (c)"},
      {"an image in a cell", "| a |\n|---|\n| [![b](c.png)](d) |", "image c.png (b) | link d"},
      {"GFM 4.10 tables", "| a | b |\n|---|---|\n| ![c](d.png) | `x` [e](f) |",
       "image d.png (c) | link f"},
      {"4.7 definitions", "![a][id] and [b]\n\n[id]: c.png \"t\"\n[b]: <d e>\n[unused]: f.png",
       "image c.png (a) | link d e"},
      {"4.7 only where a paragraph begins", "![a][id]\n\nx\n[id]: c.png\n\n[id]: c.png",
       "image c.png (a)"},
      {"4.7 in a block quote", "[a]\n\n> [a]: b", "link b"},
      {"alt without marks", "![a *b* `c` [d](e)](f.png)", "rejected e | image f.png (a b c d)"},
      {"strikethrough", "~~[a](b)~~", "link b"},
      {"6.4 an image in the description of another is text", "![![a](b.png)](c.png)",
       "rejected b.png (a) | image c.png (a)"},
      {"6.2 and 6.5 references in an autolink", "<https://a.test/?b&amp;c\\d>",
       "link https://a.test/?b&amp;c\\d"},
      {"one bare URL twice, once where cmark-gfm knows none", "[https://a.test https://a.test", ""},
      {"a definition that links and images share is an image", "[a] ![a]\n\n[a]: b", "image b (a)"},
      {"4.7 a place that cannot be told", "![a]\n\n[a]:\n> b\n\n> [a]:\n> c.png", "image  (a)"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.body) { CHECK(summary(row.body) == row.urls); }
  }
}

TEST_CASE("a definition is found at its own place", "[media]") {
  const std::string_view body = "![a][id]\n\nx\n[id]: c.png\n\n[id]: c.png";
  const auto urls = find_markdown_urls(body);
  REQUIRE(urls.size() == 1);
  CHECK(urls[0].span == Span{31, 36});
}

TEST_CASE("what escaped() writes, Markdown reads back", "[media]") {
  for (const std::string text :
       {"a b", "(1", "<x>", "a\\b", "&copy;", "a|b", "a`b", "a?b&c=d", "[a](b)", "*a* _b_"}) {
    for (const auto& [escape, open, close] :
         {std::tuple{Escape::kMarkdownUrl, "![x](", ")"},
          std::tuple{Escape::kMarkdownAngled, "![x](<", ">)"}}) {
      for (const std::string_view frame : {"{} `", "| a |\n|---|\n| {} |"}) {
        const std::string image = open + escaped(text, {escape}) + close;
        const std::string body = fmt::format(fmt::runtime(frame), image);
        CAPTURE(body);
        const auto urls = find_markdown_urls(body);
        REQUIRE(urls.size() == 1);
        CHECK(urls[0].value == text);
        CHECK(body.substr(urls[0].span.from, urls[0].span.size()) == escaped(text, {escape}));
      }
    }
  }
}

TEST_CASE("raw HTML in Markdown", "[media]") {
  struct Row {
    const char* rule;
    std::string_view body, html;
  };
  const Row rows[] = {
      {"none", "a < b > c", ""},
      {"6.10 inline", "a <img src='b.png'> c</i>", "<img src='b.png'> | </i>"},
      {"6.10 across lines", "a <img\nsrc=b.png> c", "<img\nsrc=b.png>"},
      {"4.6 block", "a\n\n<div>\n<p>b\n</div>\n\nc", "<div>\n<p>b\n</div>\n"},
      {"code is no HTML", "`<img>`\n\n    <img>", ""},
      {"one element is HTML from end to end", "\n<div>\n\n    <img src=a>\n\n</div>\n ",
       "\n<div>\n\n    <img src=a>\n\n</div>\n "},
      {"4.4 an indented element that text follows is code",
       "        <div>\n\n          <img>\n\n        </div>\n\nb <i>", "<i>"},
      {"a tag in a quote", "> <img\n> src=a.png>", "<img\n |  src=a.png>"},
      {"a block in a quote", "> <div\n> id=a>\n", "<div\n | id=a>\n"},
      {"below an underlined heading, once", "a\n===\nb <i>", "<i>"},
      {"4.6, 1: to the end tag", "<pre>\n\n*a*</pre> <img>\n*b*", "<pre>\n\n*a*</pre> <img>\n"},
      {"4.6, 1: script", "<script>\n\n<img></script>\n<b>", "<script>\n\n<img></script>\n | <b>"},
      {"4.6, 2: comment", "<!-- a\n\nb --> <img>\n*c*", "<!-- a\n\nb --> <img>\n"},
      {"4.6, 2: of one line", "<!-- a --> <img>\n*c*", "<!-- a --> <img>\n"},
      {"4.6, 3: instruction", "<?a\n\nb?> <img>\n*c*", "<?a\n\nb?> <img>\n"},
      {"4.6, 4: declaration", "<!A\n\nb> <img>\n*c*", "<!A\n\nb> <img>\n"},
      {"4.6, 5: CDATA", "<![CDATA[\n\na]]> <img>\n*c*", "<![CDATA[\n\na]]> <img>\n"},
      {"4.6, 6: to a blank line", "<div>\n<img>\n\n*a*", "<div>\n<img>\n"},
      {"4.6, 7: any tag alone in its line", "<i class=a>\n<img>\n\n*a*", "<i class=a>\n<img>\n"},
      {"4.6, 7: not in a paragraph", "a\n<i>\n", "<i>"},
      {"with others of its name inside", "<div><div>\n\n</div><!-- </div> --></div>",
       "<div><div>\n\n</div><!-- </div> --></div>"},
      {"two elements are Markdown", "<div>a</div>\n\n*b*\n\n<div>c</div>",
       "<div>a</div>\n | <div>c</div>"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.body) { CHECK(raw_html(row.body) == row.html); }
  }
}

TEST_CASE("Markdown becomes HTML", "[media]") {
  CHECK(render_markdown("*a* ~~b~~ <i>c</i>") == "<p><em>a</em> <del>b</del> <i>c</i></p>\n");
  CHECK(render_markdown("<script>x</script>") == "<script>x</script>\n");
  CHECK(render_markdown("| a |\n|---|\n| b |") ==
        "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</"
        "tbody>\n</table>\n");
  CHECK(render_markdown("\n <div>\n\n      <p>a</p>\n\n</div>\n") ==
        "<div>\n\n      <p>a</p>\n\n</div>\n");
  CHECK(render_markdown("<div>\n\n![a](b.png)\n\n</div>") ==
        "<div>\n<p><img src=\"b.png\" alt=\"a\" /></p>\n</div>\n");
}

// Each would take hours by a method that looks back or ahead for every mark.
TEST_CASE("hostile Markdown gets an answer", "[media]") {
  std::string table = "|";
  for (int i = 0; i < 20'000; ++i) table += "x|";
  table += "\n|";
  for (int i = 0; i < 20'000; ++i) table += "-|";
  for (int i = 0; i < 20'000; ++i) table += "\n|x|";
  CHECK(find_markdown_urls(table).empty());
  const std::string bare = "http://a.test/b www.c.test/d\n";
  std::string urls;
  for (int i = 0; i < 20'000; ++i) urls += bare;
  CHECK(find_markdown_urls(urls).size() == 40'000);
  for (const std::string_view piece :
       {"[",         "![[]()",   "> ",   "- ",          "`a``",    "<a b='",
        "<!--",      "<a:",      "[a](", "[a](b \"",    "a@b.c",   "http://",
        "http://\\", "www.",     "[^a]", "[^a]: b\n\n", "![](a b", "![](a b.png)",
        "a;",        "[a]: b\n", "\\",   "<?",          "*a_"}) {
    std::string body;
    for (int i = 0; i < 100'000; ++i) body += piece;
    CAPTURE(piece);
    for (const MarkdownUrl& url : find_markdown_urls(body)) CHECK(url.span.to <= body.size());
  }
}

TEST_CASE("of Markdown past all reason everything is listed", "[media]") {
  for (const size_t count : {30'000, 60'000}) {
    std::string body;
    for (size_t i = 0; i < count; ++i) body += "![a](b.png) <i>\n\n";
    const MarkdownScan scan = scan_markdown(body + "[c]: d.png\n");
    REQUIRE(scan.urls.size() == count + 1);
    CHECK(scan.html.size() == count);
    CHECK(scan.urls[0].is_image);
    CHECK(scan.urls[0].span == Span{5, 10});
    CHECK(scan.urls[count].is_image);
  }
}

TEST_CASE("twice as much Markdown has twice as many links", "[media]") {
  struct Row {
    std::string_view piece;
    size_t each;
  };
  const Row rows[] = {{"[a](b) ", 1},
                      {"> [a](b)\n> [c](d)\n\n", 2},
                      {"- ![a](b)\n", 1},
                      {"a b.c *d* `e` ", 0},
                      {"`` ` [a](b)\n\n", 1},
                      {"<a [a](b)\n\n", 1},
                      {"\\[ <https://a.test> ", 1}};
  for (const auto& [piece, each] : rows) {
    for (const size_t count : {2'000, 4'000}) {
      std::string body;
      for (size_t i = 0; i < count; ++i) body += piece;
      CAPTURE(piece, count);
      CHECK(find_markdown_urls(body).size() == each * count);
    }
  }
}
