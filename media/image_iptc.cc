// IPTC's older way (Information Interchange Model 4.2) in Photoshop's image resources.
#include <algorithm>
#include <iterator>

#include "media/byte_reader.h"
#include "media/charset.h"
#include "media/image_metadata.h"
#include "media/utf8.h"

namespace halftone {

namespace {

constexpr size_t kMostDatasets = 1000;
constexpr size_t kMostEntries = 100;

struct Dataset {
  uint8_t number;
  std::string_view name;
};

// Record 2 of IIM, those that tell of the picture, under the names that exiftool made usual.
constexpr Dataset kDatasets[] = {
    {5, "ObjectName"},
    {15, "Category"},
    {25, "Keywords"},
    {40, "SpecialInstructions"},
    {55, "DateCreated"},
    {60, "TimeCreated"},
    {80, "By-line"},
    {85, "By-lineTitle"},
    {90, "City"},
    {92, "Sub-location"},
    {95, "Province-State"},
    {101, "Country-PrimaryLocationName"},
    {103, "OriginalTransmissionReference"},
    {105, "Headline"},
    {110, "Credit"},
    {115, "Source"},
    {116, "CopyrightNotice"},
    {118, "Contact"},
    {120, "Caption-Abstract"},
    {122, "Writer-Editor"},
};

// What is no UTF-8 was written in the Latin of Windows, most often.
std::string text_of(std::string_view bytes) {
  bytes = bytes.substr(0, 4000);
  if (is_valid_utf8(bytes)) return tidy_text(bytes);
  return tidy_text(decode(bytes, "windows-1252").text());
}

void add(ImageHeader& header, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  for (auto& known : header.iptc) {
    if (known.first != name) continue;
    known.second = tidy_text(known.second + "; " + value);
    return;
  }
  if (header.iptc.size() < kMostEntries) header.iptc.emplace_back(name, value);
}

}  // namespace

// IIM 4.2, 1.5: a mark, record and number, a size, the value.
void read_iptc(std::string_view iim, ImageHeader& header) {
  constexpr uint8_t kMark = 0x1C, kApplicationRecord = 2;
  ByteReader reader(iim);
  for (size_t i = 0; i < kMostDatasets && reader.sound() && !reader.rest().empty(); ++i) {
    if (reader.u8() != kMark) return;
    const uint8_t record = reader.u8(), number = reader.u8();
    const uint16_t size = reader.u16();
    if (size & 0x8000) return;  // extended: no text is that long
    const std::string_view value = reader.piece(size);
    const auto known = std::find_if(std::begin(kDatasets), std::end(kDatasets),
                                    [&](const Dataset& each) { return each.number == number; });
    if (record == kApplicationRecord && known != std::end(kDatasets))
      add(header, known->name, text_of(value));
  }
}

// Adobe Photoshop File Formats Specification, "Image Resource Blocks".
void read_photoshop_resources(std::string_view resources, ImageHeader& header) {
  constexpr uint16_t kIptc = 0x0404, kIcc = 0x040F, kExif = 0x0422, kXmp = 0x0424;
  ByteReader reader(resources);
  while (reader.rest().size() >= 12 && reader.piece(4) == "8BIM") {
    const uint16_t id = reader.u16();
    const uint8_t name = reader.u8();
    reader.skip(name + (name % 2 == 0 ? 1 : 0));  // with its length of even size
    const uint32_t size = reader.u32();
    const std::string_view data = reader.rest().substr(0, size);
    if (id == kIptc) read_iptc(data, header);
    if (id == kXmp) read_xmp(data, header);
    if (id == kExif && header.exif.empty()) read_exif(data, header);
    if (id == kIcc && header.icc.empty()) header.icc = icc_description(data);
    reader.skip(uint64_t{size} + size % 2);
  }
}

}  // namespace halftone
