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

// As many bytes as can be had, at most `limit`; `fault` says why there are no more, and is empty
// where that was all.
struct Inflated {
  std::string content, fault;
};
Inflated gunzip_what_is_there(std::string_view bytes, size_t limit);

// The first `size` bytes, or as many as can be had.
std::string gunzip_head(std::string_view bytes, size_t size);

}  // namespace halftone
