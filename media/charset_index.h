// The indexes of the Encoding Standard: which character each pointer of an encoding means. They are
// made of ICU's converters, once, and of what the standard has otherwise.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace halftone {

// What the bytes from 0x80 on mean in an encoding of one byte a character; 0 is nothing.
using ByteIndex = std::array<char16_t, 128>;

// Null where the encoding is none of those (x-user-defined is one).
const ByteIndex* byte_index(std::string_view encoding_name);

// Pointers to characters.
class CharsetIndex {
 public:
  explicit CharsetIndex(std::vector<char32_t> characters) : characters_(std::move(characters)) {}

  // 0 where the pointer means nothing.
  char32_t at(size_t pointer) const {
    return pointer < characters_.size() ? characters_[pointer] : 0;
  }
  size_t size() const { return characters_.size(); }

 private:
  std::vector<char32_t> characters_;
};

const CharsetIndex& gb18030_index();
const CharsetIndex& big5_index();
const CharsetIndex& euc_kr_index();
const CharsetIndex& jis0208_index();
const CharsetIndex& jis0212_index();

// What gb18030 writes with four bytes of the lower ranges, by pointer.
const CharsetIndex& gb18030_ranges();

// Characters to pointers.
class PointerIndex {
 public:
  // Without the pointers in [skip_from, skip_to).
  PointerIndex(const CharsetIndex& index, size_t skip_from, size_t skip_to);

  std::optional<uint32_t> first(char32_t character) const;
  std::optional<uint32_t> last(char32_t character) const;

 private:
  std::vector<std::pair<char32_t, uint32_t>> pointers_;  // sorted
};

}  // namespace halftone
