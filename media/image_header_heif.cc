// AVIF and HEIF (ISO/IEC 23008-12; AV1 Image File Format), still and moving.
#include <algorithm>
#include <cmath>
#include <limits>

#include "media/byte_reader.h"
#include "media/heif_items.h"
#include "media/image_formats.h"
#include "media/image_metadata.h"
#include "media/iso_boxes.h"
#include "media/orientation.h"

namespace halftone {

namespace {

uint8_t byte_at(std::string_view bytes, size_t at) { return ByteReader(slice(bytes, at)).u8(); }

// "colr" (ISO/IEC 14496-12, 12.1.5). A profile counts more than numbers.
void read_colour(std::string_view body, ImageHeader& header) {
  const std::string_view kind = body.substr(0, 4);
  if (kind == "prof" || kind == "rICC") {
    const std::string name = icc_description(slice(body, 4));
    if (!name.empty()) header.icc = name;
  } else if (kind == "nclx" && header.icc.empty()) {
    ByteReader reader(slice(body, 4));
    const uint16_t primaries = reader.u16(), transfer = reader.u16();
    header.icc = colour_space_name(primaries, transfer);
  }
}

// The depth in a codec's configuration: "av1C" (AV1-ISOBMFF, 2.3.3), "hvcC" (ISO/IEC 14496-15).
int coded_bits(const IsoBox& configuration) {
  if (configuration.type == "hvcC") return (byte_at(configuration.body, 17) & 7) + 8;
  const uint8_t packed = byte_at(configuration.body, 2);
  return (packed & 0x40) == 0 ? 8 : (packed & 0x20) != 0 ? 12 : 10;
}

// What does not change the picture's shape.
void read_description(const IsoBox& property, ImageHeader& header) {
  if (property.type == "colr") read_colour(property.body, header);
  if (property.type == "av1C" || property.type == "hvcC") header.bits = coded_bits(property);
  if (property.type == "pixi" && byte_at(property.body, 4) > 0)
    header.bits = byte_at(property.body, 5);
}

// Cropping, turning, mirroring, one after the other. (ISO/IEC 23008-12, 6.5.9, 6.5.10, 6.5.12)
class Shape {
 public:
  void read(const IsoBox& property) {
    ByteReader reader(property.body);
    if (property.type == "ispe") {
      reader.skip(4);
      width = reader.u32();
      height = reader.u32();
      display_width = width;
      display_height = height;
    } else if (property.type == "clap") {
      crop(display_width, reader);
      crop(display_height, reader);
    } else if (property.type == "irot") {
      const int quarters = reader.u8() & 3;
      orientation.turn_left(quarters);
      if (quarters % 2 != 0) std::swap(display_width, display_height);
    } else if (property.type == "imir") {
      (reader.u8() & 1) != 0 ? orientation.mirror_sideways() : orientation.mirror_upside_down();
    }
  }

  uint32_t width = 0, height = 0, display_width = 0, display_height = 0;
  Orientation orientation;

