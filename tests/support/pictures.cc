#include "tests/support/pictures.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace halftone {

namespace {

std::string big_endian(uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
  return out;
}

// PNG, 5.5 "CRC algorithm".
uint32_t crc32(std::string_view bytes) {
  uint32_t crc = 0xFFFF'FFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) ? (crc >> 1) ^ 0xEDB8'8320 : crc >> 1;
  }
  return ~crc;
}

// RFC 1950, 9 "Adler-32".
uint32_t adler32(std::string_view bytes) {
  uint32_t a = 1, b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % 65'521;
    b = (b + a) % 65'521;
  }
  return b << 16 | a;
}

// RFC 1950 around RFC 1951's stored blocks.
std::string stored_zlib(std::string_view bytes) {
  std::string out = "\x78\x01";
  std::string_view rest = bytes;
  do {
    const std::string_view block = rest.substr(0, 0xFFFF);
    rest.remove_prefix(block.size());
    const auto size = static_cast<uint16_t>(block.size());
    out.push_back(rest.empty() ? 1 : 0);
    for (const uint16_t value : {size, static_cast<uint16_t>(~size)}) {
      out.push_back(static_cast<char>(value & 0xFF));
      out.push_back(static_cast<char>(value >> 8));
    }
    out += block;
  } while (!rest.empty());
  return out + big_endian(adler32(bytes));
}

std::string chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  return big_endian(static_cast<uint32_t>(data.size())) + body + big_endian(crc32(body));
}

// 8 bits, RGB, no interlacing.
std::string head(uint32_t width, uint32_t height) {
  const std::string fields =
      big_endian(width) + big_endian(height) + std::string("\x08\x02\0\0\0", 5);
  return "\x89PNG\r\n\x1A\n" + chunk("IHDR", fields);
}

}  // namespace

static std::string fixture(std::string_view folder, std::string_view name) {
  const std::string path =
      fmt::format("{}/tests/fixtures/{}/{}", HALFTONE_SOURCE_DIR, folder, name);
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string picture(std::string_view name) { return fixture("images", name); }

std::string media_file(std::string_view name) { return fixture("media", name); }

std::string make_png(uint32_t width, uint32_t height) {
  std::string rows;
  rows.reserve((size_t{width} * 3 + 1) * height);
  for (uint32_t y = 0; y < height; ++y) {
    rows.push_back('\0');  // no filter
    for (uint32_t x = 0; x < width; ++x) {
      const bool bright = x > width / 2 && x < width * 3 / 4 && y > height / 3 && y < height / 2;
      rows.push_back(static_cast<char>(bright ? 255 : x * 120 / width));
      rows.push_back(static_cast<char>(bright ? 220 : y * 120 / height));
      rows.push_back(static_cast<char>(bright ? 0 : 90));
    }
  }
  return head(width, height) + chunk("IDAT", stored_zlib(rows)) + chunk("IEND", "");
}

// GIF89a. Codes of LZW are eight bits wide as long as the table is cleared in time, so that each
// pixel is a byte.
std::string make_gif(uint16_t width, uint16_t height, size_t frames, int delay_ms) {
  const auto word = [](size_t value) {
    return std::string{static_cast<char>(value), static_cast<char>(value >> 8)};
  };
  constexpr size_t kColours = 128, kBeforeClearing = 100;
  std::string gif = "GIF89a" + word(width) + word(height) + std::string("\xE6\0\0", 3);
  for (size_t i = 0; i < kColours; ++i) {
    for (const size_t factor : {2, 37, 91}) gif.push_back(static_cast<char>(i * factor));
  }
  gif += "\x21\xFF\x0BNETSCAPE2.0" + std::string("\x03\x01\0\0\0", 5);  // again and again
  for (size_t frame = 0; frame < frames; ++frame) {
    gif += std::string("\x21\xF9\x04\0", 4) + word(static_cast<size_t>(delay_ms / 10)) +
           std::string(2, '\0');
    gif += "," + word(0) + word(0) + word(width) + word(height) + std::string("\0\x07", 2);
    for (size_t left = size_t{width} * height; left > 0;) {
      const size_t now = std::min(left, kBeforeClearing);
      gif += static_cast<char>(now + 1);
      gif += '\x80' + std::string(now, static_cast<char>(frame % kColours));
      left -= now;
    }
    gif += std::string("\x01\x81\0", 3);
  }
  return gif + ";";
}

std::string png_header_only(uint32_t width, uint32_t height) {
  return head(width, height) + chunk("IDAT", stored_zlib("")) + chunk("IEND", "");
}

}  // namespace halftone
