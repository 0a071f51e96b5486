// What bytes that nothing declares look like: a second opinion beside ICU's, which needs more text
// than a title has.
#pragma once

#include <string_view>

namespace halftone {

// The encoding whose common characters the bytes are made of: GBK, gb18030, Big5, EUC-JP,
// Shift_JIS, EUC-KR, windows-874, or one of those of Russian; empty where none is likely. Tags and
// ASCII say nothing. `bytes` may end inside of a character.
std::string_view guess_encoding(std::string_view bytes);

// A guess of ICU's about such bytes, corrected: by what the encoding's superset on the web is
// called, and by the languages that ICU does not know.
std::string_view refined_guess(std::string_view guess, std::string_view bytes);

// True where GBK's pairs cannot hold the bytes, but gb18030's four bytes a character can.
bool has_four_byte_characters(std::string_view bytes);

}  // namespace halftone
