#include "media/front_matter.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

// "key=value" or "key=[value,value]", joined by " | ".
std::string summary(const FrontMatter& front_matter) {
  std::string out;
  for (const FrontMatterValue& entry : front_matter.entries) {
    if (!out.empty()) out += " | ";
    const std::string values = fmt::format("{}", fmt::join(entry.values, ","));
    out += entry.key + '=' + (entry.is_list ? '[' + values + ']' : values);
  }
  return out;
}

}  // namespace

TEST_CASE("front matter is read as YAML", "[media]") {
  struct Row {
    const char* rule;
    std::string_view text, entries;
  };
  const Row rows[] = {
      {"no file", "", ""},
      {"no front matter", "# Title\n---\n", ""},
      {"scalars", "---\na: b\nc: 'd'\ne: \"f\"\n---\nbody", "a=b | c=d | e=f"},
      {"a byte order mark and blank lines", "\xEF\xBB\xBF\n \n---\na: b\n---\n", "a=b"},
      {"blanks behind ---, CRLF", "---  \r\na: b\r\n--- \r\n", "a=b"},
      {"the other end", "---\na: b\n...\nbody", "a=b"},
      {"the file ends with it", "---\na: b\n---", "a=b"},
      {"nothing in it", "---\n---\n", ""},
      {"a block list, a blank behind the key", "---\nc: \n - x\n - y\nd: z\n---\n",
       "c=[x,y] | d=z"},
      {"a list without indentation", "---\nc:\n- x\n- y\n---\n", "c=[x,y]"},
      {"a flow list", "---\nc: [x, 'y', \"z\"]\n---\n", "c=[x,y,z]"},
      {"an empty list", "---\nc: []\n---\n", "c=[]"},
      {"nothing", "---\na:\nb: ~\nc: null\n---\n", "a= | b= | c="},
      {"nested keys", "---\na:\n  b: c\n  d:\n    e: [f]\n---\n", "a.b=c | a.d.e=[f]"},
      {"mappings in a list", "---\np:\n  - u: x\n  - u: y\n---\n", "p=[] | p.u=x | p.u=y"},
      {"lists in a list", "---\np: [[x, y], z]\n---\n", "p=[x,y,z]"},
      {"escapes", "---\na: \"\\u00e9\\n\"\nb: 'it''s'\n---\n", "a=\xC3\xA9\n | b=it's"},
      {"comments", "---\na: b # c\n# d: e\n---\n", "a=b"},
      {"folded and literal text", "---\na: >\n  x\n  y\nb: |\n  z\n---\n", "a=x y\n | b=z\n"},
      {"an alias of a scalar", "---\na: &x b\nc: *x\nd: [*x, e]\n---\n", "a=b | c=b | d=[b,e]"},
      {"an alias of a collection", "---\na: &x [b]\nc: *x\nd: e\n---\n", "a=[b] | d=e"},
      {"a collection as key", "---\n? [a, {b: c}]\n: d\ne: f\n---\n", "=d | e=f"},
      {"a paragraph between two rules is no front matter", "---\nHello there.\n---\n", ""},
      {"a list is no front matter", "---\n- a\n- b: [c]\n---\n", ""},
      {"nothing below a collection as key", "---\n? {a: }\n: b\n---\n", "=b"},
      {"URLs without quotes", "---\na: https://a.test/b?c=d#e\n---\n", "a=https://a.test/b?c=d#e"},
      {"bytes that are no UTF-8", "---\na: \xFF\nb: c\n---\n", "a=_ | b=c"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.text) {
      const auto front_matter = parse_front_matter(row.text);
      REQUIRE(front_matter);
      CHECK(summary(*front_matter) == row.entries);
    }
  }
}

TEST_CASE("the block ends behind its closing line", "[media]") {
  CHECK(parse_front_matter("---\na: b\n---\nbody")->block == Span{0, 13});
  CHECK(parse_front_matter("\n---\n---")->block == Span{1, 8});
  CHECK_FALSE(parse_front_matter("---\nHello.\n---\n")->present());
}

