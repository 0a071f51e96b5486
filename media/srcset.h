// srcset attributes (WHATWG HTML, "parse a srcset attribute").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"

namespace halftone {

struct SrcsetCandidate {
  Span url;                // in the attribute's decoded value
  std::string descriptor;  // as written, "2x", "640w 480h"; empty where there is none
  bool rejected = false;   // its descriptors are in error, so a browser drops it
};

// Every candidate in order, rejected ones too.
std::vector<SrcsetCandidate> parse_srcset(std::string_view value);

}  // namespace halftone
