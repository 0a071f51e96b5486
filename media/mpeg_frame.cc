#include "media/mpeg_frame.h"

#include "media/byte_reader.h"

namespace halftone {

MpegFrame read_mpeg_frame(std::string_view head) {
  if (head.size() < 4) return {};
  const uint32_t header = ByteReader(head).u32();
  const uint32_t version = header >> 19 & 3, layer = header >> 17 & 3;
  const uint32_t rate = header >> 12 & 15, frequency = header >> 10 & 3;
  if (header >> 21 != 0x7FF || version == 1 || layer != 1 || rate == 0 || rate == 15 ||
      frequency == 3)
    return {};
  constexpr uint32_t kRates[2][15] = {
      {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
      {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}};
  constexpr uint32_t kFrequencies[] = {44100, 48000, 32000};
  const bool full = version == 3;
  const bool mono = (header >> 6 & 3) == 3;
  MpegFrame frame;
  frame.sample_rate = kFrequencies[frequency] >> (full ? 0 : version == 2 ? 1 : 2);
  frame.bits_per_second = kRates[full][rate] * 1000;
  frame.samples = full ? 1152 : 576;
  frame.channels = mono ? 1 : 2;
  frame.side_size = full ? (mono ? 17 : 32) : (mono ? 9 : 17);
  frame.size = frame.samples / 8 * frame.bits_per_second / frame.sample_rate + (header >> 9 & 1);
  return frame;
}

MpegFrame read_adts_frame(std::string_view head) {
  if (head.size() < 7) return {};
  const uint64_t header = ByteReader(head).integer(7);
  const uint32_t frequency = header >> 34 & 15;
  constexpr uint32_t kFrequencies[] = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                       22050, 16000, 12000, 11025, 8000,  7350};
  if (header >> 44 != 0xFFF || (header >> 41 & 3) != 0 || frequency > 12) return {};
  MpegFrame frame;
  frame.size = header >> 13 & 0x1FFF;
  if (frame.size < 7) return {};
  frame.sample_rate = kFrequencies[frequency];
  frame.channels = header >> 30 & 7;
  frame.samples = 1024 * ((header & 3) + 1);
  return frame;
}

}  // namespace halftone
