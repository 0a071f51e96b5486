#include "store/splice.h"

#include "tests/support/catch.h"

using namespace halftone;

TEST_CASE("edits change their spans and nothing else", "[store]") {
  struct Row {
    const char* name;
    std::vector<Edit> edits;
    std::string result;
  };
  const Row rows[] = {
      {"none", {}, "0123456789"},
      {"one", {{{2, 4}, "ab"}}, "01ab456789"},
      {"in any order", {{{8, 9}, "z"}, {{0, 1}, "a"}}, "a1234567z9"},
      {"insertion", {{{5, 5}, "-"}}, "01234-56789"},
      {"insertions at one place keep their order", {{{5, 5}, "a"}, {{5, 5}, "b"}}, "01234ab56789"},
      {"insertion before a replacement", {{{5, 5}, "a"}, {{5, 6}, "b"}}, "01234ab6789"},
      {"the later of two that overlap is left out", {{{2, 6}, "x"}, {{4, 8}, "y"}}, "01x6789"},
      {"past the end is left out", {{{9, 11}, "x"}}, "0123456789"},
      {"at the end", {{{10, 10}, "x"}}, "0123456789x"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) { CHECK(splice("0123456789", row.edits) == row.result); }
  }
}
