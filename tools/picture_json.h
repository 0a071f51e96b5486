// What is known of pictures, videos and sounds, as `show`, `similar` and `inspect` tell it.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "media/error.h"
#include "media/media_header.h"
#include "store/archive.h"
#include "store/image_record.h"

namespace halftone {

// Adds the facts of an archived file to its entry: size, frames, colours, what it says of its
// making, tracks, hash, placeholder, derivatives. Nothing where it was not looked at yet.
Result<void> add_picture_facts(Archive& archive, const Digest& digest,
                               nlohmann::ordered_json& entry);

nlohmann::ordered_json tracks_json(const std::vector<MediaTrack>& tracks);

}  // namespace halftone
