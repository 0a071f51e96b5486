// Base64 (RFC 4648, 4 and 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace halftone {

// Either alphabet, with or without padding, blanks passed over. Nothing where it is none.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);

}  // namespace halftone
