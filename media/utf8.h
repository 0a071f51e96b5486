// Well-formed UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace halftone {

bool is_valid_utf8(std::string_view text);

// How many bytes of it are well-formed before the first ill-formed sequence.
size_t valid_utf8_size(std::string_view text);

// `text` with each ill-formed sequence replaced by U+FFFD, as WHATWG decoders do it.
std::string to_valid_utf8(std::string_view text);

// The first `size` bytes at most, not cut inside a character.
std::string_view utf8_head(std::string_view text, size_t size);

// Appends the UTF-8 form of a scalar value.
void append_utf8(std::string& out, char32_t c);

}  // namespace halftone
