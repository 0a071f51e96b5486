// TIFF (TIFF 6.0; BigTIFF). Pages are frames.
#include <algorithm>

#include "media/image_formats.h"
#include "media/image_metadata.h"
#include "media/tiff_directory.h"

namespace halftone {

namespace {

enum Tag : uint16_t {
  kWidth = 256,
  kHeight = 257,
  kBits = 258,
  kStripOffsets = 273,
  kStripSizes = 279,
  kTileOffsets = 324,
  kTileSizes = 325,
  kExtraSamples = 338,
  kXmp = 700,
  kIptc = 33723,
  kProfile = 34675,
};

uint64_t first_integer(const TiffStructure& tiff, const TiffDirectory& directory, uint16_t tag) {
  const TiffField* field = directory.find(tag);
  return field ? tiff.integer(*field) : 0;
}

uint32_t side(uint64_t value) { return static_cast<uint32_t>(std::min<uint64_t>(value, ~0u)); }

// 1 and 2 are opacity; other samples are anything. (TIFF 6.0, section 18)
bool has_alpha(const TiffStructure& tiff, const TiffDirectory& directory) {
  const TiffField* field = directory.find(kExtraSamples);
  if (!field) return false;
  for (size_t i = 0; i < std::min<uint64_t>(field->count, 16); ++i) {
    const uint64_t kind = tiff.integer(*field, i);
    if (kind == 1 || kind == 2) return true;
  }
  return false;
}

// Every strip or tile of the directory is in the file.
bool has_all_pixels(const TiffStructure& tiff, const TiffDirectory& directory, uint64_t file_size,
                    uint16_t offsets_tag, uint16_t sizes_tag) {
  const TiffField* offsets = directory.find(offsets_tag);
  const TiffField* sizes = directory.find(sizes_tag);
  if (!offsets || offsets->count == 0 || offsets->is_cut) return false;
  for (size_t i = 0; i < offsets->count; ++i) {
    const uint64_t at = tiff.integer(*offsets, i), size = sizes ? tiff.integer(*sizes, i) : 0;
    if (at > file_size || size > file_size - at) return false;
  }
  return true;
}

}  // namespace

void read_tiff(std::string_view bytes, ImageHeader& header) {
  header.is_cut = true;
  const auto tiff = TiffStructure::open(bytes);
  if (!tiff) return;
  const TiffDirectory first = tiff->directory(tiff->first_directory());
  header.width = side(first_integer(*tiff, first, kWidth));
  header.height = side(first_integer(*tiff, first, kHeight));
  const uint64_t bits = first_integer(*tiff, first, kBits);
  header.bits = bits >= 1 && bits <= 64 ? static_cast<int>(bits) : 1;  // 1 where none are given
  header.alpha = has_alpha(*tiff, first);
  if (const TiffField* profile = first.find(kProfile)) header.icc = icc_description(profile->bytes);
  if (const TiffField* xmp = first.find(kXmp)) read_xmp(xmp->bytes, header);
  if (const TiffField* iptc = first.find(kIptc)) read_iptc(iptc->bytes, header);
  read_exif(bytes, header);
  const TiffStructure::Chain pages = tiff->chain();
  header.frames = std::max(1u, pages.count);
  header.is_cut = first.is_cut || pages.is_cut ||
                  (!has_all_pixels(*tiff, first, bytes.size(), kStripOffsets, kStripSizes) &&
                   !has_all_pixels(*tiff, first, bytes.size(), kTileOffsets, kTileSizes));
}

}  // namespace halftone
