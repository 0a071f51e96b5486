#include "media/thumb_hash.h"

#include <functional>
#include <vector>

#include "tests/support/catch.h"

using namespace halftone;

namespace {

using Pixel = std::array<int, 4>;

std::vector<uint8_t> pixels(size_t width, size_t height, const std::function<Pixel(int, int)>& at) {
  std::vector<uint8_t> rgba;
  for (size_t y = 0; y < height; ++y) {
    for (size_t x = 0; x < width; ++x) {
      for (const int value : at(static_cast<int>(x), static_cast<int>(y))) {
        rgba.push_back(static_cast<uint8_t>(value));
      }
    }
  }
  return rgba;
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<uint8_t>(byte));
  return out;
}

Pixel pattern(int x, int y) { return {x * 7 + y * 2, y * 11 + x, (x + y) * 3, 255}; }
Pixel see_through(int x, int y) { return {x * 7 + y * 2, y * 11 + x, (x + y) * 3, x * y}; }

}  // namespace

// What the format's own encoder (thumbhash 0.1.1 for JavaScript) makes of the same pixels.
TEST_CASE("a ThumbHash is what the published encoder makes", "[media]") {
  struct Row {
    const char* name;
    size_t width, height;
    std::function<Pixel(int, int)> at;
    const char* hash;
  };
  const Row rows[] = {
      {"landscape", 97, 61, pattern, "1f08061c8268846064916547a976e0c8d70f97"},
      {"portrait", 31, 99, pattern, "1f180a3a0a672706b6a7676568778f9480"},
      {"a line", 100, 1, pattern, "17872e39a266688788880899eb879f8608"},
      {"square, see-through", 50, 50, see_through,
       "61f7851d041737b563a8a787065f8db8609710324066612836"},
      {"landscape, see-through", 90, 40, see_through,
       "e0e7851a8207095a57b86af6b6f8932521324065512736"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK(hex(thumb_hash(row.width, row.height, pixels(row.width, row.height, row.at))) ==
            row.hash);
    }
  }
}

// Where nothing varies, the published encoder writes noise of rounding, which decoders ignore.
TEST_CASE("a ThumbHash of one colour is the same anywhere", "[media]") {
  struct Row {
    const char* name;
    size_t width, height;
    Pixel colour;
    const char* hash;
  };
  const Row rows[] = {
      {"one colour", 8, 8, {10, 200, 30, 255}, "548a000700"},
      {"nothing to see", 9, 7, {1, 2, 3, 0}, "000882048000"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const auto rgba = pixels(row.width, row.height, [&](int, int) { return row.colour; });
      const std::string hash = hex(thumb_hash(row.width, row.height, rgba));
      CHECK(hash.starts_with(row.hash));
      CHECK(hash.find_first_not_of('0', std::string_view(row.hash).size()) == std::string::npos);
    }
  }
}

TEST_CASE("a ThumbHash is of at most 100 by 100 pixels, in 25 bytes", "[media]") {
  for (const size_t width : {1, 2, 50, 99, 100}) {
    for (const size_t height : {1, 3, 67, 100}) {
      CAPTURE(width, height);
      CHECK(thumb_hash(width, height, pixels(width, height, pattern)).size() <= kMaxThumbHash);
      CHECK(thumb_hash(width, height, pixels(width, height, see_through)).size() <= kMaxThumbHash);
    }
  }
  CHECK(thumb_hash(101, 1, pixels(101, 1, pattern)).empty());
  CHECK(thumb_hash(1, 101, pixels(1, 101, pattern)).empty());
  CHECK(thumb_hash(0, 5, {}).empty());
  CHECK(thumb_hash(2, 2, pixels(2, 1, pattern)).empty());
}
