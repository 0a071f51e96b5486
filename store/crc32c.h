// CRC-32C (Castagnoli), the checksum of RocksDB's files and log records.
#pragma once

#include <cstdint>
#include <string_view>

namespace halftone {

// Of `bytes`; with `before`, the checksum of what stands in front of them, of both together.
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);

// As logs store it: a checksum of bytes that hold their own checksums would be weak otherwise.
constexpr uint32_t masked_crc32c(uint32_t crc) { return (crc >> 15 | crc << 17) + 0xA282EAD8U; }

}  // namespace halftone
