#include "media/query_encoding.h"

#include "media/ascii.h"
#include "media/charset.h"
#include "media/percent.h"

namespace halftone {
namespace {

// The size of a decimal character reference at the start of `text`; 0 where there is none.
size_t reference_size(std::string_view text) {
  if (!text.starts_with("&#")) return 0;
  size_t end = 2;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end > 2 && end < text.size() && text[end] == ';' ? end + 1 : 0;
}

}  // namespace

void append_encoded_query(std::string& out, std::string_view query, std::string_view charset) {
  const std::string_view encoding = encoding_for_label(charset);
  if (encoding.empty()) return append_percent_encoded(out, query, kSpecialQuerySet);
  const std::string text = encode(query, encoding);
  const std::string_view encoded = text;
  bool two_bytes = false;  // ISO-2022-JP, between "ESC $" and "ESC (": "&" may be half of a letter
  size_t plain = 0;
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] == '\x1B' && i + 1 < encoded.size()) two_bytes = encoded[i + 1] == '$';
    if (encoded[i] != '&' || two_bytes) continue;
    const size_t size = reference_size(encoded.substr(i));
    if (size == 0) continue;
    append_percent_encoded(out, encoded.substr(plain, i - plain), kSpecialQuerySet);
    out += "%26%23";
    out += encoded.substr(i + 2, size - 3);
    out += "%3B";
    plain = i + size;
  }
  append_percent_encoded(out, encoded.substr(plain), kSpecialQuerySet);
}

}  // namespace halftone
