#include "media/json_strings.h"

#include "media/utf8.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(json_strings) {
  size_t last = 0;
  for_each_json_string(input, [&](const JsonString& found) {
    must_be_inside(found.span, input.size());
    MUST(found.span.from >= last);
    last = found.span.to;
    const std::string_view raw = input.substr(found.span.from, found.span.size());
    must_be_mapped(decode_json_string(raw, found.span.from), input.size());
  });
}
