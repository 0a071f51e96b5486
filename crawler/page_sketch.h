// The outline of an HTML page that tells stand-ins from articles.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

namespace halftone {

// All texts are in lower case as far as they are ASCII, with single spaces.
struct PageSketch {
  std::string title;
  std::string text;  // the page's own: without links, menus, headers, footers, forms' choices; its
                     // first 4 KiB
  size_t text_size = 0;  // of all of it, without spaces, in bytes
  std::string code;      // addresses of scripts, frames and forms, ids, and inline scripts
  size_t scripts = 0;    // elements
  size_t images = 0;
  bool has_password = false;
  bool has_refresh = false;  // <meta http-equiv=refresh> with an address
};

// `html`: bytes in any encoding; the first 64 KiB are read, or less where more than `enough` bytes
// of text have come: who says so much is no stand-in. `charset`: HTTP's, or empty.
PageSketch sketch_page(std::string_view html, std::string_view charset,
                       size_t enough = std::numeric_limits<size_t>::max());

}  // namespace halftone
