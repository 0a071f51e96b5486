// Character references and newlines (WHATWG HTML, 13.2.3.5 and 13.2.5.72 to 13.2.5.80).
#include <algorithm>
#include <array>

#include "media/ascii.h"
#include "media/byte_scan.h"
#include "media/html_entities.h"
#include "media/html_tokenizer.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// 13.2.5.80: what references to 0x80 … 0x9F stand for; 0 where they stand for themselves.
constexpr std::array<uint16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// 13.2.5.80 "Numeric character reference end state".
std::string numeric_reference(uint32_t code) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    return std::string(kReplacement);
  }
  if (code >= 0x80 && code < 0xA0 && kWindows1252[code - 0x80] != 0) {
    code = kWindows1252[code - 0x80];
  }
  std::string out;
  append_utf8(out, code);
  return out;
}

struct Decoded {
  size_t size = 0;  // bytes of the reference; 0: it is none
  std::string utf8;
};

// `text` begins with "&#".
Decoded decode_numeric(std::string_view text) {
  const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
  const size_t first = hex ? 3 : 2;
  uint32_t code = 0;
  size_t at = first;
  for (; at < text.size(); ++at) {
    const int value = hex_value(text[at]);
    if (value < 0 || (!hex && value > 9)) break;
    // Beyond the last code point the value only has to stay there.
    if (code <= 0x10FFFF) code = code * (hex ? 16 : 10) + static_cast<uint32_t>(value);
  }
  if (at == first) return {};
  if (at < text.size() && text[at] == ';') ++at;
  return {at, numeric_reference(code)};
}

// `text` begins with '&'.
Decoded decode_reference(std::string_view text, bool in_attribute) {
  if (text.size() < 2) return {};
  if (text[1] == '#') return decode_numeric(text);
  if (!is_alpha(text[1])) return {};
  const Entity entity = match_entity(text.substr(1));
  if (entity.size == 0) return {};
  const size_t end = 1 + entity.size;
  if (in_attribute && text[end - 1] != ';' && end < text.size() &&
      (text[end] == '=' || is_digit(text[end]) || is_alpha(text[end]))) {
    return {};
  }
  return {end, std::string(entity.utf8)};
}

}  // namespace

SourceText decode_html(std::string_view raw, size_t origin, HtmlToken::TextMode mode,
                       bool in_attribute) {
  using Mode = HtmlToken::TextMode;
  const bool references = in_attribute || mode == Mode::kData || mode == Mode::kRcData;
  const bool keeps_nul = !in_attribute && (mode == Mode::kData || mode == Mode::kCData);
  const auto next_special = [&](size_t from) {
    do {
      from = find_any<'&', '\r', '\0'>(raw, from);
      if (from == raw.size() || raw[from] == '\r') break;
      if (raw[from] == '&' ? references : !keeps_nul) break;
      ++from;
    } while (true);
    return from;
  };
  size_t at = next_special(0);
  if (at == raw.size()) return {raw, origin};
  SourceText out = SourceText::decoded();
  size_t done = 0;
  const auto replace = [&](std::string_view utf8, size_t size) {
    out.append(raw.substr(done, at - done), {origin + done, origin + at});
    out.append(utf8, {origin + at, origin + at + size});
    done = at + size;
  };
  for (; at < raw.size(); at = next_special(std::max(done, at + 1))) {
    if (raw[at] == '\r') {
      replace("\n", raw.substr(at, 2) == "\r\n" ? 2 : 1);
    } else if (raw[at] == '\0') {
      replace(kReplacement, 1);
    } else if (const Decoded found = decode_reference(raw.substr(at), in_attribute); found.size) {
      replace(found.utf8, found.size);
    }
  }
  out.append(raw.substr(done), {origin + done, origin + raw.size()});
  return out;
}

SourceText decode_value(const HtmlAttribute& attribute) {
  return decode_html(attribute.value, attribute.value_span.from, HtmlToken::TextMode::kData, true);
}

}  // namespace halftone
