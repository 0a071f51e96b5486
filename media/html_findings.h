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

// URLs are resolved in the end, when every <base> is known.
class HtmlFindings {
 public:
  explicit HtmlFindings(size_t text_size);

  // A document that stands in another; the first is the outermost. Returns its number.
  size_t open_document(size_t parent);

  // <base href> of a document, once it is known.
  std::optional<std::string>& base(size_t document) { return bases_[document]; }

  // A reference of that document, to be filled in; null where there are too many.
  Reference* add(size_t document);

  HtmlReferences resolved(const Url& document_url, std::string_view charset) &&;

  std::vector<Reference> references;
  ReferrerPolicy referrer_policy = ReferrerPolicy::kUnset;
  bool cut = false;  // there were more references

 private:
  std::vector<size_t> documents_;  // of each reference
  std::vector<std::optional<std::string>> bases_;
  std::vector<size_t> parents_;
};

}  // namespace halftone
