#include <algorithm>
#include <optional>

#include <unicode/utf8.h>

#include "media/charset_codecs.h"

namespace halftone {
namespace {

// The character at `i`, and moves behind it; U+FFFD for what is no UTF-8.
char32_t next_character(std::string_view utf8, size_t& i) {
  char32_t c = 0;
  U8_NEXT_OR_FFFD(utf8.data(), i, utf8.size(), c);
  return c;
}

void append_reference(std::string& out, char32_t c) {
  out += "&#" + std::to_string(static_cast<uint32_t>(c)) + ";";
}

void append_byte(std::string& out, size_t byte) { out += static_cast<char>(byte); }

void append_pair(std::string& out, size_t lead, size_t trail) {
  append_byte(out, lead);
  append_byte(out, trail);
}

// `write(out, c)` appends a character that is not ASCII; false where the encoding lacks it.
template <class Write>
std::string encode_each(std::string_view utf8, Write write) {
  std::string out;
  out.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    const char32_t c = next_character(utf8, i);
    if (c < 0x80) {
      append_byte(out, c);
    } else if (!write(out, c)) {
      append_reference(out, c);
    }
  }
  return out;
}

const PointerIndex& gb18030_pointers() {
  static const PointerIndex index(gb18030_index(), 0, 0);
  return index;
}

const PointerIndex& gb18030_range_pointers() {
  static const PointerIndex index(gb18030_ranges(), 0, 0);
  return index;
}

// "Index Big5 pointer": without the extensions of Hong Kong's that stand before the rest.
const PointerIndex& big5_pointers() {
  static const PointerIndex index(big5_index(), 0, (0xA1 - 0x81) * 157);
  return index;
}

const PointerIndex& euc_kr_pointers() {
  static const PointerIndex index(euc_kr_index(), 0, 0);
  return index;
}

const PointerIndex& jis0208_pointers() {
  static const PointerIndex index(jis0208_index(), 0, 0);
  return index;
}

// "Index Shift_JIS pointer": without NEC's copies of IBM's extensions.
const PointerIndex& shift_jis_pointers() {
  static const PointerIndex index(jis0208_index(), 8272, 8836);
  return index;
}

// What GB 18030-2022 took two bytes from, which its encoder still writes so
// ("gb18030 encoder", step 5).
struct Moved {
  char16_t character;
  uint16_t code;
};
constexpr Moved kMoved[] = {
    {0xE78D, 0xA6D9}, {0xE78E, 0xA6DA}, {0xE78F, 0xA6DB}, {0xE790, 0xA6DC}, {0xE791, 0xA6DD},
    {0xE792, 0xA6DE}, {0xE793, 0xA6DF}, {0xE794, 0xA6EC}, {0xE795, 0xA6ED}, {0xE796, 0xA6F3},
    {0xE81E, 0xFE59}, {0xE826, 0xFE61}, {0xE82B, 0xFE66}, {0xE82C, 0xFE67}, {0xE832, 0xFE6D},
    {0xE843, 0xFE7E}, {0xE854, 0xFE90}, {0xE864, 0xFEA0},
};

void append_four_bytes(std::string& out, size_t pointer) {
  append_pair(out, pointer / 12600 + 0x81, pointer / 1260 % 10 + '0');
  append_pair(out, pointer / 10 % 126 + 0x81, pointer % 10 + '0');
}

bool write_gb18030(std::string& out, char32_t c, bool is_gbk) {
  if (c == 0xE5E5) return false;
  if (is_gbk && c == 0x20AC) {
    append_byte(out, 0x80);
    return true;
  }
  const auto moved = std::find_if(std::begin(kMoved), std::end(kMoved),
                                  [c](const Moved& row) { return row.character == c; });
  if (moved != std::end(kMoved)) {
    append_pair(out, moved->code >> 8, moved->code & 0xFF);
    return true;
  }
  if (const auto pointer = gb18030_pointers().first(c)) {
    const size_t trail = *pointer % 190;
    append_pair(out, *pointer / 190 + 0x81, trail + (trail < 0x3F ? 0x40 : 0x41));
    return true;
  }
  if (is_gbk) return false;
  if (c >= 0x10000) {
    append_four_bytes(out, c - 0x10000 + 189000);
  } else if (const auto pointer = gb18030_range_pointers().first(c)) {
    append_four_bytes(out, *pointer);
  } else {
    return false;
  }
  return true;
}

bool write_big5(std::string& out, char32_t c) {
  const bool takes_last =
      c == 0x2550 || c == 0x255E || c == 0x2561 || c == 0x256A || c == 0x5341 || c == 0x5345;
  const auto pointer = takes_last ? big5_pointers().last(c) : big5_pointers().first(c);
  if (!pointer) return false;
  const size_t trail = *pointer % 157;
  append_pair(out, *pointer / 157 + 0x81, trail + (trail < 0x3F ? 0x40 : 0x62));
  return true;
}

bool write_euc_kr(std::string& out, char32_t c) {
  const auto pointer = euc_kr_pointers().first(c);
  if (!pointer) return false;
  append_pair(out, *pointer / 190 + 0x81, *pointer % 190 + 0x41);
  return true;
}

bool is_half_katakana(char32_t c) { return c >= 0xFF61 && c <= 0xFF9F; }

// What Japanese encodings write with one byte that ASCII has for another character; 0 for the rest.
char roman_byte(char32_t c) { return c == 0xA5 ? '\x5C' : c == 0x203E ? '\x7E' : '\0'; }

bool write_euc_jp(std::string& out, char32_t c) {
  if (const char byte = roman_byte(c)) {
    out += byte;
  } else if (is_half_katakana(c)) {
    append_pair(out, 0x8E, c - 0xFF61 + 0xA1);
  } else {
    const auto pointer = jis0208_pointers().first(c == 0x2212 ? 0xFF0D : c);
    if (!pointer) return false;
    append_pair(out, *pointer / 94 + 0xA1, *pointer % 94 + 0xA1);
  }
  return true;
}

bool write_shift_jis(std::string& out, char32_t c) {
  if (c == 0x80) {
    append_byte(out, 0x80);
  } else if (const char byte = roman_byte(c)) {
    out += byte;
  } else if (is_half_katakana(c)) {
    append_byte(out, c - 0xFF61 + 0xA1);
  } else {
    const auto pointer = shift_jis_pointers().first(c == 0x2212 ? 0xFF0D : c);
    if (!pointer) return false;
    const size_t lead = *pointer / 188, trail = *pointer % 188;
    append_pair(out, lead + (lead < 0x1F ? 0x81 : 0xC1), trail + (trail < 0x3F ? 0x40 : 0x41));
  }
  return true;
}

// index-iso-2022-jp-katakana.txt: half-width katakana in full width, from U+FF61 on.
constexpr char16_t kFullKatakana[] =
    u"。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"
    u"マミム"
    u"メモヤユヨラリルレロワン゛゜";

// "ISO-2022-JP encoder".
class Iso2022JpEncoder {
 public:
  std::string run(std::string_view utf8) {
    for (size_t i = 0; i < utf8.size();) write(next_character(utf8, i));
    enter(kAscii);
    return std::move(out_);
  }

