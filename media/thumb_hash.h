// A placeholder to show until a picture is there: ThumbHash, in the format published at
// https://evanw.github.io/thumbhash/, which has decoders in many languages.
//
// It is the picture's lowest frequencies (a DCT of luminance, of yellow against blue, of red
// against green, and of alpha where some pixel is see-through), four bits each:
//
//   hash   := head:u24 shape:u16 [alpha:u8] terms            little-endian
//   head   := luminance:6 yellow_blue:6 red_green:6 luminance_scale:5 has_alpha:1
//   shape  := terms:3 yellow_blue_scale:6 red_green_scale:6 is_landscape:1
//             of luminance, along the shorter side; along the longer one there are 7, or 5 with
//             alpha
//   alpha  := average:4 scale:4
//   terms  := four bits each, the low half of a byte first; luminance, yellow_blue, red_green,
//   alpha
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace halftone {

inline constexpr size_t kThumbHashSide = 100;  // pictures are made smaller than this first
inline constexpr size_t kMaxThumbHash = 25;    // bytes

// `rgba`: width × height pixels in rows, not premultiplied, of sides from 1 to kThumbHashSide.
// Empty where `rgba` is none such.
std::string thumb_hash(size_t width, size_t height, std::span<const uint8_t> rgba);

}  // namespace halftone
