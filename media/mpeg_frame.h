// Frames of MPEG audio and of AAC in ADTS, which begin anywhere and name their own size.
#pragma once

#include <cstdint>
#include <string_view>

namespace halftone {

struct MpegFrame {
  uint32_t size = 0;  // in bytes, with its head; 0: there is none
  uint32_t samples = 0;
  uint32_t sample_rate = 0, channels = 0;
  uint32_t side_size = 0;  // of what stands between the head and a Xing header
  uint32_t bits_per_second = 0;
};

// The layer III frame at the start of `head`. (ISO/IEC 11172-3, 2.4.1.3; 13818-3 for the lower
// sampling frequencies)
MpegFrame read_mpeg_frame(std::string_view head);

// The AAC frame at the start of `head`. (ISO/IEC 13818-7, 6.2)
MpegFrame read_adts_frame(std::string_view head);

}  // namespace halftone
