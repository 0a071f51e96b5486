// Integers and pieces taken off the front of bytes that nobody vouches for.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace halftone {

// The part of `bytes` that begins at `from`: at most `size` bytes, fewer where they end before.
constexpr std::string_view slice(std::string_view bytes, uint64_t from,
                                 uint64_t size = std::string_view::npos) {
  return from < bytes.size() ? bytes.substr(from, size) : std::string_view();
}

// Past the end everything is zero or empty, and sound() is false from then on.
class ByteReader {
 public:
  explicit constexpr ByteReader(std::string_view bytes, std::endian order = std::endian::big)
      : rest_(bytes), order_(order) {}

  constexpr std::string_view piece(uint64_t size) {
    if (size > rest_.size()) {
      sound_ = false;
      size = rest_.size();
      rest_.remove_prefix(size);
      return {};
    }
    const std::string_view front = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return front;
  }
  constexpr void skip(uint64_t size) { piece(size); }

  // Of up to eight bytes.
  constexpr uint64_t integer(size_t size) {
    uint64_t value = 0;
    const std::string_view bytes = piece(size);
    for (size_t i = 0; i < bytes.size(); ++i) {
      const size_t place = order_ == std::endian::big ? i : bytes.size() - 1 - i;
      value = value << 8 | static_cast<unsigned char>(bytes[place]);
    }
    return value;
  }
  constexpr uint8_t u8() { return static_cast<uint8_t>(integer(1)); }
  constexpr uint16_t u16() { return static_cast<uint16_t>(integer(2)); }
  constexpr uint32_t u24() { return static_cast<uint32_t>(integer(3)); }
  constexpr uint32_t u32() { return static_cast<uint32_t>(integer(4)); }
  constexpr uint64_t u64() { return integer(8); }

  constexpr std::string_view rest() const { return rest_; }
  constexpr bool sound() const { return sound_; }

 private:
  std::string_view rest_;
  std::endian order_;
  bool sound_ = true;
};

}  // namespace halftone
