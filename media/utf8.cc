#include "media/utf8.h"

#include <cstdint>
#include <cstring>

#include "media/byte_scan.h"

namespace halftone {
namespace {

// How the sequence at text[at] goes on: its size, and whether it is well-formed. An ill-formed one
// is as long as its "maximal subpart" (Unicode 15, 3.9, table 3-7).
struct Sequence {
  size_t size;
  bool valid;
};

Sequence read_sequence(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {1, true};
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  const size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  unsigned char low = 0x80, high = 0xBF;  // of the second byte
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (size_t i = 1; i < size; ++i) {
    if (at + i >= text.size() || byte(at + i) < low || byte(at + i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {size, true};
}

// 0xE1 to 0xEC: leads of three bytes which any two continuations may follow.
bool is_plain_lead(char c) { return static_cast<unsigned char>(c - 0xE1) < 12; }

bool is_plain_triple(const char* bytes) {
  const auto is_continuation = [](char c) { return (c & 0xC0) == 0x80; };
  return is_plain_lead(bytes[0]) && is_continuation(bytes[1]) && is_continuation(bytes[2]);
}

// The same of two in a row, of which eight bytes can be read.
bool are_plain_triples(const char* bytes) {
  constexpr unsigned char kMask[8] = {0, 0xC0, 0xC0, 0, 0xC0, 0xC0, 0, 0};
  constexpr unsigned char kContinuations[8] = {0, 0x80, 0x80, 0, 0x80, 0x80, 0, 0};
  uint64_t word = 0, mask = 0, wanted = 0;
  std::memcpy(&word, bytes, 8);
  std::memcpy(&mask, kMask, 8);
  std::memcpy(&wanted, kContinuations, 8);
  return (word & mask) == wanted && is_plain_lead(bytes[0]) && is_plain_lead(bytes[3]);
}

}  // namespace

bool is_valid_utf8(std::string_view text) { return valid_utf8_size(text) == text.size(); }

size_t valid_utf8_size(std::string_view text) {
  size_t at = 0;
  while (true) {
    at = find_non_ascii(text, at);
    // Runs of three bytes each, which most scripts beyond Europe are written in.
    while (at + 8 <= text.size() && are_plain_triples(text.data() + at)) at += 6;
    while (at + 3 <= text.size() && is_plain_triple(text.data() + at)) at += 3;
    if (at >= text.size()) return at;
    const Sequence sequence = read_sequence(text, at);
    if (!sequence.valid) return at;
    at += sequence.size;
  }
}

std::string to_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const Sequence sequence = read_sequence(text, at);
    out += sequence.valid ? text.substr(at, sequence.size) : "\uFFFD";
    at += sequence.size;
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string_view utf8_head(std::string_view text, size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace halftone
