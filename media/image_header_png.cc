// PNG with its animations (Portable Network Graphics, third edition).
#include <limits>

#include "media/byte_reader.h"
#include "media/image_formats.h"
#include "media/image_metadata.h"

namespace halftone {

namespace {

using namespace std::string_view_literals;

enum Colour : uint8_t { kGrey = 0, kRgb = 2, kPalette = 3, kGreyAlpha = 4, kRgbAlpha = 6 };

// 11.2.1
void read_head(std::string_view data, ImageHeader& header) {
  ByteReader reader(data);
  header.width = reader.u32();
  header.height = reader.u32();
  const uint8_t depth = reader.u8(), colour = reader.u8();
  header.bits = colour == kPalette ? 8 : depth;  // a palette has eight bits a channel
  header.alpha = colour == kGreyAlpha || colour == kRgbAlpha;
}

// iTXt (11.3.3.4) with XMP in it.
void read_text(std::string_view data, ImageHeader& header) {
  constexpr auto kXmp = "XML:com.adobe.xmp\0"sv;
  if (!data.starts_with(kXmp) || !header.xmp.empty()) return;
  ByteReader reader(data.substr(kXmp.size()));
  const bool is_compressed = reader.u8() != 0;
  reader.skip(1);  // the method
  std::string_view text = reader.rest();
  for (int i = 0; i < 2; ++i) text = slice(text, uint64_t{text.find('\0')} + 1);  // its languages
  if (is_compressed) {
    read_xmp(inflate_head(text), header);
  } else {
    read_xmp(text, header);
  }
}

// Chunks that name colours, from the strongest on. (4.3)
class ColourSpace {
 public:
  void read(std::string_view type, std::string_view data) {
    if (type == "cICP" && data.size() >= 2) {
      set(3, colour_space_name(static_cast<uint8_t>(data[0]), static_cast<uint8_t>(data[1])));
    } else if (type == "iCCP" && strength_ < 2) {  // the first, so that bombs cost once
      const std::string_view name = data.substr(0, data.find('\0'));
      std::string described = compressed_icc_description(slice(data, name.size() + 2));
      set(2, described.empty() ? tidy_text(name) : std::move(described));
    } else if (type == "sRGB") {
      set(1, "sRGB");
    }
  }
  std::string name;

 private:
  void set(int strength, std::string text) {
    if (strength <= strength_) return;
    strength_ = strength;
    name = std::move(text);
  }
  int strength_ = 0;
};

// Counts frames by their control chunks: an animation that was cut has fewer than it declares.
class Animation {
 public:
  // 11.3.6
  void read(std::string_view type, std::string_view data) {
    if (type == "acTL") animated_ = true;
    if (type != "fcTL" || frames == std::numeric_limits<uint32_t>::max()) return;
    ++frames;
    ByteReader reader(slice(data, 20));
    const uint64_t numerator = reader.u16(), denominator = reader.u16();
    microseconds_ += numerator * 1'000'000 / (denominator == 0 ? 100 : denominator);
  }
  bool moves() const { return animated_ && frames > 1; }
  uint32_t milliseconds() const {
    constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();
    return static_cast<uint32_t>(std::min(kMost, (microseconds_ + 500) / 1000));
  }
  uint32_t frames = 0;

 private:
  bool animated_ = false;
  uint64_t microseconds_ = 0;
};

}  // namespace

void read_png(std::string_view bytes, ImageHeader& header) {
  ByteReader reader(bytes.substr(8));
  ColourSpace colours;
  Animation animation;
  bool ended = false;
  while (!ended && reader.sound() && !reader.rest().empty()) {
    const uint32_t size = reader.u32();
    const std::string_view type = reader.piece(4);
    const std::string_view data = reader.rest().substr(0, size);
    reader.skip(uint64_t{size} + 4);  // and its checksum
    if (type == "IHDR") read_head(data, header);
    if (type == "tRNS") header.alpha = true;
    if (type == "eXIf") read_exif(data, header);
    if (type == "iTXt") read_text(data, header);
    colours.read(type, data);
    animation.read(type, data);
    ended = type == "IEND";
  }
  header.icc = colours.name;
  header.is_cut = !ended || !reader.sound();
  if (!animation.moves()) return;
  header.frames = animation.frames;
  header.duration_ms = animation.milliseconds();
}

}  // namespace halftone
