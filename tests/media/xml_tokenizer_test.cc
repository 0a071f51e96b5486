#include "media/xml_tokenizer.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

std::string_view to_string(XmlToken::Type type) {
  constexpr std::string_view kNames[] = {"text",    "cdata",       "start",   "end",
                                         "comment", "instruction", "doctype", "."};
  return kNames[static_cast<size_t>(type)];
}

// "start name [a="v" b=v] /" and "text <content>" for each token, joined by " | ".
std::string summary(std::string_view xml) {
  XmlTokenizer tokenizer(xml);
  std::string out;
  while (true) {
    const XmlToken& token = tokenizer.next();
    if (token.type == XmlToken::Type::kEnd) return out;
    if (!out.empty()) out += " | ";
    out += to_string(token.type);
    if (!token.name.empty()) out += ' ' + std::string(token.name);
    if (!token.text.empty()) out += " (" + std::string(token.text) + ')';
    for (const XmlAttribute& attribute : token.attributes) {
      const std::string quote(attribute.quote ? 1 : 0, attribute.quote);
      out += ' ' + std::string(attribute.name) + '=' + quote + std::string(attribute.value) + quote;
    }
    if (token.self_closing) out += " /";
  }
}

// Every byte is in one span, spans of values hold the values.
size_t check_spans(std::string_view xml) {
  XmlTokenizer tokenizer(xml);
  size_t at = 0, count = 0;
  while (true) {
    const XmlToken& token = tokenizer.next();
    REQUIRE(token.span.from == at);
    at = token.span.to;
    if (token.type == XmlToken::Type::kEnd) break;
    REQUIRE(token.span.size() > 0);
    ++count;
    for (const XmlAttribute& attribute : token.attributes) {
      const Span& span = attribute.value_span;
      REQUIRE(span.from >= token.span.from);
      REQUIRE(span.to <= token.span.to);
      REQUIRE(xml.substr(span.from, span.size()) == attribute.value);
    }
  }
  REQUIRE(at == xml.size());
  REQUIRE(tokenizer.next().type == XmlToken::Type::kEnd);
  return count;
}

constexpr std::string_view kDocument =
    "\xEF\xBB\xBF<?xml version=\"1.0\" encoding='utf-8'?>\n"
    "<!DOCTYPE rss [<!ENTITY a \"]>\"> <!-- ' ]> --> <?x ' ?> <!ENTITY % b 'x'>]>\n"
    "<rss a:b='1' c=\"x > y\" d=e><![CDATA[<p>]] > ]]>text &amp; 1 < 2<!-- <b> -- --><br/>\n"
    "<\xE4\xB8\xAD n = 'v' / ></\xE4\xB8\xAD></rss >";

}  // namespace

TEST_CASE("XML as tokens", "[media][xml]") {
  struct Row {
    const char* rule;
    std::string_view xml, tokens;
  };
  const Row rows[] = {
      {"nothing", "", ""},
      {"3.1 tags", "<a><b></b></a>", "start a | start b | end b | end a"},
      {"3.1 empty elements", "<a/><b />", "start a / | start b /"},
      {"2.4 character data", "a<b>c", "text (a) | start b | text (c)"},
      {"names with prefixes", "<x:y z:w='v'>", "start x:y z:w='v'"},
      {"3.1 blanks in tags", "<a\n b = \"c\"\t>d</a >", "start a b=\"c\" | text (d) | end a"},
      {"2.5 comments", "<!-- a > b --><!---->", "comment ( a > b ) | comment"},
      {"2.6 instructions", "<?a b > c?><?d?>", "instruction a ( b > c) | instruction d"},
      {"2.7 CDATA", "<![CDATA[<a>&b;]]]]><![CDATA[]]>", "cdata (<a>&b;]]) | cdata"},
      {"2.8 declaration", "<?xml version='1.0'?>", "instruction xml ( version='1.0')"},
      {"2.8 document type", "<!DOCTYPE a SYSTEM 'b>'><c>", "doctype | start c"},
      {"2.8 internal subset", "<!DOCTYPE a [<!ENTITY b ']>'><!-- ' --><?c \" ?>] ><d>",
       "doctype | start d"},
      // From here on: not well-formed.
      {"no ? at the declaration's end", "<?xml version='1.0'><a>",
       "instruction xml ( version='1.0') | start a"},
      {"an instruction left open", "<?a b><c>", "instruction a ( b) | start c"},
      {"no quotes", "<a b=c d=e/f>", "start a b=c d=e/f"},
      {"no value", "<a b c=''>", "start a b= c=''"},
      {"doubled attributes", "<a b='1' b='2'>", "start a b='1' b='2'"},
      {"no blanks between", "<a b='1'c='2'>", "start a b='1' c='2'"},
      {"< in a value", "<a b='<c>'>", "start a b='<c>'"},
      {"a value left open", "<a b='c d><e>", "start a b=c d= | start e"},
      {"a tag without its >", "<a b='c'<d>", "start a b='c' | start d"},
      {"an end tag without its >", "</a <d>", "end a | start d"},
      {"< that begins no markup", "1 < 2 << 3 </ 4<", "text (1 < 2 << 3 </ 4<)"},
      {"a declaration out of place", "<!ELEMENT a b><c>", "comment (ELEMENT a b) | start c"},
      {"lower case", "<!doctype a><![cdata[b]]>", "doctype | cdata (b)"},
      {"a document type left open", "<!DOCTYPE 'a><b>", "doctype | start b"},
      {"a comment left open", "<!-- a <b>", "comment ( a <b>)"},
      {"a comment cut", "<!--", "comment"},
      {"a comment cut within its end", "<!-- --", "comment ( --)"},
      {"CDATA left open", "<![CDATA[a]]<b>", "cdata (a]]<b>)"},
      {"stray quotes and signs", "<a =\"b' =/ c=d>", "start a b= c=d"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.xml) {
      CHECK(summary(row.xml) == row.tokens);
      check_spans(row.xml);
    }
  }
}

