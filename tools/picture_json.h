// What is known of pictures, videos and sounds, as `show`, `similar` and `inspect` tell it.
#pragma once

#include <string>
#include <vector>

#include "media/error.h"
#include "media/media_header.h"
#include "store/archive.h"
#include "store/image_record.h"

namespace halftone {

// A JSON object of what is known of an archived file: size, frames, colours, what it says of its
// making, tracks, hash, placeholder, derivatives. Empty where it was not looked at yet.
Result<std::string> picture_facts(Archive& archive, const Digest& digest);

// A JSON array.
std::string tracks_text(const std::vector<MediaTrack>& tracks);

}  // namespace halftone
