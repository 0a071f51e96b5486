// What a picture says of its making and its rights, in one vocabulary whatever it is written in.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "media/image_header.h"

namespace halftone {

// By names, in this order, those that are known: "camera", "lens", "taken", "latitude",
// "longitude", "altitude", "title", "caption", "creator", "credit", "copyright", "licence",
// "source". Values are text in one line; "taken" is ISO 8601, with an offset where one is written;
// degrees are decimal, south and west negative; altitude is in metres.
using PictureAbout = std::vector<std::pair<std::string, std::string>>;

// Where several standards tell, the newer one is believed: XMP, then IPTC, then EXIF; for what the
// camera knows, EXIF first. (Metadata Working Group, Guidelines for Handling Image Metadata 2.0)
PictureAbout about_picture(const ImageHeader& header);

}  // namespace halftone
