// References of XML (XML 1.0, 4.1 and 4.6) and those of HTML.
#include <algorithm>

#include "media/ascii.h"
#include "media/html_entities.h"
#include "media/utf8.h"
#include "media/xml_tokenizer.h"

namespace halftone {
namespace {

struct Decoded {
  size_t size = 0;  // bytes of the reference; 0: it is none
  std::string utf8;
};

// `text` begins with "&#".
Decoded decode_numeric(std::string_view text) {
  const bool hex = text.size() > 2 && to_lower(text[2]) == 'x';
  const size_t first = hex ? 3 : 2;
  char32_t code = 0;
  size_t at = first;
  for (; at < text.size() && (hex ? is_hex(text[at]) : is_digit(text[at])); ++at) {
    // Beyond the last code point the value only has to stay there.
    if (code <= 0x10FFFF)
      code = code * (hex ? 16 : 10) + static_cast<char32_t>(hex_value(text[at]));
  }
  if (at == first || at == text.size() || text[at] != ';') return {};
  const bool is_character = code != 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  Decoded found{at + 1, {}};
  append_utf8(found.utf8, is_character ? code : 0xFFFD);
  return found;
}

// `text` begins with '&'.
Decoded decode_reference(std::string_view text) {
  if (text.size() > 1 && text[1] == '#') return decode_numeric(text);
  const std::string_view name = text.substr(1);
  if (name.starts_with("apos;")) return {6, "'"};
  const Entity entity = match_entity(name);
  if (entity.size == 0 || name[entity.size - 1] != ';') return {};
  return {1 + entity.size, std::string(entity.utf8)};
}

}  // namespace

SourceText decode_xml(std::string_view raw, size_t origin) {
  size_t at = raw.find('&');
  if (at == raw.npos) return {raw, origin};
  SourceText out = SourceText::decoded();
  size_t done = 0;
  for (; at != raw.npos; at = raw.find('&', std::max(done, at + 1))) {
    const Decoded found = decode_reference(raw.substr(at));
    if (found.size == 0) continue;
    out.append(raw.substr(done, at - done), {origin + done, origin + at});
    done = at + found.size;
    out.append(found.utf8, {origin + at, origin + done});
  }
  out.append(raw.substr(done), {origin + done, origin + raw.size()});
  return out;
}

}  // namespace halftone