TEST_CASE("spans are right wherever a document is cut", "[media][xml]") {
  CHECK(check_spans(kDocument) == 14);
  for (size_t size = 0; size < kDocument.size(); ++size) {
    CAPTURE(size);
    check_spans(kDocument.substr(0, size));
  }
}

TEST_CASE("an attribute is found by its exact name", "[media][xml]") {
  XmlTokenizer tokenizer("<a xlink:href='1' href='2' href='3'>");
  const XmlToken& token = tokenizer.next();
  REQUIRE(token.find("href"));
  CHECK(token.find("href")->value == "2");
  CHECK(token.find("Href") == nullptr);
  CHECK(local_name(token.attributes[0].name) == "href");
  CHECK(local_name("href") == "href");
  CHECK(local_name("a:") == "");
}

// XML 1.0, 4.1 and 4.6; WHATWG HTML, 13.5.
TEST_CASE("references in XML", "[media][xml]") {
  struct Row {
    std::string_view raw, text;
  };
  const Row rows[] = {
      {"a", "a"},
      {"&amp;&lt;&gt;&quot;&apos;", "&<>\"'"},
      {"&#97;&#x62;&#X63;", "abc"},
      {"&#128512;", "\xF0\x9F\x98\x80"},
      {"&#0;&#xD800;&#x110000;&#99999999999999999999;",
       "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"&nbsp;&hellip;", "\xC2\xA0\xE2\x80\xA6"},
      {"&unknown;&AMP;", "&unknown;&"},
      {"?a=1&copy=2&lt=3&#38", "?a=1&copy=2&lt=3&#38"},
      {"&&;&#;&#x;&#xg;&", "&&;&#;&#x;&#xg;&"},
      {"&amp;lt;", "&lt;"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.raw) { CHECK(decode_xml(row.raw, 0).text() == row.text); }
  }
}

TEST_CASE("decoded XML knows its bytes", "[media][xml]") {
  const SourceText text = decode_xml("a&amp;b&#x20AC;c", 100);
  REQUIRE(text.text() ==
          "a&b\xE2\x82\xAC"
          "c");
  CHECK(text.source(0, 1) == Span{100, 101});
  CHECK(text.source(1, 2) == Span{101, 106});
  CHECK(text.source(2, 3) == Span{106, 107});
  CHECK(text.source(3, 6) == Span{107, 115});
  CHECK(text.source(6, 7) == Span{115, 116});
}

// Each would take hours if any step looked back or ahead more than once.
TEST_CASE("hostile XML ends in linear time", "[media][xml]") {
  constexpr size_t kCount = 300'000;
  for (const std::string_view piece : {"<",
                                       "<a",
                                       "<a b",
                                       "<a b=",
                                       "<a b='",
                                       "<a b=\"c' ",
                                       "</",
                                       "</a",
                                       "<!",
                                       "<!-",
                                       "<?",
                                       "<?a>",
                                       "<!DOCTYPE '>",
                                       "<!DOCTYPE [",
                                       "<!DOCTYPE [<!--",
                                       "<![CDATA[",
                                       "<!--",
                                       " a",
                                       "&",
                                       "&#",
                                       "&#1",
                                       "&a",
                                       "=",
                                       "'",
                                       "/",
                                       "]]",
                                       "?>"}) {
    for (const std::string_view head : {"", "<a "}) {
      std::string xml(head);
      for (size_t i = 0; i < kCount; ++i) xml += piece;
      CAPTURE(piece, head);
      CHECK(check_spans(xml) <= kCount + 1);
      CHECK(decode_xml(xml, 0).text().size() == xml.size());
    }
  }
  std::string wide = "<a";
  for (size_t i = 0; i < kCount; ++i) wide += " b='c'";
  wide += "/>";
  XmlTokenizer tokenizer(wide);
  CHECK(tokenizer.next().attributes.size() == 256);
}

TEST_CASE("a tag without its end goes on up to the next markup", "[media][xml]") {
  for (const std::string_view tag : {"<a b", "<a <3", "<a < b='<'", "<a b=c<"}) {
    CAPTURE(tag);
    const std::string document = std::string(tag) + "<e/>";
    XmlTokenizer tokenizer(document);
    CHECK(tokenizer.next().span == Span{0, tag.size()});
    CHECK(tokenizer.next().name == "e");
  }
}
