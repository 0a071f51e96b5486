// What pictures of many formats carry beside their pixels: EXIF, XMP, IPTC, colour
// profiles.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "media/image_header.h"

namespace halftone {

// Fills `header.exif`, and `header.orientation` where one is given. `exif` begins with TIFF's
// header, or with "Exif\0\0" before it; anything else tells nothing. Names are those of Exif 2.32
// (CIPA DC-008), each once, at most 100; values are valid UTF-8 in one line, at most 1000 bytes:
//   text as written, dates too;
//   integers in decimal, several with spaces between them;
//   fractions in decimal, but ExposureTime below a second as "1/125";
//   GPSLatitude, GPSLongitude in degrees, south and west negative; GPSAltitude in metres.
void read_exif(std::string_view exif, ImageHeader& header);

// Fills `header.xmp`, where it is empty, from a packet of XMP: properties by their names with the
// usual prefixes ("dc:creator"), at most 100; the values of lists joined by "; ". Text as above.
void read_xmp(std::string_view packet, ImageHeader& header);

// Fills `header.iptc` from IPTC's Information Interchange Model ("By-line", "CopyrightNotice"), at
// most 100, repeated ones joined by "; ". Text as above.
void read_iptc(std::string_view iim, ImageHeader& header);

// What stands in Photoshop's image resources, which JPEG and PSD have: IPTC, XMP, EXIF, a profile.
void read_photoshop_resources(std::string_view resources, ImageHeader& header);

// An ICC profile's name for people; empty where it has none. (ICC.1:2001-04, 6.5.17; ICC.1:2022,
// 9.2.41)
std::string icc_description(std::string_view profile);

// The same of a profile under zlib, as PNG has it. Decompresses no more than a megabyte.
std::string compressed_icc_description(std::string_view zlib);

// The first megabyte of what stands under zlib; what is damaged ends it.
std::string inflate_head(std::string_view zlib);

// Colours by the numbers of ITU-T H.273: "sRGB", "Display P3", "Rec. 2020 PQ"; empty where they are
// left open.
std::string colour_space_name(uint32_t primaries, uint32_t transfer);

// Text from a file made fit for people: valid UTF-8, no control characters, trimmed, at most 1000
// bytes.
std::string tidy_text(std::string_view text);

}  // namespace halftone
