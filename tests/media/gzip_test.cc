#include "media/gzip.h"

#include "tests/support/catch.h"
#include "tests/support/test_server.h"

using namespace halftone;

TEST_CASE("gzip of one member and of several", "[media]") {
  const std::string text(200'000, 'a');
  const std::string packed = gzip(text);
  REQUIRE(is_gzip(packed));
  CHECK(gunzip(packed, text.size()) == text);
  CHECK(gunzip(packed + gzip("b"), 300'000) == text + "b");
  CHECK(gunzip(packed + std::string(512, '\0'), 300'000) == text);  // padding
  CHECK(gunzip(gzip(""), 0) == "");
}

TEST_CASE("members without content cost next to nothing", "[media]") {
  for (const size_t members : {100'000, 200'000}) {
    const std::string member = gzip("");
    std::string packed;
    for (size_t i = 0; i < members; ++i) packed += member;
    CHECK(gunzip(packed + gzip("a"), 1) == "a");
  }
}

TEST_CASE("a gzip stream that is too large, cut or damaged", "[media]") {
  const std::string text = "a sitemap, or what should be one; a sitemap";
  const std::string packed = gzip(text);
  CHECK(gunzip(packed, text.size() - 1).error().code == ErrorCode::kTooLarge);
  for (size_t size = 0; size < packed.size(); ++size) {
    CAPTURE(size);
    const auto cut = gunzip(std::string_view(packed).substr(0, size), 1000);
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == ErrorCode::kInvalid);
  }
  for (size_t at = 10; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    const auto read = gunzip(damaged, 1000);
    CHECK((!read || *read == text));
  }
  CHECK_FALSE(is_gzip("<urlset>"));
  CHECK_FALSE(gunzip("<urlset>", 1000));
}

TEST_CASE("the head of a gzip stream", "[media]") {
  const std::string packed = gzip(std::string(1'000'000, 'a'));
  CHECK(gunzip_head(packed, 10) == "aaaaaaaaaa");
  CHECK(gunzip_head(packed.substr(0, packed.size() - 4), 10).size() == 10);
  CHECK(gunzip_head("x", 10).empty());
}

TEST_CASE("what is there of a gzip stream", "[media]") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919 % 10'007);
  const std::string packed = gzip(text);
  CHECK(gunzip_what_is_there(packed, text.size()).content == text);
  CHECK(gunzip_what_is_there(packed, text.size()).fault.empty());
  const Inflated half = gunzip_what_is_there(packed.substr(0, packed.size() / 2), text.size());
  CHECK(half.content.size() > text.size() / 4);
  CHECK(text.starts_with(half.content));
  CHECK_THAT(half.fault, Catch::Contains("cut off"));
  const Inflated large = gunzip_what_is_there(packed, 100);
  CHECK(large.content == text.substr(0, 100));
  CHECK_THAT(large.fault, Catch::Contains("more than 100 bytes"));
}
