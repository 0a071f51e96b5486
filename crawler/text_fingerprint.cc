#include "crawler/text_fingerprint.h"

#include <array>
#include <bit>
#include <cstddef>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr int kNearlySame = 6;  // bits

// Counts, for every bit, how many of the values added have it. The counts are kept bit-sliced:
// plane i holds bit i of all 64 of them, so that adding a value is adding with carry. Eight values
// at a time leave one carry (Harley and Seal's way of counting bits; Warren, Hacker's Delight,
// 5-1).
class BitCounts {
 public:
  void add(uint64_t value) {
    block_[in_block_++] = value;
    if (in_block_ < kBlock) return;
    in_block_ = 0;
    add_block();
    pending_ += kBlock;
    if (pending_ + kBlock > kMostPending) settle();
  }

  // The bits that more than half of the values have.
  uint64_t majority() {
    for (size_t i = 0; i < in_block_; ++i) add_carry(block_[i], 0);
    pending_ += in_block_;
    in_block_ = 0;
    settle();
    uint64_t bits = 0;
    for (size_t bit = 0; bit < 64; ++bit) {
      if (counts_[bit] > total_ / 2) bits |= uint64_t{1} << bit;
    }
    return bits;
  }

 private:
  static constexpr size_t kBlock = 8, kPlanes = 16;
  static constexpr size_t kMostPending = (size_t{1} << kPlanes) - 1;  // what planes can count

  // Adds two values of plane i's weight to it; returns the carry.
  uint64_t add_two(size_t i, uint64_t a, uint64_t b) {
    const uint64_t before = planes_[i], either = a ^ b;
    planes_[i] = before ^ either;
    return (a & b) | (before & either);
  }

  void add_block() {
    const auto& v = block_;
    const uint64_t four_a = add_two(1, add_two(0, v[0], v[1]), add_two(0, v[2], v[3]));
    const uint64_t four_b = add_two(1, add_two(0, v[4], v[5]), add_two(0, v[6], v[7]));
    add_carry(add_two(2, four_a, four_b), 3);
  }

  void add_carry(uint64_t value, size_t plane) {
    for (size_t i = plane; value != 0; ++i) {
      const uint64_t carry = planes_[i] & value;
      planes_[i] ^= value;
      value = carry;
    }
  }

  void settle() {
    for (size_t bit = 0; bit < 64; ++bit) {
      for (size_t i = 0; i < kPlanes; ++i) counts_[bit] += (planes_[i] >> bit & 1) << i;
    }
    planes_ = {};
    total_ += pending_;
    pending_ = 0;
  }

  std::array<uint64_t, kBlock> block_{};
  size_t in_block_ = 0;
  std::array<uint64_t, kPlanes> planes_{};
  size_t pending_ = 0;  // values that are in the planes
  std::array<uint64_t, 64> counts_{};
  uint64_t total_ = 0;  // values that are in the counts
};

// splitmix64's finalizer (Steele, Lea and Flood): every bit of `x` counts for every bit of it.
uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

constexpr uint64_t kPrime = 0x100000001B3;  // of FNV-1a, as is the next
constexpr uint64_t kNoWord = 0xCBF29CE484222325;

// What a character is to a word.
enum class Role { kParts, kContinues, kIsOne };

struct Range {
  char32_t first, last;
  Role role;
};

