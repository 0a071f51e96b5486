#include "media/json_reader.h"

#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(json_reader) {
  JsonReader reader(input);
  size_t last = 0;
  for (JsonToken token = reader.next(); token.type != JsonToken::Type::kEnd;
       token = reader.next()) {
    must_be_inside(token.span, input.size());
    MUST(token.span.from >= last);
    MUST(token.text == input.substr(token.span.from, token.span.size()));
    last = token.span.to;
  }
  MUST(reader.next().type == JsonToken::Type::kEnd);
}
