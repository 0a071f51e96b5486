// Windows bitmaps (Microsoft, Bitmap Storage) with OS/2's headers, as files and inside of icons.
#include "media/image_header_bmp.h"

#include <cstdlib>

#include "media/byte_reader.h"
#include "media/image_formats.h"
#include "media/image_metadata.h"

namespace halftone {

namespace {

enum Compression : uint32_t { kNone = 0, kBitFields = 3, kAlphaBitFields = 6 };
constexpr size_t kFileHeader = 14;
constexpr uint32_t kCoreHeader = 12, kOldestOs2 = 16, kInfoHeader = 40, kV3Header = 56,
                   kV4Header = 108, kV5Header = 124;

ByteReader little(std::string_view bytes) { return ByteReader(bytes, std::endian::little); }

// BITMAPV5HEADER: bV5CSType, and where the profile is.
std::string colour_name(std::string_view dib) {
  constexpr uint32_t kSrgb = 0x73524742, kEmbedded = 0x4D424544;  // 'sRGB', 'MBED'
  const uint32_t kind = little(slice(dib, 56)).u32();
  if (kind == kSrgb) return "sRGB";
  if (kind != kEmbedded || little(dib).u32() < kV5Header) return {};
  ByteReader reader = little(slice(dib, 112));
  const uint32_t at = reader.u32(), size = reader.u32();
  return icc_description(slice(dib, at, size));
}

uint32_t positive(int32_t side) { return static_cast<uint32_t>(std::abs(int64_t{side})); }

// Rows are padded to four bytes.
uint64_t pixel_bytes(const BmpInfo& info) {
  const uint64_t row = (uint64_t{info.width} * info.bits_per_pixel + 31) / 32 * 4;
  return row > (uint64_t{1} << 40) ? row : row * info.height;
}

}  // namespace

std::optional<BmpInfo> read_bmp_info(std::string_view dib) {
  ByteReader reader = little(dib);
  const uint32_t size = reader.u32();
  const bool known = size == kCoreHeader || (size >= kOldestOs2 && size <= kV5Header);
  if (!known) return std::nullopt;
  BmpInfo info;
  if (size == kCoreHeader) {
    info.width = reader.u16();
    info.height = reader.u16();
    reader.skip(2);
    info.bits_per_pixel = reader.u16();
  } else {
    info.width = positive(static_cast<int32_t>(reader.u32()));
    info.height = positive(static_cast<int32_t>(reader.u32()));  // negative: from the top down
    reader.skip(2);
    info.bits_per_pixel = reader.u16();
    if (size >= kInfoHeader) {
      info.compression = reader.u32();
      info.image_size = reader.u32();
    }
  }
  if (!reader.sound()) return std::nullopt;
  const bool masks = info.compression == kBitFields || info.compression == kAlphaBitFields;
  info.alpha = size >= kV3Header && masks && little(slice(dib, 52)).u32() != 0;
  if (size >= kV4Header) info.icc = colour_name(dib);
  return info;
}

void read_bmp(std::string_view bytes, ImageHeader& header) {
  header.is_cut = true;
  const uint32_t pixels_at = little(slice(bytes, 10)).u32();
  const auto info = read_bmp_info(slice(bytes, kFileHeader));
  if (!info) return;
  header.width = info->width;
  header.height = info->height;
  header.alpha = info->alpha;
  header.icc = info->icc;
  header.bits = info->bits_per_pixel == 16 ? 5 : 8;  // a palette has eight bits a channel
  const bool plain = info->compression == kNone || info->compression == kBitFields ||
                     info->compression == kAlphaBitFields;
  const uint64_t needed = plain ? pixel_bytes(*info) : info->image_size;
  header.is_cut = pixels_at > bytes.size() || needed > bytes.size() - pixels_at;
}

}  // namespace halftone
