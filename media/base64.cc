#include "media/base64.h"

#include <algorithm>
#include <cstdint>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  unsigned bits = 0;
  int count = 0;
  while (!text.empty() && (text.back() == '=' || is_space(text.back()))) text.remove_suffix(1);
  for (const char c : text) {
    if (is_space(c)) continue;
    const size_t value = kBase64.find(c == '-' ? '+' : c == '_' ? '/' : c);
    if (value == kBase64.npos) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFF);
  }
  if (count >= 6) return std::nullopt;
  return out;
}

std::string encode_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t size = std::min<size_t>(3, bytes.size() - at);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < size ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (size_t i = 0; i < 4; ++i) {
      out += i <= size ? kBase64[group >> (18 - 6 * i) & 0x3F] : '=';
    }
  }
  return out;
}

}  // namespace halftone
