#include "media/time.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(date) {
  if (const auto time = parse_date(input)) {
    MUST(parse_date(to_iso8601(*time)) == *time);
    MUST(from_digits(to_digits(*time)) == *time);
  }
  from_digits(input);
}
