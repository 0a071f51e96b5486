// OPML: lists of feeds, as feed readers write them (http://opml.org/spec2.opml).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

struct OpmlFeed {
  std::string url;    // as written
  std::string title;  // plain text; both in UTF-8, whatever the document is in
};

// The feeds of all outlines, in order; one that is no URL at all among them. Ill-formed or not, as
// far as it means anything. kInvalid: no OPML in these bytes.
Result<std::vector<OpmlFeed>> parse_opml(std::string_view bytes);

}  // namespace halftone
