// The references of an HTML document and of those inside it, as they are found.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/html_references.h"
#include "media/reference.h"
#include "media/url.h"

namespace halftone {

// URLs are resolved in the end, when every <base> is known; those that a browser asks for at once,
// against the base that was known where they stand.
class HtmlFindings {
 public:
  explicit HtmlFindings(size_t text_size);

  // A document that stands in another; the first is the outermost. Returns its number.
  size_t open_document(size_t parent);

  // <base href> of a document, once it is known.
  std::optional<std::string>& base(size_t document) { return documents_[document].base; }

  // A reference of that document, to be filled in; null where there are too many. `at_once`: a
  // <base> that follows comes too late for it.
  Reference* add(size_t document, bool at_once);

  HtmlReferences resolved(const Url& document_url, std::string_view charset) &&;

  std::vector<Reference> references;
  ReferrerPolicy referrer_policy = ReferrerPolicy::kUnset;
  bool cut = false;  // there were more references

 private:
  // Which base counts at a place.
  struct Place {
    size_t document;
    bool before_base;  // the document's own is not known yet, and will not be waited for
  };

  struct Document {
    std::optional<std::string> base;  // <base href>, once it is known
    Place parent;                     // where it stands
  };

  Place place(size_t document, bool at_once) const {
    return {document, at_once && !documents_[document].base};
  }

  std::vector<Place> places_;  // of each reference
  std::vector<Document> documents_;
};

}  // namespace halftone
