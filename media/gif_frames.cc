#include "media/gif_frames.h"

#include "media/byte_reader.h"

namespace halftone {

namespace {

constexpr uint8_t kExtension = 0x21, kFrame = 0x2C;

void skip_colours(ByteReader& reader, uint8_t flags) {
  if ((flags & 0x80) != 0) reader.skip(uint64_t{3} << ((flags & 0x07) + 1));
}

void skip_blocks(ByteReader& reader) {
  while (const uint8_t size = reader.u8()) reader.skip(size);
}

void skip_frame(ByteReader& reader) {
  reader.skip(8);  // its place
  skip_colours(reader, reader.u8());
  reader.skip(1);  // size of codes
  skip_blocks(reader);
}

}  // namespace

std::string_view first_gif_frames(std::string_view gif, size_t count) {
  ByteReader reader(gif);
  if (!reader.piece(6).starts_with("GIF8")) return gif;
  reader.skip(4);
  const uint8_t flags = reader.u8();
  reader.skip(2);
  skip_colours(reader, flags);
  for (size_t frames = 0; frames < count;) {
    const uint8_t what = reader.u8();
    if (what == kExtension) {
      reader.skip(1);
      skip_blocks(reader);
    } else if (what == kFrame) {
      skip_frame(reader);
      ++frames;
    } else {
      return gif;
    }
    if (!reader.sound()) return gif;
  }
  return gif.substr(0, gif.size() - reader.rest().size());
}

}  // namespace halftone
