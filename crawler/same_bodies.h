// The same body under many addresses of a host: a placeholder, or a page that stands for all
// others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/recent_map.h"
#include "media/url.h"
#include "store/digest.h"

namespace halftone {

// What came for one URL.
struct SeenBody {
  enum class Kind : uint8_t {
    kPage,   // HTML where a page was asked for
    kImage,  // an image where an image was asked for
    kOther,  // HTML where an image or another requisite was asked for
  };
  Kind kind = Kind::kPage;
  uint64_t size = 0;               // bytes
  uint32_t width = 0, height = 0;  // of an image, in pixels; 0 where they are not known
};

// Counts under how many different addresses of a host a body comes. Bounded: knows the bodies seen
// last, some megabytes. One thread at a time.
//
// Honest sites repeat bodies, too. These count for nothing: empty bodies; images up to 48 pixels
// high and wide (spacers, icons, flags); portraits, by their addresses (avatar, gravatar, profile
// …), as people without one share one. Images whose files have the same name, and pages that differ
// in their parameters alone, count once. And a body counts only while it is at least half of what
// came from the host: a picture that illustrates many articles is one among others, a placeholder
// comes in place of them.
class SameBodies {
 public:
  static constexpr size_t kMost = 8;  // addresses

  SameBodies();

  // Takes note. Why the body is no answer to `url`, or nothing: from the eighth address on; what
  // came before has to be looked up by its digest. The same URL again changes nothing.
  std::optional<std::string> saw(const Url& url, const Digest& digest, const SeenBody& body);

 private:
  struct Seen {
    std::vector<uint64_t> names;  // hashes, as many as count
    size_t times = 0;
  };
  RecentMap<Seen> bodies_;   // by kind, host and digest
  RecentMap<size_t> hosts_;  // bodies that came, by kind and host
};

}  // namespace halftone
