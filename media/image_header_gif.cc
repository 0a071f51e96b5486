// GIF (CompuServe, Graphics Interchange Format 89a).
#include <algorithm>
#include <limits>

#include "media/byte_reader.h"
#include "media/image_formats.h"
#include "media/image_metadata.h"

namespace halftone {

namespace {

constexpr uint8_t kImage = 0x2C, kExtension = 0x21, kTrailer = 0x3B, kGraphicControl = 0xF9;
constexpr uint8_t kApplication = 0xFF;

class GifReader {
 public:
  GifReader(std::string_view bytes, ImageHeader& header)
      : reader_(bytes, std::endian::little), header_(header) {}

  // 17 and 18: the header and the logical screen.
  void read_screen() {
    reader_.skip(6);
    header_.width = reader_.u16();
    header_.height = reader_.u16();
    const uint8_t packed = reader_.u8();
    reader_.skip(2);
    skip_palette(packed);
  }

  // Returns whether the trailer was reached. What is no block ends the file, as browsers have it.
  bool read_blocks() {
    while (reader_.sound()) {
      const uint8_t block = reader_.u8();
      if (block == kImage) {
        read_image();
      } else if (block == kExtension) {
        read_extension();
      } else {
        return reader_.sound() && (block == kTrailer || frames_ > 0);
      }
    }
    return false;
  }

  void finish() {
    if (frames_ <= 1) return;
    header_.frames = frames_;
    header_.duration_ms = static_cast<uint32_t>(
        std::min<uint64_t>(hundredths_ * 10, std::numeric_limits<uint32_t>::max()));
  }

 private:
  void skip_palette(uint8_t packed) {
    if (packed & 0x80) reader_.skip(size_t{3} << ((packed & 7) + 1));
  }

  void skip_sub_blocks() {
    while (reader_.sound()) {
      const uint8_t size = reader_.u8();
      if (size == 0) return;
      reader_.skip(size);
    }
  }

  // 20 to 22. A first frame that leaves some of the screen uncovered leaves it see-through.
  void read_image() {
    const uint16_t left = reader_.u16(), top = reader_.u16();
    const uint16_t width = reader_.u16(), height = reader_.u16();
    skip_palette(reader_.u8());
    reader_.skip(1);  // the size of codes
    if (!reader_.sound()) return;
    if (frames_ == 0) {
      if (header_.width == 0 || header_.height == 0) {
        header_.width = width;
        header_.height = height;
      }
      header_.alpha |= left > 0 || top > 0 || width < header_.width || height < header_.height;
    }
    ++frames_;
    skip_sub_blocks();
  }

  // 23: the delay and whether a colour is transparent.
  void read_extension() {
    const uint8_t label = reader_.u8();
    if (label == kApplication && reader_.rest().starts_with("\x0BXMP DataXMP"))
      return read_packet();
    if (label == kGraphicControl) {
      ByteReader control(reader_.rest().substr(0, 5), std::endian::little);
      control.skip(1);
      const uint8_t packed = control.u8();
      hundredths_ += control.u16();
      header_.alpha |= (packed & 1) != 0;
    }
    skip_sub_blocks();
  }

  // ISO 16684-3, 6.2.2: the packet itself, then 258 bytes that end it for those who count blocks.
  void read_packet() {
    constexpr std::string_view kEnd("\x01\xFF\xFE", 3);
    reader_.skip(12);
    const size_t size = reader_.rest().find(kEnd);
    if (size != std::string_view::npos) read_xmp(reader_.rest().substr(0, size), header_);
    skip_sub_blocks();
  }

  ByteReader reader_;
  ImageHeader& header_;
  uint32_t frames_ = 0;
  uint64_t hundredths_ = 0;
};

}  // namespace

void read_gif(std::string_view bytes, ImageHeader& header) {
  GifReader reader(bytes, header);
  reader.read_screen();
  header.is_cut = !reader.read_blocks();
  reader.finish();
}

}  // namespace halftone
