// What a picture's own header says of it, read without any decoder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halftone {

// PNG, JPEG, GIF, WebP, AVIF, HEIF, SVG, BMP, ICO, CUR, TIFF, JPEG XL, JPEG 2000 (jp2, j2k), PSD,
// QOI, PNM, ICNS.
struct ImageHeader {
  std::string format;  // "png"; as inspect names them
  std::string mime;
  uint32_t width = 0, height = 0;                  // as stored; 0 where the header does not tell
  uint32_t display_width = 0, display_height = 0;  // upright: orientation, rotation, cropping
  // Pictures after each other: animation frames, pages. Renditions of one picture (the sizes of an
  // icon) are not frames; nor are those of an animated JPEG XL, which only its decoder can count.
  uint32_t frames = 1;
  // Of animations: one round, by the delays as written (browsers show a GIF's delays below 20 ms as
  // 100 ms).
  std::optional<uint32_t> duration_ms;
  // As EXIF numbers them, 1 to 8. HEIF and JPEG XL have their own way to say it, and EXIF's does
  // not count there.
  int orientation = 1;
  bool alpha = false;
  int bits = 8;  // of a channel
  // The profile's description, or the name of colours that are given by number: "sRGB". Empty where
  // there is none.
  std::string icc;
  std::vector<std::pair<std::string, std::string>> exif;  // see read_exif() in image_metadata.h
  std::vector<std::pair<std::string, std::string>> xmp, iptc;  // see read_xmp(), read_iptc() there
  bool is_cut = false;  // the file ends before its header or its own sizes say
};

// Nothing where the bytes begin no format named above. Linear in the bytes, bounded memory, never
// crashes.
std::optional<ImageHeader> read_image_header(std::string_view bytes);

// Nothing that a gallery should show: a side below 16 pixels (tracking pixels, spacers, rules,
// bullets), or no side above 48, in formats for icons above 64. Unknown sizes are not decorative,
// but icons are.
bool is_decorative(const ImageHeader& header);
bool is_decorative(uint32_t width, uint32_t height, bool is_icon);

}  // namespace halftone
