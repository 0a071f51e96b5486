#include "media/markdown.h"

#include "media/document.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(markdown) {
  const MarkdownScan scan = scan_markdown(input);
  for (const MarkdownUrl& url : scan.urls) must_be_inside(url.span, input.size());
  for (const Span span : scan.html) must_be_inside(span, input.size());
  render_markdown(input);
  const auto whole = scan_document(input, DocumentType::kMarkdown, fuzz_base());
  must_be_sound(whole.references, input.size());
}
