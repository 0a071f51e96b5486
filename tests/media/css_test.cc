#include "media/css.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

// "kind value (property) descriptor" for each URL, joined by " | ".
std::string summary(std::string_view css, bool declarations = false) {
  std::string out;
  for (const CssUrl& url : find_css_urls(css, declarations)) {
    if (!out.empty()) out += " | ";
    out += to_string(reference_kind(url));
    out += ' ' + url.value;
    if (!url.property.empty()) out += " (" + url.property + ')';
    if (!url.descriptor.empty()) out += ' ' + url.descriptor;
  }
  return out;
}

}  // namespace

// CSS Syntax Level 3, section numbers of its 2021 candidate recommendation.
TEST_CASE("URLs in a style sheet", "[media]") {
  struct Row {
    const char* rule;
    std::string_view css, urls;
  };
  const Row rows[] = {
      {"nothing", "", ""},
      {"4.3.6 url", "a{background:url(b.png)}", "image b.png (background)"},
      {"4.3.6 blanks", "a{background:url(  b.png\n)}", "image b.png (background)"},
      {"4.3.4 quoted", "a{background:url( \"b c.png\" )}", "image b c.png (background)"},
      {"4.3.4 single-quoted", "a{background:url('b.png')}", "image b.png (background)"},
      {"4.3.4 any case", "a{background:URL(b.png)}", "image b.png (background)"},
      {"4.3.7 escaped name", "a{b:\\75 rl(c.png)}", "image c.png (b)"},
      {"4.3.7 escape within the name", "a{b:u\\000072l(c.png)}", "image c.png (b)"},
      {"4.3.7 escaped name, quoted", "a{b:ur\\6c('c.png')}", "image c.png (b)"},
      {"4.3.7 escapes in a url", "a{b:url(a\\20 b\\(1\\).png)}", "image a b(1).png (b)"},
      {"4.3.7 escapes in a string", "a{b:url(\"\\e9 t\\\ne9.png\")}", "image \xC3\xA9te9.png (b)"},
      {"4.3.7 no character", "a{b:url(\\0 \\d800 \\110000 x)}",
       "image \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx (b)"},
      {"3.3 CRLF after an escape", "a{b:url(a\\20\r\nb)}", "image a b (b)"},
      {"no comments inside url()", "a{b:url(//c.test/*d*/.png)}", "image //c.test/*d*/.png (b)"},
      {"4.3.2 comments", "/* url(a) */ a{/*;*/b/*x*/:/* url(b) */url(c)} /* url(d)", "image c (b)"},
      {"4.3.3 a unit is no function", "a{b:1url(c)}", ""},
      {"4.3.3 a percentage ends", "a{b:1%url(c)}", "image c (b)"},
      {"4.3.1 a hash is no function", "a{b:#url(c)}", ""},
      {"4.3.1 an escaped hash neither", "a{b:#\\75rl(c)}", ""},
      {"a longer name is another", "a{b:xurl(c) curl(d) -url(e)}", ""},
      {"4.3.14 bad url, recovered", "a{b:url(x y) url(z)}", "image z (b)"},
      {"4.3.14 bad url: parenthesis", "a{b:url(x(y) url(z)}", "image z (b)"},
      {"4.3.14 bad url: quote", "a{b:url(x'y) url(z)}", "image z (b)"},
      {"4.3.14 escaped parenthesis", "a{b:url(x y\\)url(n) url(z)}", "image z (b)"},
      {"4.3.6 control characters", "a{b:url(x\x01y) url(z)}", "image z (b)"},
      {"4.3.5 bad string, recovered", "a{b:url('x\n;c:url(z)}", "image z (c)"},
      {"4.3.5 strings hide", "a{content:\"url(x)\";b:url(y)}", "image y (b)"},
      {"4.3.5 escaped quote", "a{content:\"\\\"url(x)\";b:url(y)}", "image y (b)"},
      {"unterminated url", "a{b:url(c.png", "image c.png (b)"},
      {"unterminated string", "a{b:url(\"c.png", "image c.png (b)"},
      {"unterminated @import", "@import url(", ""},
      {"unterminated escape", "a{b:url(c\\", "image c (b)"},
      {"empty", "a{b:url();c:url(\"\")}", ""},
      {"Cascade 5, 2: import by string", "@import \"a.css\";@IMPORT 'b.css' screen;",
       "css-string a.css (@import) | css-string b.css (@import)"},
      {"import by url",
       "@import url(a.css) layer(x) print;@import url( 'b.css' );@import/**/url(c.css)",
       "stylesheet a.css (@import) | stylesheet b.css (@import) | stylesheet c.css (@import)"},
      {"import, escaped", "@\\69mport \"a.css\";", "css-string a.css (@import)"},
      {"import conditions load nothing", "@import 'a' supports(b: url(c)); a{b:url(d)}",
       "css-string a (@import) | image d (b)"},
      {"import of something else", "@import b 'a';", ""},
      {"Namespaces 3: a name, not a place",
       "@namespace svg url(http://www.w3.org/2000/svg); @namespace 'x';", ""},
      {"charset", "@charset \"utf-8\"; a{b:url(c)}", "image c (b)"},
      {"conditions", "@supports (b: image-set('x' 1x)) { a{b:url(c)} }", "image c (b)"},
      {"document conditions", "@document url(http://a.test/) { a{b:url(c)} }", "image c (b)"},
      {"Fonts 4, 4.3",
       "@font-face{font-family:'x';src:local('y'),url(a.woff2) format('woff2')} a{b:url(c)}",
       "font a.woff2 (src) | image c (b)"},
      {"Images 4, 2.4 image-set", "a{b:image-set('c.png' 1x,'d.png' 2x)}",
       "css-string c.png (b) 1x | css-string d.png (b) 2x"},
      {"image-set, prefixed, url()", "a{b:-webkit-image-set(url(c) 1x, url('d') 2X)}",
       "image-candidate c (b) 1x | image-candidate d (b) 2x"},
      {"image-set, types",
       "a{b:image-set('c' type('image/avif') 1.5x, url('d') 192dpi type(\"image/png\"), 'e')}",
       "css-string c (b) 1.5x | image-candidate d (b) 192dpi | css-string e (b)"},
      {"image-set, gradients between", "a{b:image-set(linear-gradient(red, blue) 1x, url(d) 2x)}",
       "image-candidate d (b) 2x"},
      {"image-set, comments", "a{b:image-set(url(c)/*,3x*/2x)}", "image-candidate c (b) 2x"},
      {"image-set left open", "a{b:image-set('c' 1x} d{content:'e'}", "css-string c (b) 1x"},
      {"Values 5 src()", "a{b:src('c.png')}", "image c.png (b)"},
      {"Variables 1: custom properties", ":root{--Hero:url(a.png)}", "image a.png (--Hero)"},
      {"several in one value", "a{background:url(b),url(c)}",
       "image b (background) | image c (background)"},
      {"data: URLs", "a{b:url(data:image/png;base64,AA==)}", "data data:image/png;base64,AA== (b)"},
      {"nested blocks", "@media x{a{b:url(c)}}d{e:url(f)}", "image c (b) | image f (e)"},
      {"HTML comments", "<!-- a{b:url(c)} -->", "image c (b)"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.css) { CHECK(summary(row.css) == row.urls); }
  }
}

