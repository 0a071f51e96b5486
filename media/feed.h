// Feeds: RSS 0.9x/1.0/2.0 and Atom, read by libxml2 in its recovering mode.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "media/time.h"
#include "media/url.h"

namespace halftone {

struct FeedEntry {
  std::string id, url, title;
  std::optional<Time> date;
};

struct Feed {
  std::string title;
  std::vector<FeedEntry> entries;  // in the feed's order
};

// Entities are not expanded, nothing external is loaded. kInvalid: no feed in these bytes.
Result<Feed> parse_feed(std::string_view bytes, const Url& base);

}  // namespace halftone
