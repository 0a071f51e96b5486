#include "media/image_header.h"

#include "media/image_about.h"
#include "media/utf8.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(image_header) {
  const auto header = read_image_header(input);
  if (!header) return;
  MUST(!header->format.empty());
  MUST(!header->mime.empty());
  MUST(header->orientation >= 1 && header->orientation <= 8);
  is_decorative(*header);
  for (const auto& [name, value] : about_picture(*header)) {
    MUST(!value.empty());
    MUST(is_valid_utf8(value));
  }
}
