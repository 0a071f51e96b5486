#include "media/reference_list.h"

#include <algorithm>
#include <iterator>

#include "media/ascii.h"

namespace halftone {

Reference* ReferenceList::add(Kind kind, std::string_view raw, Span span, const Escapes& escapes,
                              const Url* base) {
  if (raw.empty() || is_full()) return nullptr;
  Reference& reference = references_.emplace_back();
  if (const auto url = Url::parse(raw, base ? base : &base_, charset_)) reference.url = url->href();
  // A URL may hide its scheme behind line breaks, which its parser removes.
  const auto unfetched = unfetched_kind(raw);
  reference.kind = unfetched ? *unfetched : unfetched_kind(reference.url).value_or(kind);
  reference.raw = raw;
  reference.span = span;
  reference.escapes = escapes;
  return &reference;
}

Reference* ReferenceList::add(Kind kind, const SourceText& value, const Escapes& escapes,
                              const Url* base) {
  const std::string_view raw = trim(value.text());
  if (raw.empty()) return nullptr;
  const auto from = static_cast<size_t>(raw.data() - value.text().data());
  return add(kind, raw, value.source(from, from + raw.size()), escapes, base);
}

void ReferenceList::append(std::vector<Reference> references) {
  const size_t room = kMostReferences - std::min(references_.size(), kMostReferences);
  if (references.size() > room) references.resize(room);
  std::move(references.begin(), references.end(), std::back_inserter(references_));
}

}  // namespace halftone
