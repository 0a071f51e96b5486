#include "media/media_header.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "media/ascii.h"
#include "media/byte_reader.h"
#include "media/image_metadata.h"
#include "media/media_formats.h"
#include "media/mime.h"

namespace halftone {

namespace {

constexpr size_t kMostTracks = 32;
constexpr size_t kSniffed = 4096;

struct Format {
  std::string_view mime, container;
  void (*read)(const FileView& file, MediaHeader& header);
};

void read_nothing(const FileView&, MediaHeader&) {}

constexpr Format kFormats[] = {
    {"video/mp4", "mp4", read_mp4},         {"audio/mp4", "mp4", read_mp4},
    {"video/3gpp", "3gp", read_mp4},        {"video/quicktime", "mov", read_mp4},
    {"video/webm", "webm", read_matroska},  {"video/x-matroska", "matroska", read_matroska},
    {"application/ogg", "ogg", read_ogg},   {"video/avi", "avi", read_avi},
    {"audio/wave", "wav", read_wave},       {"audio/flac", "flac", read_flac},
    {"audio/mpeg", "mp3", read_mpeg_audio}, {"audio/aac", "adts", read_adts},
    {"audio/aiff", "aiff", read_nothing},   {"audio/basic", "au", read_nothing},
    {"audio/midi", "midi", read_nothing},   {"video/x-flv", "flv", read_nothing},
    {"video/mp2t", "mpegts", read_nothing},
};

// Containers of several kinds are named by what is in them.
void name_by_tracks(MediaHeader& header) {
  if (header.tracks.empty() || header.video()) {
    if (header.container == "ogg" && header.video()) header.mime = "video/ogg";
    return;
  }
  if (header.container == "ogg") header.mime = "audio/ogg";
  if (header.container == "mp4") header.mime = "audio/mp4";
  if (header.container == "webm") header.mime = "audio/webm";
}

}  // namespace

std::string_view FileView::piece(uint64_t at, uint64_t most) const {
  if (at < head_.size()) return slice(head_, at, most);
  const uint64_t tail_at = size_ - std::min<uint64_t>(size_, tail_.size());
  return at < tail_at ? std::string_view() : slice(tail_, at - tail_at, most);
}

std::string_view FileView::end(uint64_t most) const {
  const std::string_view last = head_.size() == size_ ? head_ : tail_;
  return last.substr(last.size() - std::min<uint64_t>(last.size(), most));
}

std::string_view to_string(MediaTrack::Kind kind) {
  constexpr std::string_view kNames[] = {"video", "audio", "text", "other"};
  return kNames[static_cast<size_t>(kind)];
}

const MediaTrack* MediaHeader::video() const {
  const auto found = std::find_if(tracks.begin(), tracks.end(), [](const MediaTrack& track) {
    return track.kind == MediaTrack::Kind::kVideo;
  });
  return found == tracks.end() ? nullptr : &*found;
}

void add_track(MediaHeader& header, MediaTrack track) {
  track.codec = tidy_text(track.codec.substr(0, 64));
  if (header.tracks.size() < kMostTracks) header.tracks.push_back(std::move(track));
}

std::optional<uint64_t> milliseconds(double units, double per_second) {
  constexpr double kMost = 1e15;
  const double result = std::round(units * 1000 / per_second);
  if (!(result > 0 && result < kMost)) return std::nullopt;
  return static_cast<uint64_t>(result);
}

std::string codec_for(std::string_view code) {
  struct Known {
    std::string_view code, name;
  };
  constexpr Known kKnown[] = {
      {"avc1", "h264"},   {"avc3", "h264"},   {"h264", "h264"},   {"x264", "h264"},
      {"hvc1", "hevc"},   {"hev1", "hevc"},   {"dvh1", "hevc"},   {"av01", "av1"},
      {"vp08", "vp8"},    {"vp80", "vp8"},    {"vp09", "vp9"},    {"vp90", "vp9"},
      {"mp4v", "mpeg4"},  {"xvid", "mpeg4"},  {"divx", "mpeg4"},  {"dx50", "mpeg4"},
      {"fmp4", "mpeg4"},  {"mjpg", "mjpeg"},  {"jpeg", "mjpeg"},  {"s263", "h263"},
      {"mp4a", "aac"},    {".mp3", "mp3"},    {"opus", "opus"},   {"flac", "flac"},
      {"alac", "alac"},   {"ac-3", "ac3"},    {"ec-3", "eac3"},   {"samr", "amr"},
      {"sawb", "amr-wb"}, {"sowt", "pcm"},    {"twos", "pcm"},    {"lpcm", "pcm"},
      {"ipcm", "pcm"},    {"tx3g", "text"},   {"wvtt", "webvtt"}, {"stpp", "ttml"},
      {"apch", "prores"}, {"apcn", "prores"},
  };
  const std::string lower = lower_case(code);
  const auto found = std::find_if(std::begin(kKnown), std::end(kKnown),
                                  [&](const Known& known) { return known.code == lower; });
  return found == std::end(kKnown) ? lower : std::string(found->name);
}

std::optional<MediaHeader> read_media_header(const FileView& file) {
  const std::string type = sniff_type(file.piece(0, kSniffed));
  const auto format = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const Format& each) { return each.mime == type; });
  if (format == std::end(kFormats)) return std::nullopt;
  MediaHeader header{.container = std::string(format->container), .mime = type};
  format->read(file, header);
  name_by_tracks(header);
  return header;
}

}  // namespace halftone
