// The header of a device-independent bitmap, which icons hold without that of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halftone {

struct BmpInfo {
  uint32_t width = 0, height = 0;
  uint16_t bits_per_pixel = 0;
  uint32_t compression = 0;
  uint32_t image_size = 0;  // as declared, of compressed pixels
  bool alpha = false;       // there is a mask for it
  std::string icc;
};

// `dib` begins with the size of its header. Nothing where that is none we know, or cut.
std::optional<BmpInfo> read_bmp_info(std::string_view dib);

}  // namespace halftone
