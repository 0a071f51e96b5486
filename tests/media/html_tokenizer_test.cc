#include "media/html_tokenizer.h"

#include "media/ascii.h"
#include "tests/support/catch.h"

using namespace halftone;
using namespace std::string_literals;
using namespace std::string_view_literals;
using Type = HtmlToken::Type;

namespace {

// The tokens in short: <a>, </a>, <a/>, "text", <!comment>, [doctype], {cdata}.
std::string shorthand(std::string_view input) {
  HtmlTokenizer tokenizer(input);
  std::string out;
  for (;;) {
    const HtmlToken& token = tokenizer.next();
    const std::string name = lower_case(token.name);
    const std::string text(token.text);
    switch (token.type) {
      case Type::kText:
        out += token.text_mode == HtmlToken::TextMode::kCData ? "{" + text + "}" : '"' + text + '"';
        break;
      case Type::kStartTag:
        out += "<" + name + (token.self_closing ? "/>" : ">");
        break;
      case Type::kEndTag:
        out += "</" + name + ">";
        break;
      case Type::kComment:
        out += "<!" + text + ">";
        break;
      case Type::kDoctype:
        out += "[" + name + "]";
        break;
      case Type::kEnd:
        return out;
    }
  }
}

// The attributes of the first tag.
std::vector<HtmlAttribute> attributes(std::string_view input) {
  HtmlTokenizer tokenizer(input);
  return tokenizer.next().attributes;
}

std::string_view piece(std::string_view input, Span span) {
  return input.substr(span.from, span.size());
}

}  // namespace

// What the tree builder tells the tokenizer in 13.2.6, scripting being off.
TEST_CASE("start tags switch the content model", "[media][html]") {
  struct Row {
    const char* name;
    std::string_view input, tokens;
  };
  const Row rows[] = {
      {"title is RCDATA", "<title><b></title><b>", "<title>\"<b>\"</title><b>"},
      {"textarea is RCDATA", "<TextArea><b></textAREA >x", "<textarea>\"<b>\"</textarea>\"x\""},
      {"style is raw text", "<style><b></title></style>", "<style>\"<b></title>\"</style>"},
      {"iframe is raw text", "<iframe><b></iframe>", "<iframe>\"<b>\"</iframe>"},
      {"noscript is markup", "<noscript><img></noscript>", "<noscript><img></noscript>"},
      {"script hides tags", "<script>'<b>'</script>", "<script>\"'<b>'\"</script>"},
      {"script, escaped", "<script><!--<script></script>--></script>",
       "<script>\"<!--<script></script>-->\"</script>"},
      {"script, never double", "<script><!--</script>x", "<script>\"<!--\"</script>\"x\""},
      {"script, <!--> escapes nothing", "<script><!--><script></script>",
       "<script>\"<!--><script>\"</script>"},
      {"plaintext never ends", "<plaintext></plaintext>", "<plaintext>\"</plaintext>\""},
      {"an empty element", "<title></title>x", "<title></title>\"x\""},
      {"a slash closes no HTML element", "<script/><b></script>", "<script/>\"<b>\"</script>"},
      {"an end tag that the input cuts off is text", "<title>a</title", "<title>\"a</title\""},
      {"an end tag cut off in its attributes is nothing", "<title>a</title b", "<title>\"a\"\"\""},
      {"</>", "a</>b", "\"a\"\"\"\"b\""},
      {"a tag cut off is nothing", "a<b c='", "\"a\"\"\""},
      {"a '<' before a space is text", "a < b <", "\"a < b <\""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(shorthand(row.input) == row.tokens); }
  }
}

