// The web as a source of blobs that an archive has lost.
#pragma once

#include <functional>
#include <memory>

#include "crawler/fetcher.h"
#include "store/repair.h"

namespace halftone {

// Asks once more for the URLs that had a wanted blob, one after the other. What a host sends now
// may be something else: only the digest decides. `fetcher` must outlive it; `keep_going` ends it
// early.
std::unique_ptr<RepairSource> make_web_source(Fetcher& fetcher, std::function<bool()> keep_going);

}  // namespace halftone
