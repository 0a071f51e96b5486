#include "media/percent.h"

#include "media/ascii.h"
#include "media/url.h"

namespace halftone {

void append_percent_encoded(std::string& out, std::string_view text, ByteSet set) {
  constexpr char kHex[] = "0123456789ABCDEF";
  size_t plain = 0;  // where the run of bytes that stand for themselves begins
  for (size_t i = 0; i < text.size(); ++i) {
    if (!in_set(text[i], set)) continue;
    out.append(text, plain, i - plain);
    const auto byte = static_cast<unsigned char>(text[i]);
    const char encoded[] = {'%', kHex[byte >> 4], kHex[byte & 15]};
    out.append(encoded, sizeof encoded);
    plain = i + 1;
  }
  out.append(text, plain);
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && text.size() - i > 2) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

}  // namespace halftone
