#include "tests/bench/site/noise.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <zlib.h>

#include "tests/support/image_bytes.h"

namespace halftone::bench {
namespace {

using image_bytes::be;
using image_bytes::le;
using image_bytes::segment;

std::string jpeg(Noise noise, size_t size) {
  std::string table(1, '\0');  // DQT: table 0, all the same
  table.append(64, '\x10');
  // DHT: three codes of two bits, for DC and AC.
  const std::string codes = std::string("\0\3", 2) + std::string(14, '\0');
  const std::string dc = std::string(1, '\x00') + codes + std::string("\0\2\3", 3);
  const std::string ac = std::string(1, '\x10') + codes + std::string("\0\1\2", 3);
  const std::string frame = "\x08" + be(480 + noise.below(400), 2) +  //
                            be(640 + noise.below(600), 2) + std::string("\1\1\x11\0", 4);
  std::string out = "\xFF\xD8" + segment(0xE0, std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14)) +
                    segment(0xDB, table) + segment(0xC0, frame) + segment(0xC4, dc) +
                    segment(0xC4, ac) + segment(0xDA, std::string("\1\1\0\0\x3F\0", 6));
  noise.append(out, size - out.size() - 2);
  return out + "\xFF\xD9";
}

std::string chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  const uLong sum =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return be(data.size(), 4) + body + be(sum, 4);
}

// zlib's format without compression.
std::string stored(std::string_view data) {
  constexpr size_t kBlock = 65535;
  const uLong sum =
      adler32(1, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size()));
  std::string out = "\x78\x01";
  while (true) {
    const std::string_view block = data.substr(0, kBlock);
    data.remove_prefix(block.size());
    out += data.empty() ? '\1' : '\0';
    out += le(block.size(), 2) + le(block.size() ^ 0xFFFF, 2);
    out += block;
    if (data.empty()) return out + be(sum, 4);
  }
}

// Grey pixels, and what is left over in a chunk of no meaning.
std::string png(Noise noise, size_t size) {
  constexpr size_t kWidth = 320, kOverhead = 200;
  const size_t height = (size - kOverhead) / (kWidth + 2);
  std::string rows;
  for (size_t i = 0; i < height; ++i) {
    rows += '\0';
    noise.append(rows, kWidth);
  }
  std::string out = "\x89PNG\r\n\x1A\n" +
                    chunk("IHDR", be(kWidth, 4) + be(height, 4) + std::string("\x08\0\0\0\0", 5)) +
                    chunk("IDAT", stored(rows));
  std::string rest;
  noise.append(rest, size - out.size() - 24);
  return out + chunk("noIs", rest) + chunk("IEND", "");
}

std::string webp(Noise noise, size_t size) {
  std::string frame = std::string("\x10\0\0\x9D\x01\x2A", 6) +  // a key frame, shown
                      le(640 + noise.below(600), 2) + le(480 + noise.below(400), 2);
  noise.append(frame, size - 20 - frame.size());
  return "RIFF" + le(size - 8, 4) + "WEBPVP8 " + le(frame.size(), 4) + frame;
}

}  // namespace

double Noise::log_normal(double sigma) {
  const double radius = std::sqrt(-2 * std::log(1 - fraction()));
  const double normal = radius * std::cos(2 * std::numbers::pi * fraction());
  return std::exp(sigma * normal - sigma * sigma / 2);
}

void Noise::append(std::string& out, size_t count) {
  const size_t begin = out.size();
  out.resize(begin + count);
  for (size_t at = 0; at < count; at += 8) {
    const uint64_t bytes = next();
    std::memcpy(out.data() + begin + at, &bytes, std::min<size_t>(8, count - at));
  }
  std::replace(out.begin() + static_cast<ptrdiff_t>(begin), out.end(), '\xFF', '\x55');
}

std::string make_picture(Picture type, uint64_t seed, size_t size) {
  const Noise noise(seed);
  size = std::max<size_t>(2000, size + size % 2);
  switch (type) {
    case Picture::kJpeg:
      return jpeg(noise, size);
    case Picture::kPng:
      return png(noise, size);
    case Picture::kWebp:
      break;
  }
  return webp(noise, size);
}

}  // namespace halftone::bench
