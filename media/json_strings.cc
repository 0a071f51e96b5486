#include "media/json_strings.h"

#include "media/ascii.h"
#include "media/byte_scan.h"
#include "media/json_path.h"
#include "media/utf8.h"

namespace halftone {
namespace {

// Where the content that begins at `at` ends; npos where the line or the text ends first.
size_t string_end(std::string_view text, size_t at, bool& escaped) {
  for (;; at += 2) {
    at = find_any<'"', '\\', '\n'>(text, at);
    if (at >= text.size() || text[at] == '\n') return std::string_view::npos;
    if (text[at] == '"') return at;
    escaped = true;
  }
}

size_t next_mark(std::string_view text, size_t at) {
  return find_any<'"', '{', '}', '[', ']'>(text, at);
}

// The four hexadecimal digits of \uXXXX at `at`; -1 where there are none.
int code_unit(std::string_view raw, size_t at) {
  if (at + 6 > raw.size() || raw[at] != '\\' || raw[at + 1] != 'u') return -1;
  int value = 0;
  for (size_t i = at + 2; i < at + 6; ++i) {
    const int digit = hex_value(raw[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

bool is_high(int unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(int unit) { return unit >= 0xDC00 && unit < 0xE000; }

// Decodes the escape at `at`, which begins with a backslash, and returns its size.
size_t decode_escape(std::string_view raw, size_t at, std::string& out) {
  const int unit = code_unit(raw, at);
  if (unit >= 0) {
    const int low = is_high(unit) ? code_unit(raw, at + 6) : -1;
    if (is_low(low)) {
      append_utf8(out, static_cast<char32_t>(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)));
      return 12;
    }
    append_utf8(out, is_high(unit) || is_low(unit) ? U'\uFFFD' : static_cast<char32_t>(unit));
    return 6;
  }
  if (at + 1 >= raw.size()) return 1;
  // JavaScript's own, in a string that holds JSON.
  if (raw[at + 1] == 'x' && at + 3 < raw.size() && is_hex(raw[at + 2]) && is_hex(raw[at + 3])) {
    append_utf8(out, static_cast<char32_t>(hex_value(raw[at + 2]) * 16 + hex_value(raw[at + 3])));
    return 4;
  }
  constexpr std::string_view kLetters = "bfnrt";
  constexpr std::string_view kControls = "\b\f\n\r\t";
  const size_t letter = kLetters.find(raw[at + 1]);
  out += letter == kLetters.npos ? raw[at + 1] : kControls[letter];
  return 2;
}

}  // namespace

void for_each_json_string(std::string_view text,
                          const std::function<void(const JsonString&)>& visit) {
  JsonPath path;
  for (size_t at = next_mark(text, 0); at < text.size(); at = next_mark(text, at)) {
    const char c = text[at++];
    if (c == '{' || c == '[') {
      path.open(c == '{');
    } else if (c == '}' || c == ']') {
      path.close();
    } else {
      const size_t from = at;
      bool escaped = false;
      const size_t end = string_end(text, from, escaped);
      if (end == text.npos) {
        at = std::min(text.find('\n', from), text.size());
        continue;
      }
      at = end + 1;
      while (at < text.size() && is_space(text[at])) ++at;
      if (at < text.size() && text[at] == ':') {
        path.set_key(text.substr(from, end - from));
      } else {
        visit({{from, end}, path.key(), path.container_key(), escaped, path.object()});
        path.end_value();
      }
    }
  }
}

SourceText decode_json_string(std::string_view raw, size_t origin) {
  size_t at = raw.find('\\');
  if (at == raw.npos) return {raw, origin};
  SourceText out = SourceText::decoded();
  size_t done = 0;
  for (; at != raw.npos; at = raw.find('\\', done)) {
    out.append(raw.substr(done, at - done), {origin + done, origin + at});
    std::string decoded;
    done = at + decode_escape(raw, at, decoded);
    out.append(decoded, {origin + at, origin + done});
  }
  out.append(raw.substr(done), {origin + done, origin + raw.size()});
  return out;
}

void append_decoded_json(std::string& out, std::string_view raw) {
  size_t done = 0;
  for (size_t at = raw.find('\\'); at != raw.npos; at = raw.find('\\', done)) {
    out.append(raw, done, at - done);
    done = at + decode_escape(raw, at, out);
  }
  out.append(raw, done);
}

}  // namespace halftone
