// The decoders and encoders of the Encoding Standard, 9 to 14. Each decoder answers with text in
// UTF-8 that knows its bytes; each encoder takes UTF-8 and writes what it lacks as "&#NNN;".
#pragma once

#include <string>
#include <string_view>

#include "media/charset_index.h"
#include "media/source_text.h"

namespace halftone {

SourceText decode_single_byte(std::string_view bytes, const ByteIndex& index);
SourceText decode_gb18030(std::string_view bytes);
SourceText decode_big5(std::string_view bytes);
SourceText decode_euc_kr(std::string_view bytes);
SourceText decode_euc_jp(std::string_view bytes);
SourceText decode_shift_jis(std::string_view bytes);

// An escape sequence belongs to no character, unless it returns to ASCII: then it belongs to what
// it ends, so that a replacement of those bytes leaves the state as it was.
SourceText decode_iso_2022_jp(std::string_view bytes);

// From `from` on: a byte order mark is the caller's.
SourceText decode_utf16(std::string_view bytes, size_t from, bool big_endian);

std::string encode_single_byte(std::string_view utf8, const ByteIndex& index);
std::string encode_gb18030(std::string_view utf8, bool is_gbk);
std::string encode_big5(std::string_view utf8);
std::string encode_euc_kr(std::string_view utf8);
std::string encode_euc_jp(std::string_view utf8);
std::string encode_shift_jis(std::string_view utf8);
std::string encode_iso_2022_jp(std::string_view utf8);
std::string encode_utf16(std::string_view utf8, bool big_endian);

}  // namespace halftone
