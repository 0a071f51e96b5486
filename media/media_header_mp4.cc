// MP4 and what is made like it (ISO/IEC 14496-12, -14; QuickTime File Format).
#include <algorithm>

#include "media/byte_reader.h"
#include "media/iso_boxes.h"
#include "media/media_formats.h"

namespace halftone {

namespace {

constexpr int kMostBoxes = 100'000;

// A time scale and a duration, as "mvhd" and "mdhd" have them (8.2.2, 8.4.2).
struct Times {
  uint32_t scale = 0;
  uint64_t duration = 0;
};

Times read_times(std::string_view body) {
  ByteReader reader(body);
  const bool wide = reader.u8() == 1;
  reader.skip(3 + (wide ? 16 : 8));
  Times times{.scale = reader.u32()};
  times.duration = reader.integer(wide ? 8 : 4);
  const uint64_t unknown = wide ? ~uint64_t{0} : ~uint32_t{0};
  if (times.duration == unknown || !reader.sound()) times.duration = 0;
  return times;
}

// "tkhd" (8.3.2): the size after the matrix is applied, which turns by quarters.
void read_size(std::string_view body, MediaTrack& track) {
  ByteReader reader(body);
  const bool wide = reader.u8() == 1;
  reader.skip(3 + (wide ? 32 : 20) + 16);
  const uint32_t a = reader.u32(), b = reader.u32();
  reader.skip(28);
  track.width = reader.u32() >> 16;
  track.height = reader.u32() >> 16;
  if (a == 0 && b != 0) std::swap(track.width, track.height);
}

// "esds" (14496-1, 7.2.6): what "mp4a" really holds, and of AAC the number of channels, which the
// entry itself need not tell (14496-3, 1.6.2.1).
void read_elementary_stream(std::string_view body, MediaTrack& track) {
  ByteReader reader(slice(body, 4));
  const auto begin = [&](uint8_t tag) {
    const bool is_tag = reader.u8() == tag;
    for (int i = 0; i < 4 && (reader.u8() & 0x80) != 0; ++i) continue;
    return is_tag;
  };
  if (!begin(3)) return;
  reader.skip(2);
  const uint8_t flags = reader.u8();
  if (flags & 0x80) reader.skip(2);
  if (flags & 0x40) reader.skip(reader.u8());
  if (flags & 0x20) reader.skip(2);
  if (!begin(4)) return;
  const uint8_t type = reader.u8();
  if (type == 0x69 || type == 0x6B) track.codec = "mp3";
  reader.skip(12);
  constexpr uint8_t kAac = 0x40;
  if (type != kAac || !begin(5)) return;
  const uint16_t packed = reader.u16();  // object type:5, frequency:4, channels:4
  const uint32_t frequency = packed >> 7 & 15, channels = packed >> 3 & 15;
  if (reader.sound() && frequency != 15 && channels > 0) track.channels = channels;
}

// "stsd" (8.5.2, 12.1.3, 12.2.3): its first entry.
void read_sample_entry(std::string_view body, MediaTrack& track) {
  IsoBoxes entries(slice(body, 8));
  const auto entry = entries.next();
  if (!entry) return;
  track.codec = codec_for(entry->type);
  if (track.kind == MediaTrack::Kind::kVideo && (track.width == 0 || track.height == 0)) {
    ByteReader reader(slice(entry->body, 24));
    track.width = reader.u16();
    track.height = reader.u16();
  }
  if (track.kind != MediaTrack::Kind::kAudio) return;
  ByteReader reader(slice(entry->body, 8));
  const uint16_t version = reader.u16();  // of QuickTime's entries
  reader.skip(6);
  track.channels = reader.u16();
  reader.skip(6);
  track.sample_rate = reader.u32() >> 16;
  const size_t more = version == 1 ? 16 : version == 2 ? 36 : 0;
  if (entry->type == "mp4a") {
    const std::string_view esds = find_box(slice(entry->body, 28 + more), "esds");
    if (!esds.empty()) read_elementary_stream(esds, track);
  }
}

MediaTrack::Kind kind_of(std::string_view handler) {
  using enum MediaTrack::Kind;
  if (handler == "vide") return kVideo;
  if (handler == "soun") return kAudio;
  const bool is_text =
      handler == "text" || handler == "subt" || handler == "sbtl" || handler == "clcp";
  return is_text ? kText : kOther;
}

void read_track(std::string_view trak, MediaHeader& header) {
  const std::string_view media = find_box(trak, "mdia");
  MediaTrack track{.kind = kind_of(slice(find_box(media, "hdlr"), 8, 4))};
  if (track.kind == MediaTrack::Kind::kVideo) read_size(find_box(trak, "tkhd"), track);
  read_sample_entry(find_box(find_box(find_box(media, "minf"), "stbl"), "stsd"), track);
  if (track.kind != MediaTrack::Kind::kOther) add_track(header, std::move(track));
}

void read_movie(std::string_view moov, MediaHeader& header) {
  Times times = read_times(find_box(moov, "mvhd"));
  if (times.duration == 0) {  // in fragments (8.8.2)
    ByteReader extends(find_box(find_box(moov, "mvex"), "mehd"));
    const bool wide = extends.u8() == 1;
    extends.skip(3);
    times.duration = extends.integer(wide ? 8 : 4);
  }
  header.duration_ms = milliseconds(static_cast<double>(times.duration), times.scale);
  IsoBoxes boxes(moov);
  while (const auto box = boxes.next())
    if (box->type == "trak") read_track(box->body, header);
}

// "sidx" (8.16.3): how long the pieces of a stream are that tells no duration.
double seconds_of_index(std::string_view body) {
  ByteReader reader(body);
  const bool wide = reader.u8() == 1;
  reader.skip(7);
  const uint32_t scale = reader.u32();
  reader.skip(wide ? 18 : 10);
  double units = 0;
  for (uint16_t left = reader.u16(); left > 0 && reader.rest().size() >= 12; --left) {
    reader.skip(4);
    units += reader.u32();
    reader.skip(4);
  }
  return scale == 0 ? 0 : units / scale;
}

}  // namespace

void read_mp4(const FileView& file, MediaHeader& header) {
  double indexed = 0;
  uint64_t at = 0;
  for (int i = 0; i < kMostBoxes && at < file.size(); ++i) {
    ByteReader reader(file.piece(at, 16));
    uint64_t size = reader.u32(), head = 8;
    const std::string_view type = reader.piece(4);
    if (size == 1) {
      size = reader.u64();
      head = 16;
    }
    if (size == 0) size = file.size() - at;
    if (!reader.sound() || size < head) break;
    const std::string_view body =
        type == "moov" || type == "sidx" ? file.piece(at + head, size - head) : "";
    if (type == "moov" && header.tracks.empty()) read_movie(body, header);
    if (type == "sidx") indexed += seconds_of_index(body);
    if (size > file.size() - at) break;
    at += size;
  }
  if (!header.duration_ms) header.duration_ms = milliseconds(indexed, 1);
}

}  // namespace halftone
