#include "media/front_matter.h"

#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(front_matter) {
  const FrontMatter read = parse_front_matter(input);
  must_be_inside(read.block, input.size());
  for (const FrontMatterValue& entry : read.entries) {
    MUST(entry.spans.size() == entry.values.size());
    MUST(entry.escapes.size() == entry.values.size());
    for (const Span span : entry.spans) must_be_inside(span, read.block.to);
  }
}
