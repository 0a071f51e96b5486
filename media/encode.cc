#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

#include "media/ascii.h"
#include "media/charset.h"
#include "media/utf8.h"

namespace halftone {
namespace {

// Where the Encoding Standard's encoders differ from ICU's: what they take `c` for; 0: they lack
// it.
char32_t adjusted(char32_t c, std::string_view encoding) {
  const bool shifts = c == 0x0E || c == 0x0F || c == 0x1B;
  if (shifts && equals_ignoring_case(encoding, "ISO-2022-JP")) return 0;
  if (c == 0xE5E5 && (equals_ignoring_case(encoding, "gb18030") || encoding == "GBK")) return 0;
  if (c == 0x2212 && equals_ignoring_case(encoding, "Shift_JIS")) return 0xFF0D;
  return c;
}

std::string encode_one(UConverter* converter, const char16_t* units, int32_t count) {
  char buffer[64];
  UErrorCode status = U_ZERO_ERROR;
  const int32_t size = ucnv_fromUChars(converter, buffer, sizeof buffer, units, count, &status);
  return U_FAILURE(status) ? std::string() : std::string(buffer, static_cast<size_t>(size));
}

}  // namespace

std::string encode(std::string_view utf8, std::string_view encoding_name) {
  const std::string label(encoding_name);
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(label.c_str(), &status);
  if (U_FAILURE(status)) return std::string(utf8);
  ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::string out;
  for (size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = size == 1 ? lead : lead & (0xFF >> (size + 1));
    for (size_t t = 1; t < size; ++t) c = c << 6 | (utf8[i + t] & 0x3F);
    const char32_t written = c;
    c = adjusted(c, encoding_name);
    const char16_t pair[] = {c < 0x10000 ? char16_t(c) : char16_t(0xD7C0 + (c >> 10)),
                             char16_t(0xDC00 | (c & 0x3FF))};
    const std::string bytes =
        c == 0 && written != 0 ? "" : encode_one(converter, pair, c < 0x10000 ? 1 : 2);
    const uint32_t reference = written < 0x20 ? 0xFFFD : uint32_t{written};
    out += bytes.empty() ? fmt::format("&#{};", reference) : bytes;
    i += size;
  }
  ucnv_close(converter);
  return out;
}

}  // namespace halftone
