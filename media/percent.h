// Percent-encoding and its sets (URL Standard, 1.3), and which bytes a host may not hold (3.1).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace halftone {

// A set of bytes, one bit of a class table. Non-ASCII is in every percent-encode set.
enum ByteSet : uint8_t {
  kC0Set = 1,  // "C0 control percent-encode set"
  kFragmentSet = 2,
  kQuerySet = 4,
  kSpecialQuerySet = 8,
  kPathSet = 16,
  kUserinfoSet = 32,
  kForbiddenInHost = 64,     // "forbidden host code point"
  kForbiddenInDomain = 128,  // "forbidden domain code point"
};

namespace detail {

constexpr std::array<uint8_t, 256> make_byte_sets() {
  std::array<uint8_t, 256> sets{};
  const auto add = [&sets](std::string_view bytes, int to) {
    for (const char c : bytes) sets[static_cast<unsigned char>(c)] |= static_cast<uint8_t>(to);
  };
  constexpr int kAllEncoded =
      kC0Set | kFragmentSet | kQuerySet | kSpecialQuerySet | kPathSet | kUserinfoSet;
  for (int c = 0; c < 256; ++c) {
    if (c < 0x20 || c > 0x7E) sets[c] |= kAllEncoded;
    if (c < 0x20 || c == 0x7F) sets[c] |= kForbiddenInDomain;
  }
  constexpr int kQueries = kQuerySet | kSpecialQuerySet;
  add(" \"<>", kFragmentSet | kQueries | kPathSet | kUserinfoSet);
  add("`", kFragmentSet | kPathSet | kUserinfoSet);
  add("#", kQueries | kPathSet | kUserinfoSet);
  add("'", kSpecialQuerySet);
  add("?^{}", kPathSet | kUserinfoSet);
  add("/:;=@[\\]|", kUserinfoSet);
  add(std::string_view("\0\t\n\r #/:<>?@[\\]^|", 17), kForbiddenInHost | kForbiddenInDomain);
  add("%", kForbiddenInDomain);
  return sets;
}

inline constexpr std::array<uint8_t, 256> kByteSets = make_byte_sets();

}  // namespace detail

// Whether `c` is in any of `sets`.
inline bool in_set(char c, int sets) {
  return (detail::kByteSets[static_cast<unsigned char>(c)] & sets) != 0;
}

// Appends `text` to `out`; bytes in `set` are written as %XX.
void append_percent_encoded(std::string& out, std::string_view text, ByteSet set);

}  // namespace halftone
