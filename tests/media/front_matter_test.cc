#include "media/front_matter.h"

#include <fmt/format.h>

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
      {"tabs", "---\na:\tb\nc:\n\t- d\n\t- e\n---\n", "a=b | c=[d,e]"},
      {"Hexo without the first ---", "title: a\ndate: 2022-01-09 11:28:37\ntags:\n- b\n---\nbody",
       "title=a | date=2022-01-09 11:28:37 | tags=[b]"},
      {"a heading with a colon", "Note: this\n---\nbody", ""},
      {"a paragraph above a rule", "title: a\nis what it says\n---\n", ""},
      {"a title and no rule", "title: a\n\nbody\n", ""},
      {"TOML (Hugo)", "+++\ntitle = \"a\"\ndraft = false\nweight = 3\n+++\nbody",
       "title=a | draft=false | weight=3"},
      {"TOML in order of writing, lists, tables",
       "+++\nz = ['b', \"c\"]\n[params]\ny = 'd'\nx.w = 1.5\n[[resources]]\nsrc = 'e'\n"
       "[[resources]]\nsrc = 'f'\n+++\n",
       "z=[b,c] | params.y=d | params.x.w=1.5 | resources=[] | resources.src=e | resources.src=f"},
      {"TOML dates", "+++\na = 2022-01-09T11:28:37+08:00\nb = 2022-01-09\n+++\n",
       "a=2022-01-09T11:28:37+08:00 | b=2022-01-09"},
      {"JSON (Hugo)",
       "{\n  \"a\": \"b\",\n  \"c\": [1, true, \"d\"],\n  \"e\": {\"f\": null}\n}\nbody",
       "a=b | c=[1,true,d] | e.f="},
      {"JSON (Hexo)", "\"a\": \"b\",\n\"c\": [\"d\"],\n;;;\nbody", "a=b | c=[d]"},
      {"JSON between ;;;", ";;;\n\"a\": \"\\u00e9\\/\"\n;;;\nbody", "a=\xC3\xA9/"},
      {"a brace that begins no JSON", "{% raw %}\n", ""},
      {"bytes that are no UTF-8", "---\na: \xFF\nb: c\n---\n", "a=_ | b=c"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.text) {
      const FrontMatter front_matter = parse_front_matter(row.text);
      CHECK(summary(front_matter) == row.entries);
      CHECK(front_matter.warnings.empty());
    }
  }
}

TEST_CASE("the block ends behind its closing line", "[media]") {
  CHECK(parse_front_matter("---\na: b\n---\nbody").block == Span{0, 13});
  CHECK(parse_front_matter("\n---\n---").block == Span{1, 8});
  CHECK_FALSE(parse_front_matter("---\nHello.\n---\n").present());
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
  const FrontMatter front_matter = parse_front_matter(text);
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.key << ' ' << row.index) {
      const FrontMatterValue* entry = front_matter.find(row.key);
      REQUIRE(entry);
      const Span span = entry->spans.at(row.index);
      CHECK(text.substr(span.from, span.size()) == row.written);
      CHECK(entry->escapes.at(row.index) == row.escape);
    }
  }
}

