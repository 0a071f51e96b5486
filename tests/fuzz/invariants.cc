#include "tests/fuzz/invariants.h"

#include <algorithm>

#include "media/reference_list.h"
#include "tests/fuzz/target.h"

namespace halftone {

const Url& fuzz_base() {
  static const Url base = *Url::parse("https://site.example/a/page.html?q#f");
  return base;
}

void must_be_inside(Span span, size_t size) {
  MUST(span.from <= span.to);
  MUST(span.to <= size);
}

void must_be_serialised(const std::string& url) {
  if (url.empty()) return;
  const auto again = Url::parse(url);
  MUST(again);
  MUST(again->href() == url);
}

void must_be_sound(const std::vector<Reference>& references, size_t document_size) {
  MUST(references.size() <= kMostReferences);
  for (const Reference& reference : references) {
    must_be_inside(reference.span, document_size);
    must_be_serialised(reference.url);
  }
}

void must_be_mapped(const SourceText& text, size_t document_size) {
  const size_t size = text.text().size();
  must_be_inside(text.source(0, size), document_size);
  size_t last = 0;
  for (size_t i = 0; i < std::min<size_t>(size, 4096); ++i) {
    const Span span = text.source(i, i + 1);
    must_be_inside(span, document_size);
    MUST(span.from >= last);
    last = span.from;
  }
}

}  // namespace halftone
