// References of a Markdown file: its front matter, Markdown's own, those of the HTML in it and of
// template tags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/front_matter.h"
#include "media/reference.h"
#include "media/url.h"

namespace halftone {

struct MarkdownReferences {
  Url base;  // after <base href>
  ReferrerPolicy referrer_policy = ReferrerPolicy::kUnset;
  std::vector<Reference> references;  // in document order
  FrontMatter front_matter;           // its spans are in the document's bytes
  std::vector<std::string> warnings;
};

// `text` is the decoded document; spans in the result are in the bytes it was decoded from.
MarkdownReferences find_markdown_references(const SourceText& text, const Url& document_url,
                                            std::string_view charset);

}  // namespace halftone
