// JPEG 2000: the codestream (ITU-T T.800, annex A) and its file format (annex I).
#include <algorithm>

#include "media/byte_reader.h"
#include "media/image_formats.h"
#include "media/image_metadata.h"
#include "media/iso_boxes.h"

namespace halftone {

namespace {

constexpr uint16_t kSot = 0xFF90, kEoc = 0xFFD9;
constexpr std::string_view kExifUuid = "JpgTiffExif->JP2";
// ISO 16684-3, 6.2.6
constexpr std::string_view kXmpUuid =
    "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";

int depth_of(uint8_t packed) { return (packed & 0x7F) + 1; }

// A.5.1
void read_size(std::string_view siz, ImageHeader& header) {
  ByteReader reader(siz);
  reader.skip(2);  // capabilities
  const uint32_t right = reader.u32(), bottom = reader.u32();
  const uint32_t left = reader.u32(), top = reader.u32();
  reader.skip(16);  // tiles
  const uint16_t components = reader.u16();
  if (!reader.sound() || left >= right || top >= bottom) return;
  header.width = right - left;
  header.height = bottom - top;
  header.bits = depth_of(reader.u8());
  header.alpha = components == 2 || components == 4;
}

// Passes over the tile parts by the sizes that they declare (A.4.2); false where they go beyond the
// bytes. `at_tile` begins with the first one's marker.
bool tiles_are_whole(std::string_view at_tile) {
  while (true) {
    ByteReader reader(at_tile);
    const uint16_t marker = reader.u16();
    if (marker == kEoc) return true;
    if (marker != kSot) return false;
    reader.skip(4);  // segment size, tile
    const uint32_t size = reader.u32();
    if (!reader.sound()) return false;
    if (size == 0) return at_tile.ends_with("\xFF\xD9");  // to the end of the codestream
    if (size < 14 || size > at_tile.size()) return false;
    at_tile.remove_prefix(size);
  }
}

// cdef (I.5.3.6): some channel is opacity.
bool defines_opacity(std::string_view cdef) {
  ByteReader reader(cdef);
  for (uint16_t left = reader.u16(); left > 0 && reader.sound(); --left) {
    reader.skip(2);
    const uint16_t kind = reader.u16();
    reader.skip(2);
    if (reader.sound() && (kind == 1 || kind == 2)) return true;
  }
  return false;
}

// colr (I.5.3.3)
std::string colour_name(std::string_view colr) {
  ByteReader reader(colr);
  const uint8_t method = reader.u8();
  reader.skip(2);
  if (method == 2 || method == 3) return icc_description(reader.rest());
  constexpr uint32_t kSrgb = 16, kYcc = 18;
  const uint32_t space = reader.u32();
  return method == 1 && (space == kSrgb || space == kYcc) ? "sRGB" : "";
}

// jp2h (I.5.3)
void read_head(std::string_view jp2h, ImageHeader& header) {
  IsoBoxes boxes(jp2h);
  while (const auto box = boxes.next()) {
    ByteReader reader(box->body);
    if (box->type == "ihdr") {
      header.height = reader.u32();
      header.width = reader.u32();
      reader.skip(2);
      const uint8_t depth = reader.u8();
      if (depth != 0xFF) header.bits = depth_of(depth);
    }
    if (box->type == "bpcc") header.bits = depth_of(reader.u8());
    if (box->type == "colr" && header.icc.empty()) header.icc = colour_name(box->body);
    if (box->type == "cdef") header.alpha = defines_opacity(box->body);
  }
}

}  // namespace

void read_j2k(std::string_view bytes, ImageHeader& header) {
  constexpr uint16_t kSiz = 0xFF51;
  header.is_cut = true;
  std::string_view rest = slice(bytes, 2);
  while (!rest.empty()) {
    ByteReader reader(rest);
    const uint16_t marker = reader.u16();
    if (marker == kSot) {
      header.is_cut = !tiles_are_whole(rest);
      return;
    }
    const uint16_t size = reader.u16();
    if (!reader.sound() || size < 2 || marker <= 0xFF00) return;
    if (marker == kSiz) read_size(reader.rest().substr(0, size - 2u), header);
    rest = slice(rest, uint64_t{2} + size);
  }
}

void read_jp2(std::string_view bytes, ImageHeader& header) {
  IsoBoxes boxes(bytes);
  bool has_pixels = false, whole = true;
  while (const auto box = boxes.next()) {
    if (box->type == "jp2h") read_head(box->body, header);
    if (box->type == "uuid" && box->body.starts_with(kExifUuid))
      read_exif(box->body.substr(kExifUuid.size()), header);
    if (box->type == "uuid" && box->body.starts_with(kXmpUuid))
      read_xmp(box->body.substr(kXmpUuid.size()), header);
    if (box->type != "jp2c" || has_pixels) continue;
    has_pixels = true;
    ImageHeader codestream;
    read_j2k(box->body, codestream);
    whole = !codestream.is_cut;
  }
  header.is_cut = boxes.is_cut() || !has_pixels || !whole;
}

}  // namespace halftone
