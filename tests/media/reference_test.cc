#include "media/reference.h"

#include "tests/support/catch.h"

using namespace halftone;

TEST_CASE("every kind of reference has a name of its own", "[media]") {
  for (int i = 0; i <= static_cast<int>(Kind::kOther); ++i) {
    const Kind kind = static_cast<Kind>(i);
    CAPTURE(i);
    CHECK(kind_from_string(to_string(kind)) == kind);
  }
  CHECK(to_string(Kind::kImageCandidate) == "image-candidate");
  CHECK_FALSE(kind_from_string("picture"));
}

TEST_CASE("what the archived copy shows is requisite, where it leads is not", "[media]") {
  for (const Kind kind : {Kind::kImage, Kind::kLazyImage, Kind::kStylesheet, Kind::kCssString,
                          Kind::kFont, Kind::kPoster, Kind::kMetadataImage, Kind::kStateImage}) {
    CAPTURE(to_string(kind));
    CHECK(is_requisite(kind));
  }
  for (const Kind kind : {Kind::kPage, Kind::kFeed, Kind::kForm, Kind::kScript, Kind::kData}) {
    CAPTURE(to_string(kind));
    CHECK_FALSE(is_requisite(kind));
  }
}

// W3C Referrer Policy, 3.
TEST_CASE("referrer policies are read and written", "[media]") {
  for (int i = 0; i <= static_cast<int>(ReferrerPolicy::kUnsafeUrl); ++i) {
    const auto policy = static_cast<ReferrerPolicy>(i);
    CAPTURE(i);
    CHECK(referrer_policy_from_string(to_string(policy)) == policy);
  }
  CHECK(referrer_policy_from_string("No-Referrer") == ReferrerPolicy::kNoReferrer);
  CHECK(referrer_policy_from_string("strict") == ReferrerPolicy::kUnset);
}

TEST_CASE("a text is escaped for the place where it stands", "[media]") {
  struct Row {
    const char* rule;
    Escapes escapes;
    std::string_view text, written;
  };
  using enum Escape;
  const Row rows[] = {
      {"nothing", {}, "a\"b&c", "a\"b&c"},
      {"HTML 13.1.2.3 double-quoted",
       {kHtmlDoubleQuoted},
       "a?b=\"1\"&c='2'",
       "a?b=&quot;1&quot;&amp;c='2'"},
      {"HTML 13.1.2.3 single-quoted", {kHtmlSingleQuoted}, "\"it's\"", "\"it&#39;s\""},
      {"HTML 13.1.2.3 unquoted",
       {kHtmlUnquoted},
       "a b>c=`'\"",
       "a&#32;b&#62;c&#61;&#96;&#39;&#34;"},
      {"HTML unquoted, empty", {kHtmlUnquoted}, "", "\"\""},
      {"CSS 4.3.5 double-quoted", {kCssDoubleQuoted}, "a\"b'c\\d\n", "a\\\"b'c\\\\d\\a "},
      {"CSS 4.3.5 single-quoted", {kCssSingleQuoted}, "a\"b'c", "a\"b\\'c"},
      {"CSS ends no style element", {kCssDoubleQuoted}, "</style>", "\\3c /style>"},
      {"CSS 4.3.6 url", {kCssUrl}, "a b(1)'\"", "a\\20 b\\(1\\)\\'\\\""},
      {"a url() in a style attribute", {kCssUrl, kHtmlDoubleQuoted}, "a\"b&c", "a\\&quot;b&amp;c"},
      {"the same, unquoted", {kCssUrl, kHtmlUnquoted}, "a b", "a\\20&#32;b"},
      {"RFC 8259, 7", {kJson}, "a\"b\\c\n<", "a\\\"b\\\\c\\u000a\\u003c"},
      {"ECMA-262, 12.9.6", {kJson}, "a`b${c}$d'", "a\\u0060b\\u0024{c}$d\\u0027"},
      {"JSON in an attribute", {kJson, kHtmlDoubleQuoted}, "\"", "\\&quot;"},
      {"YAML 7.3.1", {kYamlDoubleQuoted}, "a\"b\\c\n\xE2\x80\xA8", "a\\\"b\\\\c\\n\\u2028"},
      {"YAML 7.3.2", {kYamlSingleQuoted}, "it's", "it''s"},
      {"YAML 7.3.3", {kYamlPlain}, "https://a.test/x?y=1#z", "https://a.test/x?y=1#z"},
      {"YAML plain, a mapping's colon", {kYamlPlain}, "a: b", "'a: b'"},
      {"YAML plain, a flow's comma", {kYamlPlain}, "a,b", "'a,b'"},
      {"YAML plain, a comment", {kYamlPlain}, "a #b", "'a #b'"},
      {"YAML plain, empty", {kYamlPlain}, "", "''"},
      {"YAML plain, a line break", {kYamlPlain}, "a\nb", "\"a\\nb\""},
      {"CommonMark 6.3 bare", {kMarkdownUrl}, "a (b)|c", "a&#32;\\(b\\)\\|c"},
      {"CommonMark 6.3 empty", {kMarkdownUrl}, "", "<>"},
      {"CommonMark 6.3 angled", {kMarkdownAngled}, "a (b)<c>", "a (b)\\<c\\>"},
      {"CommonMark 6.2: references only where they are",
       {kMarkdownUrl},
       "?a&b&copy;",
       "?a&b&amp;copy;"},
      {"CommonMark 6.5 autolink",
       {kMarkdownAutolink},
       "https://a.test/ >",
       "https://a.test/%20%3E"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.text) {
      CHECK(escaped(row.text, row.escapes) == row.written);
    }
  }
}
