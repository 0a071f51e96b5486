// Names of colour spaces; the only file of these that sees zlib.
#include <algorithm>
#include <memory>
#include <zlib.h>

#include <fmt/format.h>

#include "media/byte_reader.h"
#include "media/charset.h"
#include "media/image_metadata.h"

namespace halftone {

namespace {

constexpr size_t kMostProfile = size_t{1} << 20;
constexpr size_t kMostRecords = 200;

// ICC.1:2022, 10.15, multiLocalizedUnicodeType: the English record, or the first.
std::string localized_text(std::string_view tag) {
  ByteReader reader(tag.substr(8));
  const uint32_t count = reader.u32();
  reader.skip(4);  // the size of a record
  std::string_view chosen;
  for (uint32_t i = 0; i < std::min<size_t>(count, kMostRecords) && reader.sound(); ++i) {
    const std::string_view language = reader.piece(2);
    reader.skip(2);  // country
    const uint32_t size = reader.u32(), at = reader.u32();
    if (i > 0 && language != "en") continue;
    chosen = slice(tag, at, size);
    if (language == "en") break;
  }
  return tidy_text(decode(chosen.substr(0, 2000), "utf-16be").text());
}

// ICC.1:2001-04, 6.5.17, textDescriptionType: its ASCII part.
std::string described_text(std::string_view tag) {
  ByteReader reader(tag.substr(8));
  const uint32_t size = reader.u32();
  const std::string_view text = reader.rest().substr(0, size);
  return tidy_text(text.substr(0, text.find('\0')));
}

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

}  // namespace

std::string inflate_head(std::string_view zlib) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return {};
  const std::unique_ptr<z_stream, EndInflate> ended(&stream);
  const std::string_view input = zlib.substr(0, kMostProfile);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
  stream.avail_in = static_cast<uInt>(input.size());
  std::string out;
  int state = Z_OK;
  while (state == Z_OK && out.size() < kMostProfile) {
    constexpr size_t kStep = 16'384;
    const size_t before = out.size();
    out.resize(before + kStep);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = kStep;
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + kStep - stream.avail_out);
  }
  return out;
}

std::string icc_description(std::string_view profile) {
  constexpr size_t kHeader = 128;
  if (slice(profile, 36, 4) != "acsp") return {};
  ByteReader reader(slice(profile, kHeader));
  const uint32_t count = reader.u32();
  for (uint32_t i = 0; i < std::min<size_t>(count, kMostRecords) && reader.sound(); ++i) {
    const std::string_view signature = reader.piece(4);
    const uint32_t at = reader.u32(), size = reader.u32();
    if (signature != "desc") continue;
    const std::string_view tag = slice(profile, at, size);
    if (tag.size() < 12) return {};
    return tag.starts_with("mluc") ? localized_text(tag) : described_text(tag);
  }
  return {};
}

std::string compressed_icc_description(std::string_view zlib) {
  return icc_description(inflate_head(zlib));
}

// ITU-T H.273, tables 2 and 3.
std::string colour_space_name(uint32_t primaries, uint32_t transfer) {
  constexpr uint32_t kUnspecified = 2;
  struct Known {
    uint32_t primaries, transfer;
    const char* name;
  };
  constexpr Known kKnown[] = {
      {1, 13, "sRGB"},         {1, 1, "Rec. 709"},        {1, 8, "Linear sRGB"},
      {12, 13, "Display P3"},  {12, 16, "Display P3 PQ"}, {11, 17, "DCI-P3"},
      {9, 16, "Rec. 2020 PQ"}, {9, 18, "Rec. 2020 HLG"},  {9, 1, "Rec. 2020"},
      {9, 14, "Rec. 2020"},    {9, 15, "Rec. 2020"},      {9, 8, "Linear Rec. 2020"},
      {1, 16, "Rec. 709 PQ"},  {1, 18, "Rec. 709 HLG"},   {5, 6, "Rec. 601"},
      {6, 6, "Rec. 601"},      {1, 6, "Rec. 709"},
  };
  for (const Known& known : kKnown)
    if (known.primaries == primaries && known.transfer == transfer) return known.name;
  if (primaries == kUnspecified || transfer == kUnspecified) return {};
  return fmt::format("H.273 {}/{}", primaries, transfer);
}

}  // namespace halftone
