// Sounds that are a stream of frames: MP3, AAC in ADTS, FLAC.
#include <algorithm>

#include "media/byte_reader.h"
#include "media/media_formats.h"
#include "media/mpeg_frame.h"

namespace halftone {

namespace {

constexpr uint64_t kSyncLooked = 65'536;  // how far a first frame is looked for

// ID3v2.4, 3.1: the size of a tag at the beginning, with its head.
uint64_t tag_size(std::string_view head) {
  if (!head.starts_with("ID3") || head.size() < 10) return 0;
  uint64_t size = 0;
  for (size_t i = 6; i < 10; ++i) size = size << 7 | (static_cast<unsigned char>(head[i]) & 0x7F);
  const bool has_footer = (head[5] & 0x10) != 0;
  return size + (has_footer ? 20 : 10);
}

// How many frames there are, where an encoder says so: in the first frame, which is silent.
uint32_t told_frames(std::string_view bytes, const MpegFrame& frame) {
  ByteReader xing(slice(bytes, 4 + frame.side_size));
  const std::string_view mark = xing.piece(4);
  if (mark == "Xing" || mark == "Info") return (xing.u32() & 1) != 0 ? xing.u32() : 0;
  ByteReader vbri(slice(bytes, 4 + 32));
  if (vbri.piece(4) != "VBRI") return 0;
  vbri.skip(10);
  return vbri.u32();
}

MediaTrack track_of(const MpegFrame& frame, const char* codec) {
  return {.kind = MediaTrack::Kind::kAudio,
          .codec = codec,
          .sample_rate = frame.sample_rate,
          .channels = frame.channels};
}

}  // namespace

void read_mpeg_audio(const FileView& file, MediaHeader& header) {
  const uint64_t begin = tag_size(file.piece(0, 10));
  const std::string_view bytes = file.piece(begin, kSyncLooked);
  for (size_t at = bytes.find('\xFF'); at != std::string_view::npos;
       at = bytes.find('\xFF', at + 1)) {
    const MpegFrame frame = read_mpeg_frame(bytes.substr(at));
    if (frame.size == 0) continue;
    const bool is_last = begin + at + frame.size >= file.size();
    if (!is_last && read_mpeg_frame(slice(bytes, at + frame.size)).size == 0) continue;
    add_track(header, track_of(frame, "mp3"));
    const uint32_t frames = told_frames(bytes.substr(at), frame);
    const bool has_tag_behind =
        file.size() > 128 && file.piece(file.size() - 128, 3) == "TAG";  // ID3v1
    const uint64_t size = file.size() - begin - at - (has_tag_behind ? 128 : 0);
    header.duration_ms =
        frames > 0
            ? milliseconds(double{static_cast<double>(frames)} * frame.samples, frame.sample_rate)
            : milliseconds(static_cast<double>(size) * 8, frame.bits_per_second);
    return;
  }
}

// No header tells how many frames there are: those at hand are counted, and stand for the rest.
void read_adts(const FileView& file, MediaHeader& header) {
  uint64_t at = tag_size(file.piece(0, 10)), samples = 0;
  const uint64_t begin = at;
  uint32_t rate = 0;
  while (true) {
    const MpegFrame frame = read_adts_frame(file.piece(at, 7));
    if (frame.size == 0) break;
    if (rate == 0) add_track(header, track_of(frame, "aac"));
    if (rate == 0) rate = frame.sample_rate;
    samples += frame.samples;
    at += frame.size;
  }
  if (at == begin || rate == 0) return;
  const double part = static_cast<double>(file.size() - std::min(file.size(), begin)) /
                      static_cast<double>(at - begin);
  header.duration_ms = milliseconds(static_cast<double>(samples) * part, rate);
}

// RFC 9639, 8.2
void read_flac(const FileView& file, MediaHeader& header) {
  ByteReader reader(file.piece(4 + 4 + 10, 8));
  const uint64_t packed = reader.u64();
  MediaTrack track{.kind = MediaTrack::Kind::kAudio, .codec = "flac"};
  track.sample_rate = static_cast<uint32_t>(packed >> 44);
  track.channels = static_cast<uint32_t>(packed >> 41 & 7) + 1;
  if (!reader.sound()) return;
  header.duration_ms = milliseconds(static_cast<double>(packed & 0xFFFFFFFFF), track.sample_rate);
  add_track(header, std::move(track));
}

}  // namespace halftone
