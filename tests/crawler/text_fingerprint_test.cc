#include "crawler/text_fingerprint.h"

#include <string>

#include "tests/support/catch.h"

using namespace halftone;

namespace {

// Words or, one by one, Chinese characters that differ by `seed`, from a sequence without a
// pattern.
std::string text_of(unsigned seed, size_t words, bool chinese = false) {
  std::string text;
  uint32_t state = seed * 2654435761U + 1;
  for (size_t i = 0; i < words; ++i) {
    state = state * 1664525U + 1013904223U;
    const unsigned word = state >> 18;
    if (chinese) {
      text += {static_cast<char>(0xE5), static_cast<char>(0x80 | (word >> 6 & 0x3F)),
               static_cast<char>(0x80 | (word & 0x3F))};
    } else {
      text += "w" + std::to_string(word) + " ";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("only words make a fingerprint", "[crawler][fingerprint]") {
  struct Row {
    const char* name;
    std::string a, b;
    bool same;
  };
  const Row rows[] = {
      {"letter case", "The Paper Lantern", "the paper lantern", true},
      {"spaces", "the paper lantern", "  the\n\tpaper  lantern ", true},
      {"punctuation", "the paper lantern", "“The paper—lantern…”", true},
      {"Chinese punctuation", "纸灯笼很亮", "纸灯笼，很亮。", true},
      {"ill-formed UTF-8 parts words", "paper lantern", "paper\xFF\xE4lantern", true},
      {"a character cut off", "paper", "paper\xE4\xBA", true},
      {"order", "the paper lantern", "lantern paper the", false},
      {"order of characters", "纸灯笼很亮", "亮很笼灯纸", false},
      {"another word", "the paper lantern", "the paper lamp", false},
      {"accents belong to words", "dé jà", "d j", false},
      {"Cyrillic words", "бумажный фонарь", "бумажныйфонарь", false},
      {"digits", "page 1", "page 2", false},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK((text_fingerprint(row.a) == text_fingerprint(row.b)) == row.same);
    }
  }
}

TEST_CASE("a text without words is unlike everything", "[crawler][fingerprint]") {
  for (const char* const empty : {"", " \n", "… — !", "。，", "\xFF\xFE"}) {
    CHECK(text_fingerprint(empty) == 0);
    CHECK_FALSE(is_nearly_same(text_fingerprint(empty), text_fingerprint(empty)));
  }
  CHECK(text_fingerprint("a") != 0);
  CHECK(is_nearly_same(text_fingerprint("a"), text_fingerprint("A!")));
}

TEST_CASE("a few other words keep a text nearly the same", "[crawler][fingerprint]") {
  for (const bool chinese : {false, true}) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
      CAPTURE(chinese, seed);
      const std::string text = text_of(seed, 400, chinese);
      const uint64_t print = text_fingerprint(text);
      // Two of 400 words: as the date of a calendar's empty day.
      CHECK(is_nearly_same(print, text_fingerprint(text + text_of(seed + 1000, 2, chinese))));
      // Half of it another text, as articles that share their site's menus.
      const std::string half = text_of(seed, 200, chinese) + text_of(seed + 2000, 200, chinese);
      CHECK_FALSE(is_nearly_same(print, text_fingerprint(half)));
      CHECK(hamming_distance(print, text_fingerprint(text_of(seed + 3000, 400, chinese))) > 12);
    }
  }
}

// More pairs of words than the counts take before they are settled.
TEST_CASE("long texts are counted to their end", "[crawler][fingerprint]") {
  const std::string head = text_of(7, 70'000), tail = text_of(8, 140'000);
  const uint64_t print = text_fingerprint(head + tail);
  CHECK(is_nearly_same(text_fingerprint(head), text_fingerprint(head + head)));
  CHECK_FALSE(is_nearly_same(text_fingerprint(head), print));
  CHECK(hamming_distance(text_fingerprint(tail), print) <
        hamming_distance(text_fingerprint(head), print));
}

TEST_CASE("how many bits differ", "[crawler][fingerprint]") {
  CHECK(hamming_distance(0, 0) == 0);
  CHECK(hamming_distance(0, ~uint64_t{0}) == 64);
  CHECK(is_nearly_same(1, 0b1111111));
  CHECK_FALSE(is_nearly_same(1, 0b11111111));
}
