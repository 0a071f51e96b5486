// Integers in keys and values: big-endian, so that keys sort as the numbers do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halftone {

inline std::string be64(uint64_t number) {
  std::string bytes(8, '\0');
  for (size_t i = 8; i-- > 0; number >>= 8) bytes[i] = static_cast<char>(number & 0xFF);
  return bytes;
}

// The number in the first eight bytes; nothing where there are fewer.
inline std::optional<uint64_t> read_be64(std::string_view bytes) {
  if (bytes.size() < 8) return std::nullopt;
  uint64_t number = 0;
  for (size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<uint8_t>(bytes[i]);
  return number;
}

}  // namespace halftone
