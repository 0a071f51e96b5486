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
  Span span;          // of the destination in the text; empty where its bytes cannot be told
  Escape escape;      // kMarkdownUrl, kMarkdownAngled or kMarkdownAutolink
  bool is_image = false;
  std::string alt;
  // Meant, but plain text: an image with blanks in its destination, and what stands in the
  // description of an image.
  bool rejected = false;
};

struct MarkdownScan {
  // In document order, those with an empty span first; those of reference definitions where they
  // are defined, once, and only where used. No two share bytes.
  std::vector<MarkdownUrl> urls;
  // Raw HTML blocks and inlines, in order and without the marks of quotes: where scanning for HTML
  // references must look.
  std::vector<Span> html;
  // Code blocks and code spans, in order.
  std::vector<Span> code;
};

// Reads `body` (no front matter). A body that is one HTML element is HTML from end to end, whatever
// Markdown it holds beside. Of one past all reason (4 MiB, 20,000 brackets, blocks 500 deep) all is
// listed that could be meant.
MarkdownScan scan_markdown(std::string_view body);

// One half of scan_markdown each.
std::vector<MarkdownUrl> find_markdown_urls(std::string_view body);
std::vector<Span> find_raw_html(std::string_view body);

// HTML of the body. Raw HTML passes through untouched, since it is the article. A body that
// is one HTML element, however indented, stays HTML and never becomes a code block, unless it holds
// links or images of Markdown.
std::string render_markdown(std::string_view body);

}  // namespace halftone