 private:
  static constexpr std::string_view kAscii = "\x1B(B", kRoman = "\x1B(J", kTwoBytes = "\x1B$B";

  void enter(std::string_view state) {
    if (state_ != state) out_ += state;
    state_ = state;
  }

  void write(char32_t c) {
    const bool is_shift = c == 0x0E || c == 0x0F || c == 0x1B;
    if (c < 0x80 && !is_shift) {
      const bool is_roman = state_ == kRoman && c != 0x5C && c != 0x7E;
      if (!is_roman) enter(kAscii);
      append_byte(out_, c);
    } else if (const char byte = roman_byte(c)) {
      enter(kRoman);
      out_ += byte;
    } else if (is_shift) {
      lacks(0xFFFD);
    } else if (const auto pointer = jis0208_pointers().first(full_width(c))) {
      enter(kTwoBytes);
      append_pair(out_, *pointer / 94 + 0x21, *pointer % 94 + 0x21);
    } else {
      lacks(c);
    }
  }

  static char32_t full_width(char32_t c) {
    if (is_half_katakana(c)) return kFullKatakana[c - 0xFF61];
    return c == 0x2212 ? 0xFF0D : c;
  }

  // A reference is ASCII, which Roman can write as well.
  void lacks(char32_t c) {
    if (state_ == kTwoBytes) enter(kAscii);
    append_reference(out_, c);
  }

  std::string out_;
  std::string_view state_ = kAscii;
};

}  // namespace

std::string encode_single_byte(std::string_view utf8, const ByteIndex& index) {
  return encode_each(utf8, [&](std::string& out, char32_t c) {
    const auto found = std::find(index.begin(), index.end(), c);
    if (found == index.end()) return false;
    append_byte(out, static_cast<size_t>(found - index.begin()) + 0x80);
    return true;
  });
}

std::string encode_gb18030(std::string_view utf8, bool is_gbk) {
  return encode_each(utf8,
                     [&](std::string& out, char32_t c) { return write_gb18030(out, c, is_gbk); });
}

std::string encode_big5(std::string_view utf8) { return encode_each(utf8, write_big5); }
std::string encode_euc_kr(std::string_view utf8) { return encode_each(utf8, write_euc_kr); }
std::string encode_euc_jp(std::string_view utf8) { return encode_each(utf8, write_euc_jp); }
std::string encode_shift_jis(std::string_view utf8) { return encode_each(utf8, write_shift_jis); }
std::string encode_iso_2022_jp(std::string_view utf8) { return Iso2022JpEncoder().run(utf8); }

std::string encode_utf16(std::string_view utf8, bool big_endian) {
  std::string out;
  const auto unit = [&](char32_t u) {
    append_pair(out, big_endian ? u >> 8 : u & 0xFF, big_endian ? u & 0xFF : u >> 8);
  };
  for (size_t i = 0; i < utf8.size();) {
    const char32_t c = next_character(utf8, i);
    if (c < 0x10000) {
      unit(c);
    } else {
      unit(0xD7C0 + (c >> 10));
      unit(0xDC00 + (c & 0x3FF));
    }
  }
  return out;
}

}  // namespace halftone
