// WebP (RFC 9649: the container; RFC 6386: VP8; RFC 9649, 3: the lossless bitstream).
#include <algorithm>
#include <limits>

#include "media/byte_reader.h"
#include "media/image_formats.h"
#include "media/image_metadata.h"

namespace halftone {

namespace {

using namespace std::string_view_literals;

constexpr uint8_t kAlphaFlag = 0x10;

ByteReader little(std::string_view bytes) { return ByteReader(bytes, std::endian::little); }

// What its chunks say, until they are put together.
struct WebpFacts {
  bool extended = false;  // VP8X: the canvas counts, not the bitstreams
  bool pixels = false;
  uint32_t frames = 0;
  uint64_t milliseconds = 0;
};

// RFC 6386, 9.1
void read_lossy(std::string_view data, ImageHeader& header) {
  if (slice(data, 3, 3) != "\x9D\x01\x2A"sv) return;
  ByteReader reader = little(data.substr(6));
  header.width = reader.u16() & 0x3FFF;
  header.height = reader.u16() & 0x3FFF;
}

// RFC 9649, 3.4
void read_lossless(std::string_view data, ImageHeader& header) {
  ByteReader reader = little(data);
  if (reader.u8() != 0x2F) return;
  const uint32_t packed = reader.u32();
  if (!reader.sound()) return;
  header.width = (packed & 0x3FFF) + 1;
  header.height = (packed >> 14 & 0x3FFF) + 1;
  header.alpha = packed >> 28 & 1;
}

// RFC 9649, 2.7
void read_extended(std::string_view data, ImageHeader& header) {
  ByteReader reader = little(data);
  header.alpha = reader.u8() & kAlphaFlag;
  reader.skip(3);
  const uint32_t width = reader.u24(), height = reader.u24();
  if (!reader.sound()) return;
  header.width = width + 1;
  header.height = height + 1;
}

void read_chunk(std::string_view type, std::string_view data, WebpFacts& facts,
                ImageHeader& header) {
  if (type == "VP8X" && !facts.extended) {
    facts.extended = true;
    read_extended(data, header);
  } else if (type == "VP8 " || type == "VP8L") {
    facts.pixels = true;
    if (!facts.extended) (type == "VP8 " ? read_lossy : read_lossless)(data, header);
  } else if (type == "ANMF") {
    facts.pixels = true;
    ++facts.frames;
    facts.milliseconds += little(slice(data, 12)).u24();
  } else if (type == "ALPH") {
    header.alpha = true;
  } else if (type == "ICCP") {
    header.icc = icc_description(data);
  } else if (type == "EXIF" && header.exif.empty()) {
    read_exif(data, header);
  } else if (type == "XMP ") {
    read_xmp(data, header);
  }
}

}  // namespace

void read_webp(std::string_view bytes, ImageHeader& header) {
  const uint64_t declared = uint64_t{little(slice(bytes, 4)).u32()} + 8;
  ByteReader reader = little(slice(bytes.substr(0, declared), 12));
  WebpFacts facts;
  bool whole = declared <= bytes.size();
  while (reader.sound() && reader.rest().size() >= 8) {
    const std::string_view type = reader.piece(4);
    const uint32_t size = reader.u32();
    whole &= size <= reader.rest().size();
    read_chunk(type, reader.rest().substr(0, size), facts, header);
    reader.skip(uint64_t{size} + size % 2);
  }
  header.is_cut = !whole || !facts.pixels;
  if (facts.frames <= 1) return;
  header.frames = facts.frames;
  header.duration_ms = static_cast<uint32_t>(
      std::min<uint64_t>(facts.milliseconds, std::numeric_limits<uint32_t>::max()));
}

}  // namespace halftone
