// The door to scanning: what a document is, and every reference it holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/front_matter.h"
#include "media/reference.h"
#include "media/url.h"

namespace halftone {

enum class DocumentType : uint8_t {
  kHtml,
  kCss,
  kMarkdown,
  kFeed,     // RSS, Atom, RDF, JSON Feed
  kSvg,      // and other XML
  kSitemap,  // XML, its index, or lines of text; gzip or not
  kHls,
  kDash,
  kNone,
};

std::string_view to_string(DocumentType type);  // "html"
std::optional<DocumentType> document_type_from_string(std::string_view name);

// By media type ("text/html") and, for text without a telling type, by the
// name's extension (".md") and the bytes' look.
DocumentType document_type(std::string_view essence, std::string_view name, std::string_view bytes);

struct Scan {
  std::string base;     // the URL that relative references were resolved against
  std::string charset;  // WHATWG name
  ReferrerPolicy referrer_policy = ReferrerPolicy::kUnset;  // the document's own (meta referrer)
  std::vector<Reference> references;                        // in document order
  FrontMatter front_matter;                                 // Markdown only
  std::vector<std::string> warnings;
};

// Lists the references of a document in one pass. `base` is the document's own URL;
// `http_charset` the charset of its Content-Type, empty where none was sent.
// Behind the picture references stand guesses at the originals of renditions (media/rendition.h).
// gzip is seen through for XML: spans are then in the decompressed bytes, and a warning says so.
// Any bytes get an answer; what is wrong with them is told in its warnings.
Scan scan_document(std::string_view bytes, DocumentType type, const Url& base,
                   std::string_view http_charset = {});

}  // namespace halftone
