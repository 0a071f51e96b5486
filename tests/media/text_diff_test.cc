#include "media/text_diff.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

// "same [-removed-]{+added+}"
std::string shown(std::string_view before, std::string_view after, size_t most = 8000) {
  std::string text;
  for (const TextPiece& piece : text_diff(before, after, most)) {
    const bool removed = piece.kind == TextPiece::Kind::kRemoved;
    const bool added = piece.kind == TextPiece::Kind::kAdded;
    text += removed ? "[-" + piece.text + "-]" : added ? "{+" + piece.text + "+}" : piece.text;
  }
  return text;
}

}  // namespace

TEST_CASE("texts are compared by words", "[media]") {
  struct Row {
    const char* name;
    std::string before, after, shown;
  };
  const Row rows[] = {
      {"the same", "one two", "one two", "… "},
      {"a word", "it cost a million", "it cost two million", "it cost [-a -]{+two +}million"},
      {"from nothing", "", "new", "{+new+}"},
      {"to nothing", "old", "", "[-old-]"},
      {"a paragraph more", "one\n", "one\ntwo\n", "… {+two\n+}"},
      {"far words are left out", "a b c d e f g h i j k l m n o p q r s t u v w old",
       "a b c d e f g h i j k l m n o p q r s t u v w new", "… p q r s t u v w [-old-]{+new+}"},
      {"Chinese by characters", "今天下雨了", "今天下雪了", "今天下[-雨-]{+雪+}了"},
      {"a line broken elsewhere", "one two\nthree\n", "one\ntwo three\n", "… "},
      {"a word, and a line broken elsewhere", "it cost\na million", "it cost two\nmillion",
       "it cost [-a -]{+two\n+}million"},
      {"cut UTF-8", "a \xE4", "b \xE4", "[-a -]{+b +}\xE4"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(shown(row.before, row.after) == row.shown); }
  }
}

TEST_CASE("long texts that have nothing in common are bounded", "[media]") {
  std::string before, after;
  for (int i = 0; i < 50'000; ++i) {
    before += "a" + std::to_string(i) + " ";
    after += "b" + std::to_string(i) + "\n";
  }
  CHECK(shown(before, after, 1000).size() < 1'000'000);
  size_t size = 0;
  for (const TextPiece& piece : text_diff(before, after, 1000)) size += piece.text.size();
  CHECK(size < 1200);
}