 private:
  static void crop(uint32_t& side, ByteReader& reader) {
    const double numerator = reader.u32(), denominator = reader.u32();
    if (denominator == 0 || !reader.sound()) return;
    const double kept = std::round(numerator / denominator);
    if (kept >= 1 && kept <= side) side = static_cast<uint32_t>(kept);
  }
};

void read_still(const HeifItems& items, ImageHeader& header) {
  Shape shape;
  for (const IsoBox& property : items.primary_properties()) {
    shape.read(property);
    read_description(property, header);
  }
  header.alpha = items.has_alpha();
  read_exif(items.exif(), header);
  read_xmp(items.xmp(), header);
  header.orientation = shape.orientation.exif();  // EXIF's own does not count here
  header.width = shape.width;
  header.height = shape.height;
  header.display_width = shape.display_width;
  header.display_height = shape.display_height;
}

struct Track {
  std::string_view handler;  // "pict", "vide", "auxv"
  std::string_view samples;  // the body of "stbl"
  uint32_t timescale = 0;
};

// ISO/IEC 14496-12, 8.4.2, 8.4.3
Track read_track(std::string_view trak) {
  Track track;
  const std::string_view media = find_box(trak, "mdia");
  track.handler = slice(find_box(media, "hdlr"), 8, 4);
  const std::string_view head = find_box(media, "mdhd");
  track.timescale = ByteReader(slice(head, byte_at(head, 0) == 1 ? 20 : 12)).u32();
  track.samples = find_box(find_box(media, "minf"), "stbl");
  return track;
}

// The sample entry has the size, and properties as items have them. (12.1.3)
void read_sample_entry(const Track& track, ImageHeader& header) {
  IsoBoxes entries(slice(find_box(track.samples, "stsd"), 8));
  const auto entry = entries.next();
  if (!entry || header.width != 0) return;
  ByteReader reader(slice(entry->body, 24));
  header.width = reader.u16();
  header.height = reader.u16();
  IsoBoxes properties(slice(entry->body, 78));
  while (const auto property = properties.next()) read_description(*property, header);
}

// "stts": how many samples last how long. (8.6.1.2)
void read_times(const Track& track, ImageHeader& header) {
  constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();
  ByteReader reader(slice(find_box(track.samples, "stts"), 4));
  uint64_t frames = 0;
  double duration = 0;
  for (uint32_t left = reader.u32(); left > 0 && reader.rest().size() >= 8; --left) {
    const uint64_t count = reader.u32(), each = reader.u32();
    frames += count;
    duration += static_cast<double>(count) * static_cast<double>(each);
  }
  if (frames <= 1 || track.timescale == 0) return;
  header.frames = static_cast<uint32_t>(std::min(frames, kMost));
  header.duration_ms = static_cast<uint32_t>(
      std::min(std::round(duration * 1000 / track.timescale), static_cast<double>(kMost)));
}

void read_sequence(std::string_view moov, ImageHeader& header) {
  bool found = false;
  IsoBoxes boxes(moov);
  while (const auto box = boxes.next()) {
    if (box->type != "trak") continue;
    const Track track = read_track(box->body);
    header.alpha |= track.handler == "auxv";
    if (found || (track.handler != "pict" && track.handler != "vide")) continue;
    found = true;
    read_sample_entry(track, header);
    read_times(track, header);
  }
}

std::string_view format_of_brand(std::string_view brand) {
  if (brand == "avif" || brand == "avis") return "avif";
  constexpr std::string_view kHeif[] = {"heic", "heix", "heim", "heis",
                                        "hevc", "hevx", "hevm", "hevs"};
  return std::find(std::begin(kHeif), std::end(kHeif), brand) == std::end(kHeif) ? "" : "heif";
}

}  // namespace

// ISO/IEC 23008-12, 10: brands of structure alone leave the codec to the compatible ones.
std::string_view heif_format(std::string_view bytes) {
  IsoBoxes boxes(bytes.substr(0, 1024));
  const auto type = boxes.next();
  if (!type || type->type != "ftyp") return {};
  const std::string_view major = type->body.substr(0, 4);
  if (const auto format = format_of_brand(major); !format.empty()) return format;
  if (major != "mif1" && major != "msf1" && major != "miaf") return {};
  for (size_t at = 8; at + 4 <= type->body.size(); at += 4) {
    const auto format = format_of_brand(type->body.substr(at, 4));
    if (!format.empty()) return format;
  }
  return "heif";
}

void read_heif(std::string_view bytes, ImageHeader& header) {
  const HeifItems items(bytes);
  if (!items.empty()) read_still(items, header);
  IsoBoxes boxes(bytes);
  bool has_pixels = items.has_data();
  while (const auto box = boxes.next()) {
    if (box->type == "moov") read_sequence(box->body, header);
    has_pixels |= box->type == "mdat";
  }
  header.is_cut = boxes.is_cut() || !has_pixels;
}

}  // namespace halftone
