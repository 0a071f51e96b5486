// The references of one document as a scanner finds them: resolved, classified, bounded.
#pragma once

#include <string_view>
#include <vector>

#include "media/reference.h"
#include "media/url.h"

namespace halftone {

// A document of more references than this is an attack; what follows is passed over, aloud.
constexpr size_t kMostReferences = 200'000;

class ReferenceList {
 public:
  // Both must outlive the list. `charset`: the document's WHATWG encoding name, for queries.
  ReferenceList(const Url& base, std::string_view charset) : base_(base), charset_(charset) {}

  // Adds the reference that is written so at `span` of the document's bytes; blanks around it have
  // been left out. It is resolved against `base`, by default the document's. Null for an empty one
  // and once the list is full; else valid until the next call.
  Reference* add(Kind kind, std::string_view raw, Span span, const Escapes& escapes,
                 const Url* base = nullptr);

  // The same for the whole of a decoded text, whose spans are in the document's bytes, without the
  // blanks around it.
  Reference* add(Kind kind, const SourceText& value, const Escapes& escapes,
                 const Url* base = nullptr);

  // References that were found otherwise, in HTML inside of the document, as far as there is room.
  void append(std::vector<Reference> references);

  bool is_full() const { return references_.size() >= kMostReferences; }
  std::vector<Reference> take() && { return std::move(references_); }

 private:
  const Url& base_;
  std::string_view charset_;
  std::vector<Reference> references_;
};

}  // namespace halftone
