// From bytes to UTF-8, with the way back (WHATWG Encoding Standard).
#pragma once

#include <string>
#include <string_view>

#include "media/source_text.h"

namespace halftone {

// The WHATWG name ("GBK", "windows-1252", "UTF-8") for a label as people write
// it; empty where the label means nothing.
std::string_view encoding_for_label(std::string_view label);

struct Encoding {
  std::string_view name;  // WHATWG name
  std::string_view by;    // "bom", "header", "meta", "detected", "default"
};

// Which encoding a document is in: byte order mark, then HTTP's charset, then
// HTML's meta prescan of the first 1024 bytes (CSS's @charset), then a meta element behind them and
// before the body, then UTF-8 where the bytes are valid UTF-8, then what they look like, to us and
// to ICU, then windows-1252.
Encoding detect_encoding(std::string_view bytes, std::string_view http_charset, bool is_html);

// Decodes to UTF-8 from the encoding of that name or label. UTF-8 input is not copied and not
// checked (the caller's `bytes` must outlive the result); a byte order mark is left out.
SourceText decode(std::string_view bytes, std::string_view label);

// Encodes UTF-8 as the encoding of that name or label; what the encoding lacks becomes a decimal
// character reference (&#8217;), as forms and queries do. Encodings that only decode (UTF-16,
// replacement) give UTF-8.
std::string encode(std::string_view utf8, std::string_view label);

// The same for a piece of a document in that encoding, which UTF-16 can hold, too.
std::string encode_piece(std::string_view utf8, std::string_view label);

// True where the encoding of that name or label has the character, which is given in UTF-8.
bool has_character(std::string_view label, std::string_view character);

}  // namespace halftone
