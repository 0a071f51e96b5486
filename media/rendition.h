// The picture behind a rendition: CDNs write the transformation into the URL, so the URL of what
// was transformed can be read off it.
#pragma once

#include <string>
#include <vector>

#include "media/url.h"

namespace halftone {

// URLs that probably answer with the original of the picture at `url`, best first; none where the
// URL names no transformation that is known. They are guesses: each may be missing on the server.
std::vector<std::string> originals_of(const Url& url);

}  // namespace halftone
