// One picture, told from both sides: what its header says, and whether its pixels decode.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/image_header.h"
#include "store/image_workers.h"

namespace halftone {

struct ImageReport {
  // By our own reader, in this process; nothing where the bytes begin no format that we know.
  std::optional<ImageHeader> header;

  // The whole picture is there: its header gives a size, the file reaches as far as it says, and
  // its pixels decoded without complaint, or no decoder for its format is at hand.
  bool ok = false;

  // What people should read first: why `ok` is false. Empty exactly where `ok` is true.
  std::string error;

  // The perceptual hash, 16 hexadecimal digits; empty where no pixel could be decoded. A damaged
  // picture has the hash of the part that decodes.
  std::string phash;

  bool decorative = false;  // see is_decorative()
};

// Decodes in `worker` alone: a crash, a hang or a bomb is this picture's `error`, and the next call
// gets a new worker. At most kMaxImageBytes are decoded; headers are read of any size.
ImageReport inspect_image(std::string_view bytes, ImageWorker& worker);

}  // namespace halftone
