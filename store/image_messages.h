// What an ImageWorker and its process say to each other: a few words over a socket, and bytes
// through two pieces of memory that both see. The picture lies at the start of the one, which the
// worker can only read; a derivative is put at the start of the other.
//
//   message := length:u32 payload                       little-endian, as every integer here
//   limits  := memory:u64                               first, to the worker
//   ready   := text                                     from the worker; what its sandbox lacks
//   request := number:u32 size:u32 what                 `size` bytes; another number: another
//   picture what    := 'F' | 'P' | 'D' recipe recipe  := width:u32 height:u32 crop:u8
//   most_frames:u32 of_video:u8 quality:u8
//              format_length:u8 format
//   facts   := 'f' width:u32 height:u32 frames:u32 alpha:u8 type
//   pixels  := 'p' hash:u64 damage
//   made    := 'd' size:u32 width:u32 height:u32 has_hash:u8 hash:u64 type_length:u8 type
//              placeholder
//   failure := 'e' code:u8 text
//
// The parent trusts no answer: a decoder that was taken over may say anything, and change the
// memory while the parent reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "media/error.h"
#include "media/image.h"

namespace halftone {

inline constexpr uint32_t kMaxImageBytes = uint32_t{512} << 20;  // of an original
inline constexpr uint32_t kMaxDerivativeBytes = uint32_t{64} << 20;
inline constexpr uint32_t kMaxMessageBytes = 4096;

// The worker's descriptors.
inline constexpr int kWorkerSocket = 0, kWorkerPicture = 3, kWorkerDerivative = 4;

std::string encode_u32(uint32_t value);
uint32_t decode_u32(std::string_view four_bytes);

std::string encode_limits(uint64_t memory);
std::optional<uint64_t> decode_limits(std::string_view payload);

struct ImageRequest {
  enum class What { kFacts, kPixels, kDerivative };
  What what;
  Recipe recipe{};  // of a derivative, a view of `payload`; its name and version are not sent
  uint32_t number = 0, size = 0;  // of the picture
};
std::string encode_request(const ImageRequest& request);
std::optional<ImageRequest> decode_request(std::string_view payload);

std::string encode_answer(const Result<ImageFacts>& facts);
std::string encode_answer(const Result<ImagePixels>& pixels);
std::string encode_answer(const Result<Derivative>& made);  // all but its bytes

// The worker's answer, be it good or an error. kCorrupt: no such message, or one that no honest
// worker would send.
Result<ImageFacts> decode_facts(std::string_view payload);
Result<ImagePixels> decode_pixels(std::string_view payload);
Result<Derivative> decode_derivative(std::string_view payload, std::string_view memory);

// `text` made fit for a message to people: printable, one line, its last `most` bytes.
std::string printable_tail(std::string_view text, size_t most);

}  // namespace halftone
