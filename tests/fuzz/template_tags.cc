#include "media/template_tags.h"

#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(template_tags) {
  const TemplateScan scan = scan_template_tags(input);
  size_t last = 0;
  for (const TemplateTag& tag : scan.tags) {
    must_be_inside(tag.span, input.size());
    MUST(tag.span.from >= last);
    last = tag.span.to;
  }
  last = 0;
  for (const TemplateUrl& url : scan.urls) {
    must_be_inside(url.span, input.size());
    MUST(url.span.from >= last);
    last = url.span.to;
  }
  MUST(without_template_tags(input, scan.tags).size() == input.size());
  if (const auto path = path_behind_site_root(input)) MUST(path->size() <= input.size());
}
