#include "media/base64.h"
#include "tests/support/catch.h"
#include "tools/inspect/request.h"

using namespace halftone;

TEST_CASE("a map keeps its URLs, however deep the rest of it nests", "[tools]") {
  for (const size_t depth : {100'000, 200'000}) {
    const std::string deep = std::string(depth, '[') + std::string(depth, ']');
    const auto request = parse_inspect_request(
        R"({"map": [{"url": "https://a.test/", "to": "b", "more": )" + deep + "}, " + deep + "]}");
    REQUIRE(request);
    CHECK(request->map == "{\"to\":\"b\",\"url\":\"https://a.test/\"}\n{}\n");
  }
}

TEST_CASE("base64 comes back as it was", "[tools]") {
  for (const std::string_view bytes : {"", "a", "ab", "abc", "\xFF\xFE\xFD\xFC"}) {
    CHECK(decode_base64(encode_base64(bytes)) == bytes);
  }
  CHECK(decode_base64(" -_ 8=\n") == "\xFB\xFF");
  for (const char* const none : {"A", "A===", "AB!C", "AAAAA"}) CHECK_FALSE(decode_base64(none));
}
