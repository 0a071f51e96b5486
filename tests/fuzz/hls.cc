#include "media/playlist.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(hls) {
  must_be_sound(find_hls_references(SourceText(input, 0), fuzz_base(), "UTF-8"), input.size());
}
