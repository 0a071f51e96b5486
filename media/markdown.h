// Markdown (GitHub's dialect, by cmark-gfm) with raw HTML inside.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/reference.h"

namespace halftone {

// A link or image that Markdown itself writes; what stands in raw HTML is not listed here.
struct MarkdownUrl {
  std::string value;  // escapes decoded
  Span span;          // of the destination in the text
  Escape escape;      // kMarkdownUrl, kMarkdownAngled or kMarkdownAutolink
  bool is_image = false;
  std::string alt;
  bool rejected = false;  // an image with blanks in its destination: meant, but plain text
};

struct MarkdownScan {
  // In document order; those of reference definitions where they are defined, once, and only where
  // used. A destination whose exact bytes cannot be told is left out.
  std::vector<MarkdownUrl> urls;
  // Raw HTML blocks and inlines, in order: where scanning for HTML references must look.
  std::vector<Span> html;
  // Code blocks and code spans, in order.
  std::vector<Span> code;
};

// Reads `body` (no front matter). A body that is one HTML element, and one past all reason (4 MiB,
// 20,000 brackets, blocks 500 deep), is HTML from end to end.
MarkdownScan scan_markdown(std::string_view body);

// One half of scan_markdown each.
std::vector<MarkdownUrl> find_markdown_urls(std::string_view body);
std::vector<Span> find_raw_html(std::string_view body);

// HTML of the body. Raw HTML passes through untouched, since it is the article. A body that
// is one HTML element, however indented, stays HTML and never becomes a code block.
std::string render_markdown(std::string_view body);

}  // namespace halftone
