// What an ImageWorker and its process say to each other, over one socket.
//
//   message := length:u32 payload                       little-endian, as every integer here
//   limits  := memory:u64                               first, to the worker
//   ready   := text                                     from the worker; what its sandbox lacks
//   request := 'F' bytes | 'P' bytes | 'D' recipe bytes
//   recipe  := width:u32 height:u32 crop:u8 most_frames:u32 of_video:u8 quality:u8
//              format_length:u8 format
//   facts   := 'f' width:u32 height:u32 frames:u32 alpha:u8 type
//   pixels  := 'p' hash:u64 damage
//   made    := 'd' width:u32 height:u32 type_length:u8 type placeholder_length:u8 placeholder
//              has_hash:u8 hash:u64 bytes
//   failure := 'e' code:u8 text
//
// The parent trusts no answer: a decoder that was taken over may say anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "media/error.h"
#include "media/image.h"

namespace halftone {

inline constexpr uint32_t kMaxImageBytes = uint32_t{512} << 20;  // of an original
inline constexpr uint32_t kMaxAnswerBytes = uint32_t{64} << 20;

std::string encode_u32(uint32_t value);
uint32_t decode_u32(std::string_view four_bytes);

std::string encode_limits(uint64_t memory);
std::optional<uint64_t> decode_limits(std::string_view payload);

// All of a request but the image's bytes, which follow it.
std::string facts_request();
std::string pixels_request();
std::string derivative_request(const Recipe& recipe);

struct ImageRequest {
  enum class What { kFacts, kPixels, kDerivative };
  What what;
  Recipe recipe;           // of a derivative, a view of `payload`; its name is not sent
  std::string_view bytes;  // of `payload`
};
std::optional<ImageRequest> decode_request(std::string_view payload);

std::string encode_answer(const Result<ImageFacts>& facts);
std::string encode_answer(const Result<ImagePixels>& pixels);
std::string encode_answer(const Result<Derivative>& made);

// The worker's answer, be it good or an error. kCorrupt: no such message, or one that no honest
// worker would send.
Result<ImageFacts> decode_facts(std::string_view payload);
Result<ImagePixels> decode_pixels(std::string_view payload);
Result<Derivative> decode_derivative(std::string_view payload);

// `text` made fit for a message to people: printable, one line, its last `most` bytes.
std::string printable_tail(std::string_view text, size_t most);

}  // namespace halftone
