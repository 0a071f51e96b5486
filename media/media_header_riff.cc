// AVI and WAVE (Multimedia Programming Interface and Data Specifications 1.0; AVI RIFF File
// Reference).
#include <bit>

#include "media/ascii.h"
#include "media/byte_reader.h"
#include "media/media_formats.h"

namespace halftone {

namespace {

constexpr int kMostChunks = 10'000;

ByteReader little(std::string_view bytes) { return ByteReader(bytes, std::endian::little); }

// Calls visit(type, at, size) for each chunk of the file from `at` on, until it returns false.
template <class Visit>
void for_each_chunk(const FileView& file, uint64_t at, uint64_t end, Visit visit) {
  for (int i = 0; i < kMostChunks && at < end; ++i) {
    ByteReader reader = little(file.piece(at, 8));
    const std::string_view type = reader.piece(4);
    const uint64_t size = reader.u32();
    if (!reader.sound() || !visit(type, at + 8, size)) return;
    at += 8 + size + size % 2;
  }
}

// What RFC 2361 registers, and the first two bytes of an extensible format's GUID.
std::string wave_codec(uint16_t format) {
  switch (format) {
    case 1:
    case 3:
      return "pcm";
    case 6:
      return "alaw";
    case 7:
      return "mulaw";
    case 0x50:
      return "mp2";
    case 0x55:
      return "mp3";
    case 0xFF:
    case 0x1610:
      return "aac";
    case 0x2000:
      return "ac3";
    default:
      return "wave " + std::to_string(format);
  }
}

struct WaveFormat {
  MediaTrack track;
  uint32_t bytes_per_second = 0;
};

WaveFormat read_wave_format(std::string_view body) {
  constexpr uint16_t kExtensible = 0xFFFE;
  ByteReader reader = little(body);
  WaveFormat format{.track = {.kind = MediaTrack::Kind::kAudio}};
  uint16_t code = reader.u16();
  format.track.channels = reader.u16();
  format.track.sample_rate = reader.u32();
  format.bytes_per_second = reader.u32();
  if (code == kExtensible) code = little(slice(body, 24)).u16();
  format.track.codec = wave_codec(code);
  return format;
}

// One "strl": a header, and a format that depends on it.
void read_stream(const FileView& file, uint64_t at, uint64_t end, MediaHeader& header) {
  std::string kind, codec;
  MediaTrack track;
  for_each_chunk(file, at, end, [&](std::string_view type, uint64_t body, uint64_t size) {
    const std::string_view bytes = file.piece(body, size);
    if (type == "strh") {
      kind = bytes.substr(0, 4);
      codec = slice(bytes, 4, 4);
    } else if (type == "strf" && kind == "vids") {
      ByteReader reader = little(slice(bytes, 4));
      track.kind = MediaTrack::Kind::kVideo;
      track.width = reader.u32() & 0xFFFF;
      const auto height = static_cast<int32_t>(reader.u32());  // negative: from the top down
      track.height = static_cast<uint32_t>(height < 0 ? -int64_t{height} : height) & 0xFFFF;
      reader.skip(4);
      const std::string_view compression = reader.piece(4);
      const bool is_code = compression.size() == 4 && is_alpha(compression[0]);
      track.codec = codec_for(is_code ? compression : std::string_view(codec));
    } else if (type == "strf" && kind == "auds") {
      track = read_wave_format(bytes).track;
    }
    return true;
  });
  if (track.kind != MediaTrack::Kind::kOther) add_track(header, std::move(track));
}

}  // namespace

void read_avi(const FileView& file, MediaHeader& header) {
  for_each_chunk(file, 12, file.size(), [&](std::string_view list, uint64_t at, uint64_t size) {
    if (list != "LIST" || file.piece(at, 4) != "hdrl") return list != "LIST";
    for_each_chunk(file, at + 4, at + size, [&](std::string_view type, uint64_t body, uint64_t n) {
      if (type == "avih") {
        ByteReader reader = little(file.piece(body, n));
        const uint32_t microseconds = reader.u32();
        reader.skip(12);
        const double frames = reader.u32();
        header.duration_ms = milliseconds(frames * microseconds, 1e6);
      }
      if (type == "LIST" && file.piece(body, 4) == "strl")
        read_stream(file, body + 4, body + n, header);
      return true;
    });
    return false;
  });
}

void read_wave(const FileView& file, MediaHeader& header) {
  WaveFormat format;
  for_each_chunk(file, 12, file.size(), [&](std::string_view type, uint64_t at, uint64_t size) {
    if (type == "fmt ") {
      format = read_wave_format(file.piece(at, size));
      add_track(header, format.track);
    }
    if (type != "data") return true;
    const uint64_t there = std::min(size, file.size() - at);  // streams say 2^32 - 1
    header.duration_ms = milliseconds(static_cast<double>(there), format.bytes_per_second);
    return false;
  });
}

}  // namespace halftone
