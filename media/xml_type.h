// Which documents are XML or playlists, told by media type, name and first bytes.
#pragma once

#include <string_view>

#include "media/document.h"

namespace halftone {

// kSvg (which stands for XML of any sort), kSitemap, kHls, kDash; kFeed and kHtml where the root
// element of what is served as XML says so. kNone: something else, or binary. A gzip stream is
// what is inside of it, where that is a sitemap or SVG.
DocumentType xml_document_type(std::string_view essence, std::string_view name,
                               std::string_view bytes);

}  // namespace halftone
