#include "media/playlist.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(dash) {
  std::vector<std::string> warnings;
  must_be_sound(find_dash_references(SourceText(input, 0), fuzz_base(), "UTF-8", warnings),
                input.size());
}