// 13.2.6.5 "The rules for parsing tokens in foreign content".
TEST_CASE("SVG and MathML have their own rules", "[media][html]") {
  struct Row {
    const char* name;
    std::string_view input, tokens;
  };
  const Row rows[] = {
      {"no CDATA in HTML", "<p><![CDATA[x]]>", "<p><![CDATA[x]]>"},
      {"CDATA in SVG", "<svg><![CDATA[<b>]]><b>", "<svg>{<b>}<b>"},
      {"CDATA to the end", "<svg><![CDATA[a]]", "<svg>{a]]}"},
      {"CDATA in MathML", "<math><mi><![CDATA[x]]>", "<math><mi>{x}"},
      {"an empty svg is closed", "<svg/><![CDATA[x]]>", "<svg/><![CDATA[x]]>"},
      {"after </svg>", "<svg></SVG><![CDATA[x]]>", "<svg></svg><![CDATA[x]]>"},
      {"title in SVG is no RCDATA", "<svg><title><b>", "<svg><title><b>"},
      {"style in SVG is no raw text", "<svg><style><a></style>", "<svg><style><a></style>"},
      {"script in SVG is markup", "<svg><script><a></script>", "<svg><script><a></script>"},
      {"foreignObject holds HTML", "<svg><foreignObject><style><a></style>",
       "<svg><foreignobject><style>\"<a>\"</style>"},
      {"after foreignObject", "<svg><foreignObject></foreignObject><style><a>",
       "<svg><foreignobject></foreignobject><style><a>"},
      {"desc holds HTML", "<svg><desc><style><a></style>", "<svg><desc><style>\"<a>\"</style>"},
      {"mtext holds HTML", "<math><mtext><title><a></title>",
       "<math><mtext><title>\"<a>\"</title>"},
      {"foreignObject in MathML does not", "<math><foreignObject><style><a>",
       "<math><foreignobject><style><a>"},
      {"annotation-xml of HTML", "<math><annotation-xml encoding=text/HTML><style><a></style>",
       "<math><annotation-xml><style>\"<a>\"</style>"},
      {"annotation-xml of something else", "<math><annotation-xml><style><a>",
       "<math><annotation-xml><style><a>"},
      {"SVG in annotation-xml", "<math><annotation-xml><svg><desc><style><a></style>",
       "<math><annotation-xml><svg><desc><style>\"<a>\"</style>"},
      {"p breaks out", "<svg><g><p><style><a></style>", "<svg><g><p><style>\"<a>\"</style>"},
      {"</p> breaks out", "<svg></p><style><a></style>", "<svg></p><style>\"<a>\"</style>"},
      {"font breaks out with a colour", "<svg><font color=red><xmp><a></xmp>",
       "<svg><font><xmp>\"<a>\"</xmp>"},
      {"font alone does not", "<svg><font><xmp><a>", "<svg><font><xmp><a>"},
      {"breaking out ends at an integration point", "<svg><desc><svg><p></desc><![CDATA[x]]>",
       "<svg><desc><svg><p></desc>{x}"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(shorthand(row.input) == row.tokens); }
  }
}

// 13.2.5.32 to 13.2.5.40.
TEST_CASE("attributes keep how they were written", "[media][html]") {
  struct Row {
    std::string_view input, name, value;
    Span span;
    char quote;
    bool has_value;
  };
  const Row rows[] = {
      {"<a b=\"c d\">", "b", "c d", {6, 9}, '"', true},
      {"<a b = 'c\"d' >", "b", "c\"d", {8, 11}, '\'', true},
      {"<a b=c/d>", "b", "c/d", {5, 8}, '\0', true},
      {"<a b=c\"d'>", "b", "c\"d'", {5, 9}, '\0', true},
      {"<a b>", "b", "", {4, 4}, '\0', false},
      {"<a b= >", "b", "", {6, 6}, '\0', true},
      {"<a b=\"\">", "b", "", {6, 6}, '"', true},
      {"<a =b=c>", "=b", "c", {6, 7}, '\0', true},
      {"<a/b='c'/>", "b", "c", {6, 7}, '\'', true},
      {"<a DATA-Src=x>", "DATA-Src", "x", {12, 13}, '\0', true},
      {"<a b=\"c\nd>\">", "b", "c\nd>", {6, 10}, '"', true},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.input) {
      const auto found = attributes(row.input);
      REQUIRE(found.size() == 1);
      CHECK(found[0].name == row.name);
      CHECK(piece(row.input, found[0].name_span) == row.name);
      CHECK(found[0].value == row.value);
      CHECK(found[0].value_span == row.span);
      CHECK(piece(row.input, found[0].value_span) == row.value);
      CHECK(found[0].quote == row.quote);
      CHECK(found[0].has_value == row.has_value);
    }
  }
}

TEST_CASE("the first of several attributes of a name counts", "[media][html]") {
  const auto few = attributes("<a src=1 SRC=2 x=3 src>");
  REQUIRE(few.size() == 4);
  CHECK_FALSE(few[0].duplicate);
  CHECK(few[1].duplicate);
  CHECK_FALSE(few[2].duplicate);
  CHECK(few[3].duplicate);

  std::string many = "<a src=first";
  for (int i = 0; i < 1000; ++i) many += " n" + std::to_string(i) + "=x N7=y";
  HtmlTokenizer tokenizer(many += " src=last>");
  const HtmlToken& tag = tokenizer.next();
  CHECK(tag.find("src")->value == "first");
  CHECK(tag.attributes.back().duplicate);
  CHECK(std::count_if(tag.attributes.begin(), tag.attributes.end(),
                      [](const HtmlAttribute& a) { return a.duplicate; }) == 1001);
}

