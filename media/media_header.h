// What a video or a sound says of itself at the head of its file, read without any decoder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// A file of any size, as much of it as is at hand: all of it, or its beginning and its end.
class FileView {
 public:
  explicit FileView(std::string_view whole) : size_(whole.size()), head_(whole) {}
  FileView(uint64_t size, std::string_view head, std::string_view tail)
      : size_(size), head_(head), tail_(tail) {}

  uint64_t size() const { return size_; }

  // The bytes from `at` on, at most `most`; fewer where the file ends or is not at hand. Lives as
  // long as what this was made of.
  std::string_view piece(uint64_t at, uint64_t most) const;

  // The last bytes of the file, at most `most`.
  std::string_view end(uint64_t most) const;

 private:
  uint64_t size_;
  std::string_view head_, tail_;
};

struct MediaTrack {
  enum class Kind : uint8_t { kVideo, kAudio, kText, kOther };
  Kind kind = Kind::kOther;
  std::string codec;  // "h264", "vp9", "aac", "opus"; a code that is not known here as it stands
  uint32_t width = 0, height = 0;          // of video, as displayed: upright, square pixels
  uint32_t sample_rate = 0, channels = 0;  // of audio
};

std::string_view to_string(MediaTrack::Kind kind);

// MP4 with QuickTime, 3GP and M4A; Matroska and WebM; Ogg; AVI; MP3; AAC in ADTS; FLAC; WAVE. Of
// AIFF, AU, MIDI, FLV and MPEG transport streams no more than the name.
struct MediaHeader {
  std::string container;  // "mp4", "mov", "webm", "matroska", "ogg", "avi", "mp3", "adts", …
  std::string mime;
  std::optional<uint64_t> duration_ms;  // where the header tells, or the bit rate
  std::vector<MediaTrack> tracks;       // at most 32

  // The first video track; null where there is none.
  const MediaTrack* video() const;
};

// Nothing where the bytes begin no format named above. Linear in the bytes at hand, bounded memory,
// never crashes.
std::optional<MediaHeader> read_media_header(const FileView& file);

}  // namespace halftone
