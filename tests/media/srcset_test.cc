#include "media/srcset.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

// "url descriptor!" for each candidate, joined by " | "; "!" marks a rejected one.
std::string summary(std::string_view value) {
  std::string out;
  for (const SrcsetCandidate& candidate : parse_srcset(value)) {
    if (!out.empty()) out += " | ";
    out += value.substr(candidate.url.from, candidate.url.size());
    if (!candidate.descriptor.empty()) out += ' ' + candidate.descriptor;
    if (candidate.rejected) out += '!';
  }
  return out;
}

}  // namespace

// WHATWG HTML, 4.8.4.3.10 "Parsing a srcset attribute".
TEST_CASE("srcset is read as browsers read it", "[media]") {
  struct Row {
    const char* rule;
    std::string_view value, candidates;
  };
  const Row rows[] = {
      {"nothing", "", ""},
      {"step 4: only blanks and commas", " ,\t,\n ", ""},
      {"one URL", "a.png", "a.png"},
      {"densities", "a.png 1x, b.png 2x", "a.png 1x | b.png 2x"},
      {"widths", "a.png 320w,\n b.png 640w", "a.png 320w | b.png 640w"},
      {"step 6: commas inside URLs stay", "a,b.png 1x, c,d.png 2x", "a,b.png 1x | c,d.png 2x"},
      {"step 6: no blank after the comma", "a.png,b.png 2x", "a.png,b.png 2x"},
      {"step 8: trailing commas end the URL", "a.png, b.png 2x", "a.png | b.png 2x"},
      {"step 8: several of them", "a.png,,, b.png", "a.png | b.png"},
      {"data: URLs", "data:,a ( , data:,b 1x, ), data:,c", "data:,a ( , data:,b 1x, )! | data:,c"},
      {"tokenizer: comma without blanks", "a 1x,b 2x", "a 1x | b 2x"},
      {"tokenizer: unclosed parenthesis", "a (1x, b 2x", "a (1x, b 2x!"},
      {"tokenizer: blanks of all sorts", "a\f1x\r,\tb\n2x", "a 1x | b 2x"},
      {"parser: zero width", "a 0w", "a 0w!"},
      {"parser: signed width", "a +1w", "a +1w!"},
      {"parser: fraction of a width", "a 1.5w", "a 1.5w!"},
      {"parser: two widths", "a 1w 2w", "a 1w 2w!"},
      {"parser: width and density", "a 1w 2x", "a 1w 2x!"},
      {"parser: zero density is fine", "a 0x", "a 0x"},
      {"parser: negative density", "a -1x", "a -1x!"},
      {"parser: minus zero is not below zero", "a -0x", "a -0x"},
      {"parser: fractions and exponents", "a 1.5x, b .5x, c 1e1x, d 1E-1x",
       "a 1.5x | b .5x | c 1e1x | d 1E-1x"},
      {"parser: a point needs digits", "a 1.x", "a 1.x!"},
      {"parser: plus is no number", "a +1x", "a +1x!"},
      {"parser: what rounds to infinity is an error", "a 1e309x, b 1e-400x, c 1e308x",
       "a 1e309x! | b 1e-400x | c 1e308x"},
      {"parser: as wide as browsers count", "a 2147483647w, b 2147483648w",
       "a 2147483647w | b 2147483648w!"},
      {"parser: bare units", "a x, b w, c h", "a x! | b w! | c h!"},
      {"parser: height with width", "a 640w 480h", "a 640w 480h"},
      {"parser: height before width", "a 480h 640w", "a 480h 640w"},
      {"parser: height alone", "a 480h", "a 480h!"},
      {"parser: height with density", "a 480h 1x", "a 480h 1x!"},
      {"parser: unknown descriptor", "a 1q, b 2x", "a 1q! | b 2x"},
      {"parser: units are lower case", "a 2X", "a 2X!"},
      {"a CDN's path with commas",
       "https://i.test/w_320,h_200/a.jpg 320w, https://i.test/w_640,h_400/a.jpg 640w",
       "https://i.test/w_320,h_200/a.jpg 320w | https://i.test/w_640,h_400/a.jpg 640w"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.rule << ": " << row.value) { CHECK(summary(row.value) == row.candidates); }
  }
}

TEST_CASE("a srcset of many candidates keeps every one", "[media]") {
  std::string value;
  for (int i = 0; i < 100'000; ++i) value += "a.png 1x, ";
  const auto candidates = parse_srcset(value);
  REQUIRE(candidates.size() == 100'000);
  CHECK(candidates.back().url == Span{999'990, 999'995});
  CHECK(parse_srcset("a " + std::string(100'000, '(')).size() == 1);
}
