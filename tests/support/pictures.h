// Pictures for tests: small files from tests/fixtures, and PNGs made on the spot.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace halftone {

// A file of tests/fixtures/images; an empty string where it cannot be read.
std::string picture(std::string_view name);

// A file of tests/fixtures/media, likewise.
std::string media_file(std::string_view name);

// An RGB gradient with a bright square in its right half, not compressed.
std::string make_png(uint32_t width, uint32_t height);

// A PNG with a sound header that declares this size, and no pixels.
std::string png_header_only(uint32_t width, uint32_t height);

// A GIF of so many frames, each of one colour of its own and shown for `delay_ms`, not compressed.
std::string make_gif(uint16_t width, uint16_t height, size_t frames, int delay_ms);

}  // namespace halftone