// Of what is not ASCII, in order; what lies between them are letters (Unicode 15, Blocks.txt).
constexpr Range kRanges[] = {
    {0x80, 0xA9, Role::kParts},        // signs of Latin-1
    {0xAB, 0xB4, Role::kParts},        //
    {0xB6, 0xB9, Role::kParts},        //
    {0xBB, 0xBF, Role::kParts},        //
    {0xE00, 0xEFF, Role::kIsOne},      // Thai, Lao
    {0x1000, 0x109F, Role::kIsOne},    // Burmese
    {0x1100, 0x11FF, Role::kIsOne},    // Hangul jamo
    {0x1780, 0x17FF, Role::kIsOne},    // Khmer
    {0x2000, 0x206F, Role::kParts},    // General Punctuation
    {0x2190, 0x2BFF, Role::kParts},    // arrows, lines, symbols
    {0x2E00, 0x2E7F, Role::kParts},    // Supplemental Punctuation
    {0x2E80, 0x2FFF, Role::kIsOne},    // radicals
    {0x3000, 0x3004, Role::kParts},    // CJK punctuation
    {0x3005, 0x3007, Role::kIsOne},    // 々〆〇
    {0x3008, 0x303F, Role::kParts},    //
    {0x3040, 0xA4CF, Role::kIsOne},    // kana, ideographs, Yi
    {0xAC00, 0xD7FF, Role::kIsOne},    // Hangul
    {0xE000, 0xF8FF, Role::kParts},    // private use
    {0xF900, 0xFAFF, Role::kIsOne},    // ideographs
    {0xFE00, 0xFE6F, Role::kParts},    // variation selectors, small punctuation
    {0xFF00, 0xFF0F, Role::kParts},    // full-width punctuation
    {0xFF1A, 0xFF20, Role::kParts},    //
    {0xFF3B, 0xFF40, Role::kParts},    //
    {0xFF5B, 0xFF65, Role::kParts},    //
    {0xFF66, 0xFFDC, Role::kIsOne},    // half-width kana and Hangul
    {0xFFE0, 0xFFFF, Role::kParts},    //
    {0x1F000, 0x1FAFF, Role::kIsOne},  // emoji
    {0x20000, 0x3FFFF, Role::kIsOne},  // ideographs
};

Role role_of(char32_t c) {
  if (c >= 0x4E00 && c <= 0x9FFF) return Role::kIsOne;  // nearly all that comes
  for (const Range& range : kRanges) {
    if (c < range.first) break;
    if (c <= range.last) return range.role;
  }
  return Role::kContinues;
}

// Reads the character at `at`, which is not ASCII, and moves behind it; behind one byte and U+FFFD
// where that is not well-formed, but for what only a stricter reader minds.
char32_t take_character(std::string_view text, size_t& at) {
  const auto byte = [text](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned lead = byte(at);
  const size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  char32_t c = lead & (0x3FU >> more);
  for (size_t i = 1; i <= more; ++i) {
    const unsigned next = byte(at + i);
    if ((next & 0xC0) != 0x80) {
      ++at;
      return 0xFFFD;
    }
    c = c << 6 | (next & 0x3F);
  }
  at += more + 1;
  return more == 0 ? 0xFFFD : c;
}

// ASCII letters in small and digits; 0 for all others.
constexpr auto kWordBytes = [] {
  std::array<unsigned char, 256> table{};
  for (int c = 0; c < 0x80; ++c) {
    const char letter = static_cast<char>(c);
    if (is_alnum(letter)) table[c] = static_cast<unsigned char>(to_lower(letter));
  }
  return table;
}();

class Fingerprinter {
 public:
  uint64_t run(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if (kWordBytes[byte] != 0) {
        add_to_word(kWordBytes[byte]);
        ++at;
      } else if (byte < 0x80) {
        end_word();
        ++at;
      } else {
        add_character(take_character(text, at));
      }
    }
    end_word();
    return counts_.majority();
  }

 private:
  void add_to_word(uint64_t c) { word_ = (word_ ^ c) * kPrime; }

  void add_character(char32_t c) {
    const Role role = role_of(c);
    if (role != Role::kContinues) end_word();
    if (role != Role::kParts) add_to_word(c);
    if (role == Role::kIsOne) end_word();
  }

  void end_word() {
    if (word_ == kNoWord) return;
    counts_.add(mixed(before_ * kPrime + word_));
    before_ = word_;
    word_ = kNoWord;
  }

  BitCounts counts_;
  uint64_t word_ = kNoWord;
  uint64_t before_ = 0;  // the word before
};

}  // namespace

uint64_t text_fingerprint(std::string_view text) { return Fingerprinter().run(text); }

int hamming_distance(uint64_t a, uint64_t b) { return std::popcount(a ^ b); }

bool is_nearly_same(uint64_t a, uint64_t b) {
  return a != 0 && b != 0 && hamming_distance(a, b) <= kNearlySame;
}

}  // namespace halftone
