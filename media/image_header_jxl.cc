// JPEG XL (ISO/IEC 18181-1, annex D: image header; 18181-2: boxes).
#include <algorithm>
#include <array>

#include "media/byte_reader.h"
#include "media/image_formats.h"
#include "media/image_metadata.h"
#include "media/iso_boxes.h"

namespace halftone {

namespace {

// Bits from the least significant on; zeros past the end.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  uint32_t bits(int count) {
    uint32_t value = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      if (at_ / 8 >= bytes_.size()) {
        sound_ = false;
        return 0;
      }
      const auto byte = static_cast<unsigned char>(bytes_[at_ / 8]);
      value |= (uint32_t{byte} >> at_ % 8 & 1) << i;
    }
    return value;
  }
  bool flag() { return bits(1) != 0; }

  // U32() of the standard (B.2.2): two bits choose how many bits follow and what is added.
  struct Choice {
    int bits;
    uint32_t offset;
  };
  uint32_t choose(const std::array<Choice, 4>& choices) {
    const Choice& choice = choices[bits(2)];
    return choice.offset + bits(choice.bits);
  }
  uint32_t enumerated() { return choose({{{0, 0}, {0, 1}, {4, 2}, {6, 18}}}); }  // B.2.6
  bool sound() const { return sound_; }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
  bool sound_ = true;
};

uint32_t ratio_of(uint32_t height, uint32_t ratio) {
  constexpr std::array<std::array<uint64_t, 2>, 8> kRatios = {
      {{0, 1}, {1, 1}, {12, 10}, {4, 3}, {3, 2}, {16, 9}, {5, 4}, {2, 1}}};
  return static_cast<uint32_t>(height * kRatios[ratio][0] / kRatios[ratio][1]);
}

struct Size {
  uint32_t width, height;
};

// D.3.2
Size read_size(BitReader& in) {
  const bool small = in.flag();
  const auto side = [&] {
    if (small) return (in.bits(5) + 1) * 8;
    return in.choose({{{9, 1}, {13, 1}, {18, 1}, {30, 1}}});
  };
  const uint32_t height = side(), ratio = in.bits(3);
  return {ratio == 0 ? side() : ratio_of(height, ratio), height};
}

// D.3.4
void skip_preview(BitReader& in) {
  const bool eighths = in.flag();
  const auto side = [&] {
    if (eighths) return in.choose({{{0, 16}, {0, 32}, {5, 1}, {9, 33}}});
    return in.choose({{{6, 1}, {8, 65}, {10, 321}, {12, 1345}}});
  };
  side();
  if (in.bits(3) == 0) side();
}

// D.3.5
void skip_animation(BitReader& in) {
  in.choose({{{0, 100}, {0, 1000}, {10, 1}, {30, 1}}});
  in.choose({{{0, 1}, {0, 1001}, {8, 1}, {10, 1}}});
  in.choose({{{0, 0}, {3, 0}, {16, 0}, {32, 0}}});
  in.flag();
}

// D.3.6
int read_depth(BitReader& in) {
  const bool is_float = in.flag();
  if (!is_float) return static_cast<int>(in.choose({{{0, 8}, {0, 10}, {0, 12}, {6, 1}}}));
  const uint32_t bits = in.choose({{{0, 32}, {0, 16}, {0, 24}, {6, 1}}});
  in.bits(4);
  return static_cast<int>(bits);
}

// D.3.9; returns whether the channel is alpha.
bool read_extra_channel(BitReader& in) {
  enum Kind : uint32_t { kAlpha = 0, kSpot = 2, kFilterArray = 5 };
  if (in.flag()) return true;
  const uint32_t kind = in.enumerated();
  read_depth(in);
  in.choose({{{0, 0}, {0, 3}, {0, 4}, {3, 1}}});
  const uint32_t name = in.choose({{{0, 0}, {4, 0}, {5, 16}, {10, 48}}});
  for (uint32_t i = 0; i < name && in.sound(); ++i) in.bits(8);
  if (kind == kAlpha) in.flag();
  if (kind == kSpot) in.bits(32), in.bits(32);
  if (kind == kFilterArray) in.choose({{{0, 1}, {2, 0}, {4, 3}, {8, 19}}});
  return kind == kAlpha;
}

void skip_chromaticity(BitReader& in) {
  for (int i = 0; i < 2; ++i)
    in.choose({{{19, 0}, {19, 524'288}, {20, 1'048'576}, {21, 2'097'152}}});
}

// E.2: the values are those of H.273, but for Display P3.
std::string read_colour(BitReader& in) {
  constexpr uint32_t kCustom = 2, kXyb = 2, kRgb = 0, kP3 = 11, kH273P3 = 12;
  if (in.flag()) return "sRGB";
  const bool profile = in.flag();
  const uint32_t space = in.enumerated();
  if (profile || space == kXyb) return {};
  if (in.enumerated() == kCustom) skip_chromaticity(in);
  uint32_t primaries = 1;
  if (space == kRgb) {
    primaries = in.enumerated();
    for (int i = 0; primaries == kCustom && i < 3; ++i) skip_chromaticity(in);
  }
  if (in.flag() || space != kRgb) return {};  // a gamma of its own, or grey
  const uint32_t transfer = in.enumerated();
  return in.sound() ? colour_space_name(primaries == kP3 ? kH273P3 : primaries, transfer) : "";
}

// D.3
void read_metadata(BitReader& in, ImageHeader& header) {
  if (in.flag()) {
    header.icc = "sRGB";
    return;
  }
  if (in.flag()) {
    header.orientation = static_cast<int>(in.bits(3)) + 1;
    if (in.flag()) read_size(in);
    if (in.flag()) skip_preview(in);
    if (in.flag()) skip_animation(in);
  }
  header.bits = read_depth(in);
  in.flag();  // 16 bits suffice
  const uint32_t channels = in.choose({{{0, 0}, {0, 1}, {4, 2}, {12, 1}}});
  for (uint32_t i = 0; i < channels && in.sound(); ++i) header.alpha |= read_extra_channel(in);
  in.flag();  // XYB
  header.icc = read_colour(in);
}

void read_codestream(std::string_view bytes, ImageHeader& header) {
  constexpr std::string_view kMark = "\xFF\x0A";
  if (!bytes.starts_with(kMark)) return;
  BitReader in(slice(bytes, kMark.size(), 16'384));
  const Size size = read_size(in);
  header.is_cut = !in.sound();
  if (header.is_cut) return;
  header.width = size.width;
  header.height = size.height;
  read_metadata(in, header);
  header.is_cut = !in.sound();
}

}  // namespace

// How long a codestream is, only its decoder knows; how long boxes are, they say.
void read_jxl(std::string_view bytes, ImageHeader& header) {
  if (bytes.starts_with("\xFF\x0A")) return read_codestream(bytes, header);
  IsoBoxes boxes(bytes);
  std::string_view codestream;
  while (const auto box = boxes.next()) {
    if (box->type == "Exif")
      read_exif(slice(box->body, uint64_t{4} + ByteReader(box->body).u32()), header);
    if (box->type == "xml ") read_xmp(box->body, header);
    if (!codestream.empty()) continue;
    if (box->type == "jxlc") codestream = box->body;
    if (box->type == "jxlp") codestream = slice(box->body, 4);
  }
  header.orientation = 1;  // EXIF's own does not count here (18181-2, 9.5)
  read_codestream(codestream, header);
  header.is_cut |= boxes.is_cut() || header.width == 0;
}

}  // namespace halftone
