// Pictures of every format that is decoded, and what may become of them on the way.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace halftone {

struct SoundPicture {
  std::string format;  // "jpeg"
  std::string bytes;
};

// Small ones, at least one of each format, of several kinds where a format has them.
const std::vector<SoundPicture>& sound_pictures();

// One of those, broken: cut, with flipped bytes, with numbers that are much too large, its head on
// the body of another. The same number gives the same picture, wherever and whenever.
std::string broken_picture(uint64_t number);

// Pictures that declare so many pixels in each format that can, and hold none of them.
std::vector<SoundPicture> boastful_pictures(uint32_t width, uint32_t height);

}  // namespace halftone
