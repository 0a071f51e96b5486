// Sitemaps (https://www.sitemaps.org/protocol.html): lists of a site's pages, in XML with the
// extensions for images, video, news and languages; indexes of sitemaps; a URL a line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/error.h"
#include "media/reference.h"
#include "media/time.h"
#include "media/url.h"

namespace halftone {

struct SitemapEntry {
  std::string url;  // absolute
  std::optional<Time> date;
  std::string title;                    // of news or video
  std::vector<std::string> categories;  // news:keywords, video:category and video:tag
  std::vector<std::string> images;      // image:loc, video:thumbnail_loc
  std::vector<std::string> enclosures;  // video:content_loc
};

struct Sitemap {
  enum class Type { kPages, kIndex, kText };
  Type type = Type::kPages;
  std::vector<SitemapEntry> entries;  // in the sitemap's order
  std::vector<std::string> warnings;  // for people
};

// A feed is read as a sitemap of its entries, and what is there of a damaged gzip stream, with a
// warning. kInvalid: no sitemap in these bytes.
Result<Sitemap> parse_sitemap(std::string_view bytes, const Url& base);

// Pages (kPage; sitemaps of an index are kOther), images, media and their posters. `text` is
// decoded and not compressed; spans in the result are in the bytes it was decoded from.
std::vector<Reference> find_sitemap_references(const SourceText& text, const Url& document_url,
                                               std::string_view charset);

}  // namespace halftone