TEST_CASE("broken front matter is read by its lines, with a warning that names one", "[media]") {
  struct Row {
    const char* rule;
    std::string text, warning, entries;
  };
  const Row rows[] = {
      {"it never ends", "\n---\na: b\n", "line 2", ""},
      {"a quote that is never closed", "---\na: b\nc: 'd\n---\n", "line", "a=b | c='d"},
      {"a colon too many", "---\na: b\nc: d: e\nf: [g, \"h\"] # i\n---\n", "line 3",
       "a=b | c=d: e | f=[g,h]"},
      {"a line too far in", "---\na: b\n c: d\n---\n", "line 3", "a=b"},
      {"a member and items", "---\na: b: c\nd:\n  e: f\ng:\n - h\n - 'i'\nj:\n---\n", "line 2",
       "a=b: c | d.e=f | g=[h,i] | j="},
      {"an unknown alias", "---\na: *b*\n---\n", "line 2", "a=*b*"},
      {"a list that is none", "---\na: [b] c\n---\n", "line 2", "a=[b] c"},
      {"too long", "---\na: " + std::string(300'000, 'b') + "\n---\n", "256 KiB", ""},
      {"too deep", "---\na: " + std::string(20, '[') + std::string(20, ']') + "\nb: c\n---\n",
       "16 levels", "a=" + std::string(20, '[') + std::string(20, ']') + " | b=c"},
      {"TOML", "+++\na = 'b'\nc = d\n+++\n", "line 3", "a=b | c=d"},
      {"JSON", "{\n\"a\": 'b'\n}\n", "line 2", ""},
      {"JSON that never ends", "{\n\"a\": [\n", "never closed", ""},
      {"a key twice: YAML asks for an error, the last one counts",
       "---\na: b\nc:\n  d: e\na: [f]\nc: g\n---\n", "a is written twice", "a=[f] | c=g"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule) {
      const FrontMatter front_matter = parse_front_matter(row.text);
      REQUIRE_FALSE(front_matter.warnings.empty());
      CHECK_THAT(front_matter.warnings[0], Catch::Contains(row.warning));
      CHECK(summary(front_matter) == row.entries);
    }
  }
  const std::string deep = "---\na: " + std::string(200'000, '[') + "\n---\n";
  CHECK_THAT(parse_front_matter(deep).warnings.at(0), Catch::Contains("line 2"));
}

TEST_CASE("front matter past reason is cut", "[media]") {
  SECTION("values") {
    std::string text = "---\na: [";
    for (int i = 0; i < 20'000; ++i) text += "b,";
    const FrontMatter front_matter = parse_front_matter(text + "]\n---\n");
    CHECK_FALSE(front_matter.warnings.empty());
    CHECK(front_matter.find("a")->values.size() <= 10'000);
  }
  SECTION("aliases") {
    std::string text = "---\na: &x " + std::string(100'000, 'b') + "\nc: [";
    for (int i = 0; i < 9'000; ++i) text += "*x,";
    const FrontMatter front_matter = parse_front_matter(text + "]\n---\n");
    size_t bytes = 0;
    for (const FrontMatterValue& entry : front_matter.entries) {
      for (const std::string& value : entry.values) bytes += value.size();
    }
    CHECK(bytes <= 1024 * 1024);
  }
}

TEST_CASE("a span of TOML or JSON holds what was written, and can be written anew", "[media]") {
  const std::string_view toml =
      "\n+++\ntitle = \"\xE5\xBC\xA0 \\\"x\\\"\"\r\ncover = 'c.png' # \"\n\xC3\xA9 = 1\n"
      "\"\xE9\xBE\x99\" = [\"\xE9\xBE\x99.png\", 'e.png']\nlines = \"\"\"\na\"\"\"\n+++\n";
  const std::string_view json =
      "{ \"title\": \"\xE5\xBC\xA0 \\\"x\\\"\", \"cover\": \"c.png\",\n\"l\": [\"e\\/f.png\", 3] }";
  struct Row {
    std::string_view text, key;
    size_t index;
    std::string_view written;
    Escape escape;
  };
  const Row rows[] = {
      {json, "title", 0, "\xE5\xBC\xA0 \\\"x\\\"", Escape::kJson},
      {json, "cover", 0, "c.png", Escape::kJson},
      {json, "l", 0, "e\\/f.png", Escape::kJson},
      {json, "l", 1, "", Escape::kJson},
      {toml, "title", 0, "\xE5\xBC\xA0 \\\"x\\\"", Escape::kTomlBasic},
      {toml, "cover", 0, "c.png", Escape::kTomlLiteral},
      {toml, "lines", 0, "", Escape::kTomlBasic},
      {toml, "\xE9\xBE\x99", 0, "\xE9\xBE\x99.png", Escape::kTomlBasic},
      {toml, "\xE9\xBE\x99", 1, "e.png", Escape::kTomlLiteral},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.key << ' ' << row.index) {
      std::string valid(row.text);
      if (const size_t bad = valid.find("\n\xC3\xA9 ="); bad != valid.npos)
        valid[bad + 1] = 'e', valid[bad + 2] = 'e';
      const FrontMatter front_matter = parse_front_matter(valid);
      CHECK(front_matter.warnings.empty());
      const FrontMatterValue* entry = front_matter.find(row.key);
      REQUIRE(entry);
      const Span span = entry->spans.at(row.index);
      CHECK(valid.substr(span.from, span.size()) == row.written);
      if (span.size() == 0) continue;
      CHECK(entry->escapes.at(row.index) == row.escape);
      valid.replace(span.from, span.size(), escaped("https://a.test/\"b", {row.escape}));
      const std::string again = parse_front_matter(valid).find(row.key)->values.at(row.index);
      CHECK(again == "https://a.test/\"b");
    }
  }
}

TEST_CASE("when front matter says it was published", "[media]") {
  struct Row {
    std::string_view lines, date;
  };
  const Row rows[] = {
      {"date: Sun, 09 Jan 2022 03:28:37 GMT", "2022-01-09T03:28:37Z"},
      {"date: 2022-01-09", "2022-01-09T00:00:00Z"},
      {"date: 2022-01-09 11:28:37 +0800", "2022-01-09T03:28:37Z"},       // Jekyll
      {"date: 2022-01-09T11:28:37+08:00", "2022-01-09T03:28:37Z"},       // Hugo
      {"date: 2022-1-9 11:28:37", "2022-01-09T11:28:37Z"},               // Hexo
      {"date: 2022/01/09 11:28:37", "2022-01-09T11:28:37Z"},             // Hexo
      {"date: 2001-12-14t21:59:43.10-05:00", "2001-12-15T02:59:43.1Z"},  // YAML 1.1, timestamp
      {"date: 2001-12-14 21:59:43.10 -5", "2001-12-15T02:59:43.1Z"},     // YAML 1.1, timestamp
      {"date: 2022\xE5\xB9\xB4"
       "1\xE6\x9C\x88"
       "9\xE6\x97\xA5 11:28",
       "2022-01-09T11:28:00Z"},
      {"published: true\npublishDate: 2022-01-09", "2022-01-09T00:00:00Z"},
      {"Created: 2022-01-09", "2022-01-09T00:00:00Z"},
      {"date: soon", ""},
      {"title: 2022-01-09", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.lines) {
      const auto date =
          front_matter_date(parse_front_matter(fmt::format("---\n{}\n---\n", row.lines)));
      CHECK((date ? to_iso8601(*date) : "") == row.date);
    }
  }
}

TEST_CASE("front matter cut anywhere gets an answer", "[media]") {
  for (const std::string_view text :
       {"---\na: 'b'\nc: [d, \"e\"]\nf: *g\n---\nx", "+++\na = \"b\\\"\"\nc = ['d']\n+++\nx",
        "{\"a\": [1, {\"b\": \"c\\u00e9\"}], \"d\": null}\nx", "\"a\": \"b\"\n;;;\n",
        "title: a\nb:\n - c\n---\n"}) {
    for (size_t size = 0; size <= text.size(); ++size) {
      CAPTURE(text.substr(0, size));
      const FrontMatter front_matter = parse_front_matter(text.substr(0, size));
      CHECK(front_matter.block.to <= size);
      for (const FrontMatterValue& entry : front_matter.entries) {
        for (const Span& span : entry.spans) CHECK(span.to <= size);
      }
    }
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
    const FrontMatter back = parse_front_matter(written);
    CHECK(back.get("k") == text);
    REQUIRE(back.find("l"));
    CHECK(back.find("l")->values == std::vector{text, text});
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
