// JPEG (ITU-T T.81) with its APP segments (Exif 2.32, 4.5; ICC.1:2022, annex B.4).
#include <algorithm>

#include "media/byte_reader.h"
#include "media/image_formats.h"
#include "media/image_metadata.h"

namespace halftone {

namespace {

using namespace std::string_view_literals;

constexpr uint8_t kTem = 0x01, kDht = 0xC4, kJpg = 0xC8, kDac = 0xCC, kSof0 = 0xC0, kSof15 = 0xCF;
constexpr uint8_t kRst0 = 0xD0, kRst7 = 0xD7, kEoi = 0xD9, kDnl = 0xDC;
constexpr uint8_t kApp1 = 0xE1, kApp2 = 0xE2, kApp13 = 0xED;
constexpr auto kXmpMark = "http://ns.adobe.com/xap/1.0/\0"sv;  // ISO 16684-3, 6.1
constexpr auto kResourcesMark = "Photoshop 3.0\0"sv;
constexpr size_t kMostProfile = size_t{4} << 20;

bool stands_alone(uint8_t marker) { return marker == kTem || (marker >= kRst0 && marker <= kRst7); }

bool begins_frame(uint8_t marker) {
  return marker >= kSof0 && marker <= kSof15 && marker != kDht && marker != kJpg && marker != kDac;
}

// Walks from marker to marker, through segments and through coded data.
class Segments {
 public:
  explicit Segments(std::string_view bytes) : rest_(bytes) {}

  // The next marker; 0 at the end of the bytes.
  uint8_t next() {
    while (true) {
      const size_t at = rest_.find('\xFF');
      rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
      while (rest_.size() > 1 && rest_[1] == '\xFF') rest_.remove_prefix(1);  // fill bytes
      if (rest_.size() < 2) return 0;
      const auto marker = static_cast<uint8_t>(rest_[1]);
      rest_.remove_prefix(2);
      if (marker != 0 && !stands_alone(marker)) return marker;
    }
  }

  // What the marker's segment holds: as much of it as is there.
  std::string_view body() {
    const uint16_t size = ByteReader(rest_).u16();
    const std::string_view whole = rest_.substr(0, std::max<size_t>(size, 2));
    is_cut |= rest_.size() < std::max<size_t>(size, 2);
    rest_.remove_prefix(whole.size());
    return slice(whole, 2);
  }

  bool is_cut = false;

 private:
  std::string_view rest_;
};

void read_frame(std::string_view body, ImageHeader& header) {
  if (header.width != 0) return;  // of hierarchical files, the first
  ByteReader reader(body);
  header.bits = reader.u8();
  header.height = reader.u16();
  header.width = reader.u16();
}

// The height, where the frame header leaves it open. (T.81, B.2.5)
void read_number_of_lines(std::string_view body, ImageHeader& header) {
  if (header.height == 0) header.height = ByteReader(body).u16();
}

// A profile comes in numbered pieces, in order in every file seen; its name is in the first.
void gather_profile(std::string_view body, std::string& profile) {
  constexpr auto kMark = "ICC_PROFILE\0"sv;
  if (body.starts_with(kMark) && profile.size() < kMostProfile)
    profile += slice(body, kMark.size() + 2);
}

}  // namespace

void read_jpeg(std::string_view bytes, ImageHeader& header) {
  Segments segments(bytes.substr(2));
  std::string profile, resources;
  uint8_t marker = segments.next();
  for (; marker != 0 && marker != kEoi; marker = segments.next()) {
    const std::string_view body = segments.body();
    if (begins_frame(marker)) read_frame(body, header);
    if (marker == kDnl) read_number_of_lines(body, header);
    if (marker == kApp1 && body.starts_with("Exif\0\0"sv) && header.exif.empty())
      read_exif(body, header);
    if (marker == kApp1 && body.starts_with(kXmpMark))
      read_xmp(slice(body, kXmpMark.size()), header);
    if (marker == kApp13 && body.starts_with(kResourcesMark) && resources.size() < kMostProfile)
      resources += slice(body, kResourcesMark.size());
    if (marker == kApp2) gather_profile(body, profile);
  }
  header.icc = icc_description(profile);
  const int orientation = header.orientation;
  read_photoshop_resources(resources, header);
  header.orientation = orientation;  // browsers look for it in APP1 alone
  header.is_cut = segments.is_cut || marker != kEoi || header.width == 0;
}

}  // namespace halftone
