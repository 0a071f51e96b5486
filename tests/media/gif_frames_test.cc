#include "media/gif_frames.h"

#include "media/image_header.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"

using namespace halftone;

TEST_CASE("the first frames of a GIF are a GIF of so many", "[media][image]") {
  const std::string gif = make_gif(20, 16, 50, 40);
  size_t before = 0;
  for (size_t count = 1; count < 50; ++count) {
    CAPTURE(count);
    const auto part = first_gif_frames(gif, count);
    CHECK(part.size() > before);
    before = part.size();
    REQUIRE(gif.starts_with(part));
    CHECK(read_image_header(std::string(part) + ";")->frames == count);
  }
  for (const size_t count : {50, 51, 1000}) {
    CHECK(first_gif_frames(gif, count).size() >= gif.size() - 1);
  }
}

TEST_CASE("what is no GIF, or a damaged one, stays whole", "[media][image]") {
  const std::string gif = picture("animated.gif");
  for (size_t size = 0; size < gif.size(); ++size) {
    CAPTURE(size);
    const std::string cut = gif.substr(0, size);
    CHECK(first_gif_frames(cut, 3).size() <= size);
    CHECK(first_gif_frames(cut, 1000) == cut);
  }
  const std::string png = make_png(9, 9);
  CHECK(first_gif_frames(png, 1) == png);
  CHECK(first_gif_frames(gif.substr(0, 13) + "?" + gif.substr(13), 1).size() == gif.size() + 1);
}
