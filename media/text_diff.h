// What differs between two texts, for readers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// Words in the order in which they are read: what stayed, what went, what came instead.
struct TextPiece {
  enum class Kind { kSame, kRemoved, kAdded };
  Kind kind = Kind::kSame;
  std::string text;
  bool operator==(const TextPiece&) const = default;
};

// Paragraphs that are the same are left out; of the others, some words around each change stay.
// "…" stands for what was left out in between. Chinese and Japanese are compared by characters.
// Bounded: of long texts that have little in common no more than `most` bytes are told.
std::vector<TextPiece> text_diff(std::string_view before, std::string_view after,
                                 size_t most = 8000);

}  // namespace halftone
