#include "media/mime.h"

#include "media/document.h"
#include "tests/fuzz/target.h"

using namespace halftone;

// A header line, and the body that comes with it.
FUZZ_TARGET(mime) {
  if (const auto type = parse_mime_type(input)) {
    const auto again = parse_mime_type(type->serialized());
    MUST(again);
    MUST(again->serialized() == type->serialized());
    MUST(extension_for(type->essence).starts_with('.'));
  }
  const size_t line = input.find('\n');
  const std::string_view body = line == input.npos ? input : input.substr(line + 1);
  sniff_type(body);
  const std::string type = effective_type(body, input.substr(0, line));
  MUST(!type.empty());
  document_type(type, "name", body);
}
