// Feeds: RSS 0.9x, 1.0 (RDF) and 2.0, Atom 0.3 and 1.0, JSON Feed 1 and 1.1, with the extensions of
// Media RSS, iTunes, Dublin Core and content:encoded. Read as they are found, ill-formed or not.
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

struct FeedEntry {
  std::string id;     // as written; where there is none, the URL
  std::string url;    // of the article itself, absolute; empty where nothing says it
  std::string title;  // plain text
  std::string author;
  std::optional<Time> date;  // of publication, else of the last change
  std::vector<std::string> categories;
  // URLs in the entry's order, each once: of media:*, itunes:image and enclosures, and in content …
  std::vector<std::string> images;
  std::vector<std::string> enclosures;  // … and of media that are no images
};

struct Feed {
  enum class Type { kRss, kRdf, kAtom, kJson };
  Type type = Type::kRss;
  std::string title;
  std::vector<FeedEntry> entries;     // in the feed's order
  std::vector<std::string> warnings;  // for people
};

// `http_charset`: of the Content-Type, empty where none was sent. Entities of the feed's own are
// not expanded, nothing external is loaded. kInvalid: no feed in these bytes.
Result<Feed> parse_feed(std::string_view bytes, const Url& base,
                        std::string_view http_charset = {});

// JSON of a type that does not say so: an object that names the version of JSON Feed in its head,
// where its standard asks for it.
bool is_json_feed(std::string_view essence, std::string_view bytes);

// Every reference: pages (items, channel, comments), feeds (self, next, hub: kOther), images,
// media, and what the HTML of its entries refers to, escaped or in CDATA. `text` is decoded; spans
// in the result are in the bytes it was decoded from.
std::vector<Reference> find_feed_references(const SourceText& text, const Url& document_url,
                                            std::string_view charset);

}  // namespace halftone