TEST_CASE("every byte belongs to one token, wherever the input is cut", "[media][html]") {
  const std::string page =
      "<!doctype html public \"a\" 'b'><title>a&amp;b</title><!-- c --><p a='b' c=d e>x</p ><?pi?>"
      "<script><!--<script>'</script>'--></script><svg><![CDATA[x]]></svg></><textarea>\n</textarea"
      "></ x><style>a{}</style><br/>a<b";
  for (size_t size = 0; size <= page.size(); ++size) {
    CAPTURE(size);
    const std::string_view input = std::string_view(page).substr(0, size);
    HtmlTokenizer tokenizer(input);
    size_t covered = 0;
    for (const HtmlToken* token = &tokenizer.next(); token->type != Type::kEnd;
         token = &tokenizer.next()) {
      REQUIRE(token->span.from == covered);
      REQUIRE(token->span.to > covered);
      covered = token->span.to;
    }
    CHECK(covered == size);
    CHECK(tokenizer.next().type == Type::kEnd);
  }
}

// Each of these takes for ever where some step is quadratic; they are only counted.
TEST_CASE("hostile input is read in one pass", "[media][html]") {
  const size_t size = 1'000'000;
  const auto repeated = [&](std::string_view text) {
    std::string out;
    while (out.size() < size) out += text;
    return out;
  };
  const auto tokens = [](std::string_view input) {
    HtmlTokenizer tokenizer(input);
    size_t count = 0;
    while (tokenizer.next().type != Type::kEnd) ++count;
    return count;
  };
  CHECK(tokens(std::string(size, '<')) == 1);
  CHECK(tokens("<a b=\"" + std::string(10 * size, 'x') + "\">") == 1);
  CHECK(tokens("<a " + repeated("b c=d ") + ">") == 1);
  CHECK(tokens("<!--" + std::string(size, '-')) == 1);
  CHECK(tokens("<!--" + repeated("--!")) == 1);
  CHECK(tokens("<title>" + repeated("</titl")) == 2);
  CHECK(tokens("<script>" + repeated("<!--<script")) == 2);
  CHECK(tokens("<script>" + repeated("<!--<script></")) == 2);
  CHECK(tokens(repeated("<svg>") + repeated("</x>")) == 450'000);
  std::string distinct = "<a ";
  for (int i = 0; i < 100'000; ++i) distinct += "a" + std::to_string(i) + " ";
  CHECK(tokens(distinct + ">") == 1);
}

// 13.2.5.72 to 13.2.5.80.
TEST_CASE("decoded text knows where each character stood", "[media][html]") {
  const SourceText text =
      decode_html("a&amp;b\r\nc&#x4f60;", 100, HtmlToken::TextMode::kData, false);
  CHECK(text.text() == "a&b\nc你");
  CHECK(text.source(0, 1) == Span{100, 101});
  CHECK(text.source(1, 2) == Span{101, 106});
  CHECK(text.source(2, 3) == Span{106, 107});
  CHECK(text.source(3, 4) == Span{107, 109});
  CHECK(text.source(5, 8) == Span{110, 118});
}

TEST_CASE("a reference in an attribute needs its semicolon before '=' and letters",
          "[media][html]") {
  struct Row {
    std::string_view input, value;
  };
  const Row rows[] = {{"<a b='?x=1&amp;y=2'>", "?x=1&y=2"},
                      {"<a b='?x&copy=1'>", "?x&copy=1"},
                      {"<a b='?x&copy;=1'>", "?x©=1"},
                      {"<a b='&copyx'>", "&copyx"},
                      {"<a b='&copy'>", "©"},
                      {"<a b='&copy '>", "© "},
                      {"<a b='&#47;x&#x2F'>", "/x/"},
                      {"<a b='a\r\nb'>", "a\nb"}};
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.input) {
      CHECK(decode_value(attributes(row.input).at(0)).text() == row.value);
    }
  }
}

TEST_CASE("what needs no decoding is not copied", "[media][html]") {
  const std::string_view input = "<a href=\"https://example.org/a?b=c\">";
  const auto found = attributes(input);
  CHECK(decode_value(found.at(0)).text().data() == found.at(0).value.data());
}

TEST_CASE("NUL is replaced where the standard says", "[media][html]") {
  using Mode = HtmlToken::TextMode;
  const auto decoded = [](Mode mode) {
    return std::string(decode_html("a\0"sv, 0, mode, false).text());
  };
  CHECK(decoded(Mode::kData) == "a\0"s);
  CHECK(decoded(Mode::kCData) == "a\0"s);
  for (const Mode mode : {Mode::kRcData, Mode::kRawText, Mode::kScript, Mode::kPlainText}) {
    CHECK(decoded(mode) == "a\uFFFD");
  }
}
