#include "media/jpeg_averages.h"

#include "media/image_header.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(jpeg_averages) {
  const auto averages = jpeg_of_averages(input);
  if (!averages) return;
  MUST(averages->starts_with("\xFF\xD8"));
  MUST(averages->ends_with("\xFF\xD9"));
  MUST(averages->size() <= 4 * input.size() + 2000);
  MUST(!jpeg_of_averages(*averages));  // it is no progressive one any more
}
