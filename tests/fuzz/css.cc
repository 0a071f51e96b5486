#include "media/css.h"

#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(css) {
  for (const bool declarations : {false, true}) {
    size_t last = 0;
    for (const CssUrl& url : find_css_urls(input, declarations)) {
      must_be_inside(url.span, input.size());
      MUST(url.span.from >= last);
      MUST(!url.value.empty());
      last = url.span.to;
    }
  }
}
