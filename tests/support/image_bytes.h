// Small image files made field by field, for tests of what headers say.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace halftone::image_bytes {

std::string be(uint64_t value, int size);
std::string le(uint64_t value, int size);

// A box of ISO media files: its size, type and body.
std::string box(std::string_view type, std::string_view body);

// A JPEG marker segment.
std::string segment(uint8_t marker, std::string_view body);

// A PNG chunk, its checksum left at zero.
std::string chunk(std::string_view type, std::string_view data);
std::string ihdr(uint32_t width, uint32_t height, uint8_t depth, uint8_t colour);

// A RIFF chunk, padded.
std::string riff(std::string_view type, std::string_view data);

struct Field {
  uint16_t tag, type;
  uint32_t count;
  std::string value;  // as bytes in the file's order
};

// A TIFF of one directory, with the directories of EXIF and GPS where they have fields. Values
// above four bytes go behind.
std::string tiff(bool big_endian, const std::vector<Field>& fields,
                 const std::vector<Field>& exif = {}, const std::vector<Field>& gps = {});

std::string icc_profile(std::string_view description, bool version_4);

}  // namespace halftone::image_bytes
