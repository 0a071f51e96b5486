// A frame that stands for a video (FFmpeg, through libffmpegthumbnailer).
//
// Decodes hostile bytes with C libraries: only a sandboxed worker process may call it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "media/error.h"

namespace halftone {

struct VideoFrame {
  uint32_t width = 0, height = 0;
  std::string rgb;  // in rows without gaps
};

// Once in a worker's life, before the sandbox closes.
void start_video_library();

// A frame about a tenth into the video or, where there is next to nothing to see on it, one from
// elsewhere; upright, square pixels, no side above 1920. The bytes are the whole file; nothing else
// is opened. kInvalid: no video, or none that can be decoded here; kTooLarge: too many pixels.
Result<VideoFrame> read_video_frame(std::string_view bytes);

}  // namespace halftone
