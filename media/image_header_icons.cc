// Icons: ICO and CUR (Microsoft, "Icons in Win32"), ICNS (Apple). Each holds one picture in several
// sizes; the largest counts, and renditions are not frames.
#include <algorithm>
#include <iterator>

#include "media/byte_reader.h"
#include "media/image_formats.h"
#include "media/image_header_bmp.h"

namespace halftone {

namespace {

struct IconImage {
  uint32_t width = 0, height = 0;
  int bits = 8;
  std::string icc;
};

uint64_t area(const IconImage& image) { return uint64_t{image.width} * image.height; }

void keep_larger(IconImage& best, IconImage image) {
  if (area(image) > area(best)) best = std::move(image);
}

// A picture in a format of its own says itself how large it is.
bool read_inner_picture(std::string_view data, IconImage& image) {
  ImageHeader inner;
  if (data.starts_with("\x89PNG\r\n\x1A\n")) {
    read_png(data.substr(0, 4096), inner);  // its first chunks
  } else if (data.starts_with("\xFF\x4F\xFF\x51")) {
    read_j2k(data, inner);
  } else if (slice(data, 4, 4) == "jP  ") {
    read_jp2(data, inner);
  }
  if (inner.width == 0 || inner.height == 0) return false;
  image = {inner.width, inner.height, inner.bits, inner.icc};
  return true;
}

// An entry of the directory: 0 stands for 256, and for everything above.
IconImage read_entry(std::string_view entry, std::string_view data) {
  const auto side = [&](size_t at) {
    const uint8_t value = ByteReader(slice(entry, at)).u8();
    return value == 0 ? 256u : value;
  };
  IconImage image{.width = side(0), .height = side(1), .bits = 8, .icc = {}};
  if (read_inner_picture(data, image)) return image;
  if (const auto bitmap = read_bmp_info(data)) {
    image.width = bitmap->width;
    image.height = bitmap->height / 2;  // the mask lies on top of the picture
  }
  return image;
}

struct IcnsType {
  std::string_view type;
  uint32_t width, height;
};

// Types by number of pixels; "@2x" ones are as large as they are.
constexpr IcnsType kIcnsTypes[] = {
    {"ICON", 32, 32},   {"ICN#", 32, 32},     {"icm#", 16, 12},   {"icm4", 16, 12},
    {"icm8", 16, 12},   {"ics#", 16, 16},     {"ics4", 16, 16},   {"ics8", 16, 16},
    {"is32", 16, 16},   {"icl4", 32, 32},     {"icl8", 32, 32},   {"il32", 32, 32},
    {"ich#", 48, 48},   {"ich4", 48, 48},     {"ich8", 48, 48},   {"ih32", 48, 48},
    {"it32", 128, 128}, {"icp4", 16, 16},     {"icp5", 32, 32},   {"icp6", 48, 48},
    {"ic04", 16, 16},   {"ic05", 32, 32},     {"ic07", 128, 128}, {"ic08", 256, 256},
    {"ic09", 512, 512}, {"ic10", 1024, 1024}, {"ic11", 32, 32},   {"ic12", 64, 64},
    {"ic13", 256, 256}, {"ic14", 512, 512},   {"icsb", 18, 18},   {"icsB", 36, 36},
    {"sb24", 24, 24},   {"SB24", 48, 48},
};

IconImage read_icns_entry(std::string_view type, std::string_view data) {
  const auto known = std::find_if(std::begin(kIcnsTypes), std::end(kIcnsTypes),
                                  [type](const IcnsType& each) { return each.type == type; });
  IconImage image;
  if (known == std::end(kIcnsTypes) || read_inner_picture(data, image)) return image;
  image.width = known->width;
  image.height = known->height;
  return image;
}

void finish(const IconImage& best, bool is_cut, ImageHeader& header) {
  header.width = best.width;
  header.height = best.height;
  header.bits = best.bits;
  header.icc = best.icc;
  header.alpha = true;  // every one has a mask at least
  header.is_cut = is_cut || best.width == 0;
}

}  // namespace

void read_ico(std::string_view bytes, ImageHeader& header) {
  constexpr size_t kMostEntries = 100;
  ByteReader reader(slice(bytes, 4), std::endian::little);
  const size_t count = std::min<size_t>(reader.u16(), kMostEntries);
  IconImage best;
  bool is_cut = false;
  for (size_t i = 0; i < count && reader.sound(); ++i) {
    const std::string_view entry = reader.piece(16);
    ByteReader place(slice(entry, 8), std::endian::little);
    const uint64_t size = place.u32(), at = place.u32();
    if (entry.empty()) break;
    is_cut |= at > bytes.size() || size > bytes.size() - at;
    keep_larger(best, read_entry(entry, slice(bytes, at, std::min<uint64_t>(size, 4096))));
  }
  finish(best, is_cut || !reader.sound(), header);
}

void read_icns(std::string_view bytes, ImageHeader& header) {
  const uint32_t declared = ByteReader(slice(bytes, 4)).u32();
  ByteReader reader(slice(bytes.substr(0, declared), 8));
  IconImage best;
  while (reader.sound() && !reader.rest().empty()) {
    const std::string_view type = reader.piece(4);
    const uint32_t size = reader.u32();
    if (size < 8) break;
    keep_larger(best, read_icns_entry(type, reader.rest().substr(0, size - 8)));
    reader.skip(size - 8);
  }
  finish(best, declared > bytes.size() || !reader.sound(), header);
}

}  // namespace halftone
