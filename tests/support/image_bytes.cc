#include "tests/support/image_bytes.h"

namespace halftone::image_bytes {

namespace {

std::string integer(bool big_endian, uint64_t value, int size) {
  return big_endian ? be(value, size) : le(value, size);
}

size_t directory_size(const std::vector<Field>& fields) {
  size_t size = 2 + fields.size() * 12 + 4;
  for (const Field& field : fields) size += field.value.size() > 4 ? field.value.size() : 0;
  return size;
}

std::string directory(bool big_endian, const std::vector<Field>& fields, size_t at) {
  std::string out = integer(big_endian, fields.size(), 2), behind;
  const size_t values_at = at + 2 + fields.size() * 12 + 4;
  for (const Field& field : fields) {
    out += integer(big_endian, field.tag, 2) + integer(big_endian, field.type, 2) +
           integer(big_endian, field.count, 4);
    if (field.value.size() > 4) {
      out += integer(big_endian, values_at + behind.size(), 4);
      behind += field.value;
    } else {
      out += field.value + std::string(4 - field.value.size(), '\0');
    }
  }
  return out + std::string(4, '\0') + behind;
}

}  // namespace

std::string be(uint64_t value, int size) {
  std::string out;
  for (int i = size - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

std::string le(uint64_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

std::string box(std::string_view type, std::string_view body) {
  return be(body.size() + 8, 4).append(type).append(body);
}

std::string segment(uint8_t marker, std::string_view body) {
  return ("\xFF" + be(marker, 1) + be(body.size() + 2, 2)).append(body);
}

std::string chunk(std::string_view type, std::string_view data) {
  return be(data.size(), 4).append(type).append(data) + be(0, 4);
}

std::string ihdr(uint32_t width, uint32_t height, uint8_t depth, uint8_t colour) {
  return chunk("IHDR", be(width, 4) + be(height, 4) + be(depth, 1) + be(colour, 1) + be(0, 3));
}

std::string riff(std::string_view type, std::string_view data) {
  return std::string(type).append(le(data.size(), 4)).append(data) +
         std::string(data.size() % 2, '\0');
}

std::string tiff(bool big_endian, const std::vector<Field>& fields, const std::vector<Field>& exif,
                 const std::vector<Field>& gps) {
  std::vector<Field> all = fields;
  constexpr size_t kHead = 8;
  const size_t links = (exif.empty() ? 0 : 1) + (gps.empty() ? 0 : 1);
  const size_t exif_at = kHead + directory_size(fields) + 12 * links;
  const size_t gps_at = exif_at + (exif.empty() ? 0 : directory_size(exif));
  if (!exif.empty()) all.push_back({0x8769, 4, 1, integer(big_endian, exif_at, 4)});
  if (!gps.empty()) all.push_back({0x8825, 4, 1, integer(big_endian, gps_at, 4)});
  std::string out = big_endian ? "MM" : "II";
  out += integer(big_endian, 42, 2) + integer(big_endian, kHead, 4);
  out += directory(big_endian, all, kHead);
  if (!exif.empty()) out += directory(big_endian, exif, exif_at);
  if (!gps.empty()) out += directory(big_endian, gps, gps_at);
  return out;
}

std::string icc_profile(std::string_view description, bool version_4) {
  std::string tag;
  if (version_4) {
    std::string text;
    for (const char c : description) text += std::string(1, '\0') + c;
    tag = "mluc" + be(0, 4) + be(1, 4) + be(12, 4) + "enUS" + be(text.size(), 4) + be(28, 4) + text;
  } else {
    tag = "desc" + be(0, 4) + be(description.size() + 1, 4);
    tag.append(description).append(80, '\0');
  }
  std::string profile(128, '\0');
  profile.replace(36, 4, "acsp");
  return profile + be(1, 4) + "desc" + be(144, 4) + be(tag.size(), 4) + tag;
}

}  // namespace halftone::image_bytes
