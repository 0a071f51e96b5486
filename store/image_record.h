// What is known of one picture, video or sound, as the image table keeps it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "media/image.h"
#include "media/image_about.h"
#include "media/media_header.h"

namespace halftone {

// What the file's own header says beside its size; members that it does not tell are left as here.
struct PictureDetails {
  std::string format;  // of pictures as `inspect image` names it, else the container
  std::optional<uint64_t> duration_ms;
  int orientation = 1;
  int bits = 0;     // of a channel
  std::string icc;  // the colour profile's name
  PictureAbout about;
  std::vector<MediaTrack> tracks;  // of video and sound
};

struct ImageRecord {
  // As displayed. Where the header tells one thing and a decoder another, the header counts. Width
  // 0: nobody could tell.
  ImageFacts facts;
  std::string error{};        // why it cannot be decoded; empty where it can
  std::string placeholder{};  // a ThumbHash; empty where no thumbnail was made
  // Derivatives that could not be made: by the key of the recipe, which has its version, why.
  std::map<std::string, std::string> failures{};
  PictureDetails details{};
  std::optional<uint64_t> hash{};  // see media/perceptual_hash.h; nothing: not known yet
};

std::string image_record_to_json(const ImageRecord& record);

// kCorrupt.
Result<ImageRecord> image_record_from_json(std::string_view json);

// Reads the header of a picture, a video or a sound into the record: facts, where it tells them,
// and details. False: `file` begins none that is known here.
bool read_header(const FileView& file, ImageRecord& record);

}  // namespace halftone
