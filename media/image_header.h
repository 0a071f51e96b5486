// What a picture's own header says of it, read without any decoder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// PNG, JPEG, GIF, WebP, AVIF, HEIF, SVG, BMP, ICO, CUR, TIFF, JPEG XL, JPEG 2000 (jp2, j2k), PSD,
// QOI, PNM, ICNS.
struct ImageHeader {
  std::string format;  // "png"; as inspect names them
  std::string mime;
  uint32_t width = 0, height = 0;                  // as stored; 0 where the header does not tell
  uint32_t display_width = 0, display_height = 0;  // upright: orientation, rotation, cropping
  uint32_t frames = 1;
  std::optional<uint32_t> duration_ms;  // of animations: one round
  int orientation = 1;                  // EXIF, 1 to 8
  bool alpha = false;
  int bits = 8;     // of a channel
  std::string icc;  // the profile's description, "sRGB"; empty where there is none
  std::vector<std::pair<std::string, std::string>> exif;  // "Model", "DateTimeOriginal", GPS…
  bool is_cut = false;  // the file ends before its header or its own sizes say
};

// Nothing where the bytes begin no format named above. Linear in the bytes, bounded memory, never
// crashes.
std::optional<ImageHeader> read_image_header(std::string_view bytes);

// Tracking pixels, spacers and icons, by size and shape: nothing that a gallery should show.
bool is_decorative(const ImageHeader& header);

}  // namespace halftone
