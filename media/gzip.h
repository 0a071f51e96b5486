// gzip (RFC 1952), as sitemaps come in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "media/error.h"

namespace halftone {

bool is_gzip(std::string_view bytes);

// All members, decompressed. kTooLarge: more than `limit` bytes; kInvalid: damaged, or cut.
Result<std::string> gunzip(std::string_view bytes, size_t limit);

// The first `size` bytes, or as many as can be had.
std::string gunzip_head(std::string_view bytes, size_t size);

}  // namespace halftone
