#include "media/jpeg_averages.h"

#include <cstdlib>

#include "media/image.h"
#include "media/image_header.h"
#include "media/perceptual_hash.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"

using namespace halftone;

namespace {

// A still of an eighth of the fixtures' size.
constexpr Recipe kEighth{
    .name = "eighth", .version = 1, .width = 30, .height = 0, .crop = false, .most_frames = 1};

void start() {
  static const auto started = start_image_library();
  REQUIRE(started);
}

// The average colour as ThumbHash has it: brightness and two differences, six bits each.
std::vector<int> colour_of(const std::string& placeholder) {
  REQUIRE(placeholder.size() > 4);
  int head = 0;
  for (const size_t i : {2, 1, 0}) head = head << 8 | static_cast<unsigned char>(placeholder[i]);
  return {head & 63, head >> 6 & 63, head >> 12 & 63};
}

}  // namespace

TEST_CASE("an eighth of a progressive JPEG is in its first scan", "[media][image]") {
  start();
  for (const char* name : {"progressive.jpg", "progressive_restart.jpg", "progressive_grey.jpg"}) {
    CAPTURE(name);
    const std::string whole = picture(name);
    REQUIRE(whole.size() > 2000);
    const auto averages = jpeg_of_averages(whole);
    REQUIRE(averages);
    const auto header = read_image_header(*averages);
    REQUIRE(header);
    CHECK(header->width == 240);
    CHECK(header->height == 176);
    CHECK_FALSE(header->is_cut);
    const auto pixels = look_at_pixels(*averages);
    REQUIRE(pixels);
    CHECK(pixels->damage.empty());  // its decoder finds every code that it looks for

    const auto small = make_derivative(*averages, kEighth);
    const auto expected = make_derivative(whole, kEighth);
    REQUIRE(small);
    REQUIRE(expected);
    CHECK(small->width == expected->width);
    CHECK(small->height == expected->height);
    CHECK(hash_distance(*small->hash, *expected->hash) <= 4);
    const auto colour = colour_of(small->placeholder);
    const auto right = colour_of(expected->placeholder);
    for (size_t i = 0; i < 3; ++i) CHECK(std::abs(colour[i] - right[i]) <= 1);
  }
}

TEST_CASE("what has no averages of its own is left as it is", "[media][image]") {
  CHECK_FALSE(jpeg_of_averages(""));
  CHECK_FALSE(jpeg_of_averages(make_png(9, 9)));
  CHECK_FALSE(jpeg_of_averages(picture("orientation6.jpg")));  // sequential
  const std::string whole = picture("progressive.jpg");
  const size_t scan = whole.find("\xFF\xDA");
  REQUIRE(scan != whole.npos);
  for (size_t size = 0; size <= scan + 12; ++size) {
    CAPTURE(size);
    if (size < scan + 10) CHECK_FALSE(jpeg_of_averages(whole.substr(0, size)));
  }
}

TEST_CASE("averages break off where the first scan does", "[media][image]") {
  start();
  const std::string whole = picture("progressive.jpg");
  const size_t scan = whole.find("\xFF\xDA");
  size_t before = 0;
  for (size_t size = scan + 20; size < whole.size(); size += 50) {
    CAPTURE(size);
    const auto averages = jpeg_of_averages(whole.substr(0, size));
    REQUIRE(averages);
    CHECK(averages->size() >= before);
    before = averages->size();
    CHECK(make_derivative(*averages, kEighth));
  }
  CHECK(before == jpeg_of_averages(whole)->size());
}
