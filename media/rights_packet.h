// What a derivative keeps of its picture's metadata: whose it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "media/image_about.h"

namespace halftone {

// An XMP packet (ISO 16684-1) of the creator, credit, copyright, licence and source, under the
// names that IPTC Photo Metadata gives them. Empty where none is known.
std::string rights_packet(const PictureAbout& about);

struct EncodedPicture {
  std::string_view bytes;  // as an encoder made them, without any XMP
  std::string_view type;   // "image/jpeg", "image/png" or "image/webp"
  uint32_t width, height;
};

// The picture with the packet in the place where its format has it (XMP Specification Part 3;
// WebP Container Specification). As it was where the packet is empty or too long for the format.
std::string with_rights(const EncodedPicture& picture, std::string_view packet);

}  // namespace halftone
