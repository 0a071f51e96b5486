// Ogg (RFC 3533) with the streams that it usually carries.
#include <algorithm>
#include <bit>
#include <vector>

#include "media/byte_reader.h"
#include "media/media_formats.h"

namespace halftone {

namespace {

using namespace std::string_view_literals;

constexpr size_t kPageHead = 27;
constexpr size_t kMostStreams = 32;
constexpr uint64_t kTailLooked = 128 * 1024;  // a page has 65,307 bytes at most

ByteReader little(std::string_view bytes) { return ByteReader(bytes, std::endian::little); }

struct Page {
  bool begins_stream = false;
  uint64_t granule = 0;
  uint32_t serial = 0;
  std::string_view body;
  uint64_t size = 0;  // with its head
};

// RFC 3533, 6. Its size is 0 where there is none.
Page read_page(std::string_view bytes) {
  Page page;
  if (!bytes.starts_with("OggS\0"sv) || bytes.size() < kPageHead) return page;
  ByteReader reader = little(bytes.substr(5));
  page.begins_stream = (reader.u8() & 2) != 0;
  page.granule = reader.u64();
  page.serial = reader.u32();
  reader.skip(8);
  uint64_t size = 0;
  const std::string_view table = reader.piece(reader.u8());
  for (const char segment : table) size += static_cast<unsigned char>(segment);
  if (!reader.sound()) return page;
  page.body = reader.rest().substr(0, size);
  page.size = bytes.size() - reader.rest().size() + size;
  return page;
}

// A stream by its first packet, and how its granules become seconds.
struct Stream {
  uint32_t serial = 0;
  MediaTrack track;
  double per_second = 0;
  uint64_t skipped = 0;  // at the beginning
  int shift = 0;         // of Theora: bits for the distance to the last key frame
};

// The Theora Specification, 6.2
void read_theora(std::string_view packet, Stream& stream) {
  ByteReader reader(slice(packet, 14));
  stream.track = {.kind = MediaTrack::Kind::kVideo, .codec = "theora"};
  stream.track.width = reader.u24();
  stream.track.height = reader.u24();
  reader.skip(2);
  const double numerator = reader.u32(), denominator = reader.u32();
  stream.per_second = denominator == 0 ? 0 : numerator / denominator;
  stream.shift = ByteReader(slice(packet, 40)).u16() >> 5 & 31;
}

bool read_first_packet(std::string_view packet, Stream& stream) {
  stream.track.kind = MediaTrack::Kind::kAudio;
  if (packet.starts_with("\x01vorbis")) {
    ByteReader reader = little(slice(packet, 11));
    stream.track.codec = "vorbis";
    stream.track.channels = reader.u8();
    stream.track.sample_rate = reader.u32();
    stream.per_second = stream.track.sample_rate;
  } else if (packet.starts_with("OpusHead")) {  // RFC 7845, 5.1
    ByteReader reader = little(slice(packet, 9));
    stream.track.codec = "opus";
    stream.track.channels = reader.u8();
    stream.skipped = reader.u16();
    stream.track.sample_rate = 48'000;
    stream.per_second = 48'000;
  } else if (packet.starts_with("\x7F"
                                "FLAC")) {
    ByteReader reader(slice(packet, 13 + 4 + 10));
    const uint64_t packed = reader.u64();
    stream.track.codec = "flac";
    stream.track.sample_rate = static_cast<uint32_t>(packed >> 44);
    stream.track.channels = static_cast<uint32_t>(packed >> 41 & 7) + 1;
    stream.per_second = stream.track.sample_rate;
  } else if (packet.starts_with("Speex   ")) {
    ByteReader reader = little(slice(packet, 36));
    stream.track.codec = "speex";
    stream.track.sample_rate = reader.u32();
    reader.skip(8);
    stream.track.channels = reader.u32() & 0xFF;
    stream.per_second = stream.track.sample_rate;
  } else if (packet.starts_with("\x80theora")) {
    read_theora(packet, stream);
  } else {
    return false;  // a skeleton, or something else without pictures and sound
  }
  return true;
}

double seconds_at(const Stream& stream, uint64_t granule) {
  if (granule == ~uint64_t{0} || stream.per_second <= 0) return 0;
  if (stream.track.codec == "theora") {
    const uint64_t key = granule >> stream.shift;
    granule = key + (granule - (key << stream.shift));
  }
  granule -= std::min(granule, stream.skipped);
  return static_cast<double>(granule) / stream.per_second;
}

// The latest moment that a page near the end of the file names.
double last_moment(const FileView& file, const std::vector<Stream>& streams) {
  const std::string_view tail = file.end(kTailLooked);
  double last = 0;
  for (size_t at = tail.find("OggS"); at != std::string_view::npos;
       at = tail.find("OggS", at + 4)) {
    const Page page = read_page(tail.substr(at));
    for (const Stream& stream : streams)
      if (page.size > 0 && stream.serial == page.serial)
        last = std::max(last, seconds_at(stream, page.granule));
  }
  return last;
}

}  // namespace

// Pages that begin streams come before all others.
void read_ogg(const FileView& file, MediaHeader& header) {
  std::vector<Stream> streams;
  uint64_t at = 0;
  for (size_t i = 0; i < kMostStreams; ++i) {
    const Page page = read_page(file.piece(at, 65'536));
    if (page.size == 0 || !page.begins_stream) break;
    Stream stream{.serial = page.serial, .track = {}};
    if (read_first_packet(page.body, stream)) {
      add_track(header, stream.track);
      streams.push_back(std::move(stream));
    }
    at += page.size;
  }
  header.duration_ms = milliseconds(last_moment(file, streams), 1);
}

}  // namespace halftone
