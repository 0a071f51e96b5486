// The picture behind a rendition: CDNs write the transformation into the URL, so the URL of what
// was transformed can be read off it.
#pragma once

#include <string>
#include <vector>

#include "media/reference.h"
#include "media/url.h"

namespace halftone {

// URLs that probably answer with the original of the picture at `url`, best first; none where the
// URL names no transformation that is known, or where a signature holds for this very URL. They
// are guesses: each may be missing on the server. Absolute, http or https, never `url` itself.
std::vector<std::string> originals_of(const Url& url);

// Puts the originals of the pictures right behind the references to them, as candidates that
// share the span and say `origin_of`; each URL once, and none that the document names itself.
// There are never more than `most` references afterwards, or as many as before.
void add_originals(std::vector<Reference>& references, size_t most);

}  // namespace halftone