TEST_CASE("URLs in a style attribute", "[media]") {
  CHECK(summary("background: url(a.png); color: red", true) == "image a.png (background)");
  CHECK(summary("@import 'b.css'; cursor:url('c.cur')", true) == "image c.cur (cursor)");
}

TEST_CASE("a CSS URL's span holds what was written, without quotes", "[media]") {
  const std::string_view css = "@import 'a\\20 b'; x{y:url( c.png ) url(\"d\")}";
  const auto urls = find_css_urls(css);
  REQUIRE(urls.size() == 3);
  const auto written = [&](size_t i) { return css.substr(urls[i].span.from, urls[i].span.size()); };
  CHECK(written(0) == "a\\20 b");
  CHECK(urls[0].escape == Escape::kCssSingleQuoted);
  CHECK(written(1) == "c.png");
  CHECK(urls[1].escape == Escape::kCssUrl);
  CHECK(written(2) == "d");
  CHECK(urls[2].escape == Escape::kCssDoubleQuoted);
}

TEST_CASE("what escaped() writes, CSS reads back", "[media]") {
  for (const std::string text : {"a b", "(1)", "\"'\\", "</style>", "caf\xC3\xA9\n", "a\fb"}) {
    for (const auto& [escape, open, close] :
         {std::tuple{Escape::kCssUrl, "url(", ")"},
          std::tuple{Escape::kCssDoubleQuoted, "url(\"", "\")"},
          std::tuple{Escape::kCssSingleQuoted, "url('", "')"}}) {
      const std::string css = "a{b:" + (open + escaped(text, {escape})) + close + ";c:url(z)}";
      CAPTURE(css);
      const auto urls = find_css_urls(css);
      REQUIRE(urls.size() == 2);
      CHECK(urls[0].value == text);
    }
  }
}

// Each would take hours if any step looked back or ahead more than once.
TEST_CASE("hostile style sheets end in linear time", "[media]") {
  for (const std::string_view piece : {"url(", "url(a b", "(", "\\75", "@import ", "image-set('a'",
                                       "/*", "\"\\\n", "a{", "u\\", "url(a)", "-"}) {
    std::string css = "x{y:";
    for (int i = 0; i < 200'000; ++i) css += piece;
    CAPTURE(piece);
    CHECK(find_css_urls(css).size() <= 200'000);
  }
}

TEST_CASE("what is empty once its escapes are undone is no URL", "[media][css]") {
  CHECK(find_css_urls("a{b:url(\\").empty());
  CHECK(find_css_urls("a{b:url('\\\n')}").empty());
}