TEST_CASE("a value's span holds what was written, without quotes", "[media]") {
  const std::string_view text =
      "\xEF\xBB\xBF\n---\n"
      "title: '\xE5\xBC\xA0: \xE5\xB0\x8F ''x'''  # \xE9\xBE\x99\n"
      "cover: https://a.test/\xE5\xBC\xA0.png\r\n"
      "list: \n - \"a\\\"b\"\n - c d \n"
      "flow: [ e, 'f', {g: h} ]\n"
      "tagged: !!str &x \"i\"\n"
      "alias: *x\n"
      "lines: j\n  k\n"
      "literal: |\n  l\n"
      "---\n";
  struct Row {
    std::string_view key;
    size_t index;
    std::string_view written;
    Escape escape;
  };
  const Row rows[] = {
      {"title", 0, "\xE5\xBC\xA0: \xE5\xB0\x8F ''x''", Escape::kYamlSingleQuoted},
      {"cover", 0, "https://a.test/\xE5\xBC\xA0.png", Escape::kYamlPlain},
      {"list", 0, "a\\\"b", Escape::kYamlDoubleQuoted},
      {"list", 1, "c d", Escape::kYamlPlain},
      {"flow", 0, "e", Escape::kYamlPlain},
      {"flow", 1, "f", Escape::kYamlSingleQuoted},
      {"flow.g", 0, "h", Escape::kYamlPlain},
      {"tagged", 0, "i", Escape::kYamlDoubleQuoted},
      {"alias", 0, "*x", Escape::kYamlPlain},
      {"lines", 0, "", Escape::kYamlPlain},
      {"literal", 0, "", Escape::kYamlPlain},
  };
  const auto front_matter = parse_front_matter(text);
  REQUIRE(front_matter);
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.key << ' ' << row.index) {
      const FrontMatterValue* entry = front_matter->find(row.key);
      REQUIRE(entry);
      const Span span = entry->spans.at(row.index);
      CHECK(text.substr(span.from, span.size()) == row.written);
      CHECK(entry->escapes.at(row.index) == row.escape);
    }
  }
}

TEST_CASE("broken front matter names its line", "[media]") {
  struct Row {
    const char* rule;
    std::string text, message;
  };
  const Row rows[] = {
      {"it never ends", "\n---\na: b\n", "line 2"},
      {"not YAML", "---\na: b\nc: 'd\n---\n", "line"},
      {"a colon too many", "---\na: b\nc: d: e\n---\n", "line 3"},
      {"a line too far in", "---\na: b\n c: d\n---\n", "line 3"},
      {"an unknown alias", "---\na: *b\n---\n", "line 2"},
      {"too long", "---\na: " + std::string(300'000, 'b') + "\n---\n", "256 KiB"},
      {"too deep", "---\na: " + std::string(20, '[') + std::string(20, ']') + "\n---\n",
       "16 levels"},
      {"deeper than any stack", "---\na: " + std::string(200'000, '[') + "\n---\n", "line 2"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      const auto front_matter = parse_front_matter(row.text);
      REQUIRE_FALSE(front_matter);
      CHECK(front_matter.error().code == ErrorCode::kInvalid);
      CHECK_THAT(front_matter.error().message, Catch::Contains(row.message));
    }
  }
}

TEST_CASE("front matter past reason is refused", "[media]") {
  SECTION("values") {
    std::string text = "---\na: [";
    for (int i = 0; i < 20'000; ++i) text += "b,";
    CHECK_FALSE(parse_front_matter(text + "]\n---\n"));
  }
  SECTION("aliases") {
    std::string text = "---\na: &x " + std::string(100'000, 'b') + "\nc: [";
    for (int i = 0; i < 9'000; ++i) text += "*x,";
    CHECK_FALSE(parse_front_matter(text + "]\n---\n"));
  }
}

TEST_CASE("what is written is read back", "[media]") {
  const std::string texts[] = {"plain",
                               "",
                               " ",
                               "a: b",
                               "a #b",
                               "it's",
                               "\"quoted\"",
                               "- dash",
                               "[a]",
                               "a, b",
                               "https://a.test/?b=c",
                               "\xE5\xBC\xA0\xE5\xB0\x8F\xE9\xBE\x99",
                               "a\nb",
                               "tab\there",
                               "null",
                               "~",
                               "end:",
                               "{",
                               "*x",
                               "&x",
                               "%",
                               "@",
                               "`",
                               "\xC2\x85",
                               "\xEF\xBB\xBFx",
                               "\\",
                               "!tag",
                               "---",
                               "...",
                               "a\r\nb",
                               "?",
                               "|",
                               ">"};
  for (const std::string& text : texts) {
    CAPTURE(text);
    const std::string written = write_front_matter(
        {{.key = "k", .values = {text}, .spans = {}, .escapes = {}},
         {.key = "l", .values = {text, text}, .is_list = true, .spans = {}, .escapes = {}}});
    CAPTURE(written);
    const auto back = parse_front_matter(written);
    REQUIRE(back);
    CHECK(back->get("k") == text);
    REQUIRE(back->find("l"));
    CHECK(back->find("l")->values == std::vector{text, text});
  }
}

TEST_CASE("strings are quoted only where needed", "[media]") {
  const auto entry = [](std::string key, std::string value, std::vector<Escape> escapes = {}) {
    return FrontMatterValue{.key = std::move(key),
                            .values = {std::move(value)},
                            .spans = {},
                            .escapes = std::move(escapes)};
  };
  CHECK(
      write_front_matter({entry("title", "Lanterns: a walk"),
                          entry("date", "2022-01-09T03:28:37Z"),
                          entry("comments", "false"),
                          entry("author", "no", {Escape::kYamlSingleQuoted}),
                          {.key = "categories",
                           .values = {"a, b", "c"},
                           .is_list = true,
                           .spans = {},
                           .escapes = {}}}) ==
      "---\ntitle: 'Lanterns: a walk'\ndate: 2022-01-09T03:28:37Z\ncomments: false\nauthor: 'no'\n"
      "categories:\n  - a, b\n  - c\n---\n");
}
