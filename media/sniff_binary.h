// Formats that are known by bytes at fixed places.
#pragma once

#include <string_view>

namespace halftone {

// The media type of an image, a medium, a font or an archive; empty where it is none that we know.
std::string_view sniff_binary(std::string_view head);

// WHATWG MIME Sniffing, "binary data byte".
constexpr bool is_binary_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\f' && byte != '\r' &&
         byte != 0x1B;
}

}  // namespace halftone
