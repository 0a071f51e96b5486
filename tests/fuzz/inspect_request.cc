#include "media/base64.h"
#include "media/utf8.h"
#include "tests/fuzz/target.h"
#include "tools/inspect/request.h"

using namespace halftone;

FUZZ_TARGET(inspect_request) {
  const auto request = parse_inspect_request(input);
  if (request) {
    for (const std::string& text : {request->text.value_or(""), request->base64.value_or(""),
                                    request->url, request->input, request->map.value_or("")}) {
      MUST(is_valid_utf8(text));
    }
  } else {
    MUST(!request.error().message.empty());
  }
  MUST(decode_base64(encode_base64(input)) == input);
  if (const auto bytes = decode_base64(input)) {
    MUST(decode_base64(encode_base64(*bytes)) == bytes);
  }
}
