#include "media/srcset.h"

#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(srcset) {
  size_t last = 0;
  for (const SrcsetCandidate& candidate : parse_srcset(input)) {
    must_be_inside(candidate.url, input.size());
    MUST(candidate.url.size() > 0);
    MUST(candidate.url.from >= last);
    last = candidate.url.to;
  }
}
