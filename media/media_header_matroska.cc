// Matroska and WebM (RFC 9559; EBML: RFC 8794).
#include <algorithm>
#include <bit>
#include <optional>

#include "media/byte_reader.h"
#include "media/media_formats.h"

namespace halftone {

namespace {

constexpr int kMostElements = 100'000;

enum Id : uint32_t {
  kSegment = 0x18538067,
  kInfo = 0x1549A966,
  kTimestampScale = 0x2AD7B1,
  kDuration = 0x4489,
  kTracks = 0x1654AE6B,
  kTrackEntry = 0xAE,
  kTrackType = 0x83,
  kCodec = 0x86,
  kVideo = 0xE0,
  kPixelWidth = 0xB0,
  kPixelHeight = 0xBA,
  kDisplayWidth = 0x54B0,
  kDisplayHeight = 0x54BA,
  kDisplayUnit = 0x54B2,
  kAudio = 0xE1,
  kFrequency = 0xB5,
  kChannels = 0x9F,
};

// RFC 8794, 4: a number of as many bytes as its first one says. `keep_mark` for IDs.
std::optional<uint64_t> read_number(ByteReader& reader, bool keep_mark) {
  if (reader.rest().empty()) return std::nullopt;
  const auto first = static_cast<uint8_t>(reader.rest()[0]);
  const int size = std::countl_zero(first) + 1;
  if (size > 8) return std::nullopt;
  const uint64_t value = reader.integer(static_cast<size_t>(size));
  if (!reader.sound()) return std::nullopt;
  return keep_mark ? value : value & ~(uint64_t{1} << (7 * size));
}

struct Head {
  uint64_t id = 0, size = 0;
  size_t bytes = 0;      // of the head itself
  bool is_open = false;  // no size is given: to the end of what holds it
};

std::optional<Head> read_head(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto id = read_number(reader, true);
  const size_t before = reader.rest().size();
  const auto size = read_number(reader, false);
  if (!id || !size) return std::nullopt;
  const size_t taken = before - reader.rest().size();
  const bool is_open = *size == (uint64_t{1} << (7 * taken)) - 1;
  return Head{*id, *size, bytes.size() - reader.rest().size(), is_open};
}

// Calls visit(id, body) for each element of one level.
template <class Visit>
void for_each_element(std::string_view body, Visit visit) {
  for (int i = 0; i < kMostElements && !body.empty(); ++i) {
    const auto head = read_head(body);
    if (!head) return;
    visit(head->id, slice(body, head->bytes, head->is_open ? body.size() : head->size));
    if (head->is_open || head->size > body.size() - head->bytes) return;
    body.remove_prefix(head->bytes + head->size);
  }
}

uint64_t integer(std::string_view body) {
  return body.size() > 8 ? 0 : ByteReader(body).integer(body.size());
}

double real(std::string_view body) {
  if (body.size() == 4) return double{std::bit_cast<float>(ByteReader(body).u32())};
  return body.size() == 8 ? std::bit_cast<double>(ByteReader(body).u64()) : 0;
}

uint32_t side(std::string_view body) {
  return static_cast<uint32_t>(std::min<uint64_t>(integer(body), 1'000'000));
}

void read_info(std::string_view info, MediaHeader& header) {
  double scale = 1'000'000, duration = 0;
  for_each_element(info, [&](uint64_t id, std::string_view body) {
    if (id == kTimestampScale) scale = static_cast<double>(integer(body));
    if (id == kDuration) duration = real(body);
  });
  header.duration_ms = milliseconds(duration * scale, 1e9);
}

void read_video(std::string_view video, MediaTrack& track) {
  uint32_t width = 0, height = 0;
  uint64_t unit = 0;
  for_each_element(video, [&](uint64_t id, std::string_view body) {
    if (id == kPixelWidth) track.width = side(body);
    if (id == kPixelHeight) track.height = side(body);
    if (id == kDisplayWidth) width = side(body);
    if (id == kDisplayHeight) height = side(body);
    if (id == kDisplayUnit) unit = integer(body);
  });
  if (unit != 0 || width == 0 || height == 0) return;
  track.width = width;
  track.height = height;
}

void read_audio(std::string_view audio, MediaTrack& track) {
  track.sample_rate = 8000;
  track.channels = 1;
  for_each_element(audio, [&](uint64_t id, std::string_view body) {
    if (id == kFrequency) {
      const double rate = real(body);
      if (rate > 0 && rate < 1e7) track.sample_rate = static_cast<uint32_t>(rate);
    }
    if (id == kChannels) track.channels = static_cast<uint32_t>(integer(body) & 0xFF);
  });
}

// "V_MPEG4/ISO/AVC" and the like.
std::string codec_of(std::string_view id) {
  struct Known {
    std::string_view begins, name;
  };
  constexpr Known kKnown[] = {
      {"V_MPEG4/ISO/AVC", "h264"},
      {"V_MPEGH/ISO/HEVC", "hevc"},
      {"V_MPEG4", "mpeg4"},
      {"V_VP8", "vp8"},
      {"V_VP9", "vp9"},
      {"V_AV1", "av1"},
      {"V_THEORA", "theora"},
      {"V_MJPEG", "mjpeg"},
      {"A_VORBIS", "vorbis"},
      {"A_OPUS", "opus"},
      {"A_AAC", "aac"},
      {"A_MPEG/L3", "mp3"},
      {"A_FLAC", "flac"},
      {"A_AC3", "ac3"},
      {"A_EAC3", "eac3"},
      {"A_PCM", "pcm"},
      {"S_TEXT/UTF8", "text"},
      {"S_TEXT/WEBVTT", "webvtt"},
      {"D_WEBVTT", "webvtt"},
      {"S_TEXT/ASS", "ass"},
  };
  for (const Known& known : kKnown)
    if (id.starts_with(known.begins)) return std::string(known.name);
  return std::string(id);
}

void read_track(std::string_view entry, MediaHeader& header) {
  MediaTrack track;
  for_each_element(entry, [&](uint64_t id, std::string_view body) {
    if (id == kTrackType) {
      const uint64_t type = integer(body);
      track.kind = type == 1    ? MediaTrack::Kind::kVideo
                   : type == 2  ? MediaTrack::Kind::kAudio
                   : type == 17 ? MediaTrack::Kind::kText
                                : MediaTrack::Kind::kOther;
    }
    if (id == kCodec) track.codec = codec_of(body.substr(0, body.find('\0')));
    if (id == kVideo) read_video(body, track);
    if (id == kAudio) read_audio(body, track);
  });
  if (track.kind != MediaTrack::Kind::kOther) add_track(header, std::move(track));
}

}  // namespace

void read_matroska(const FileView& file, MediaHeader& header) {
  uint64_t at = 0;
  bool has_info = false, has_tracks = false;
  for (int i = 0; i < kMostElements && !(has_info && has_tracks); ++i) {
    const auto head = read_head(file.piece(at, 16));
    if (!head) return;
    if (head->id == kSegment) {
      at += head->bytes;
      continue;
    }
    if (head->is_open || head->size > file.size()) return;
    const uint64_t body = at + head->bytes;
    if (head->id == kInfo) read_info(file.piece(body, head->size), header);
    if (head->id == kTracks) {
      for_each_element(file.piece(body, head->size), [&](uint64_t id, std::string_view entry) {
        if (id == kTrackEntry) read_track(entry, header);
      });
    }
    has_info |= head->id == kInfo;
    has_tracks |= head->id == kTracks;
    at = body + head->size;
  }
}

}  // namespace halftone
