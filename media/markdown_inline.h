// Where Markdown writes destinations, found in its source (CommonMark 0.29, 6, and 4.7).
//
// cmark-gfm tells what a paragraph links to, but not where that is written. This scanner finds
// every place where a destination may stand; the two together give spans that can be trusted.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "media/reference.h"

namespace halftone {

struct MarkdownPlace {
  Span span;  // of the destination, without <>
  Escape escape = Escape::kMarkdownUrl;
  bool is_image = false;
};

// An image that CommonMark does not know for its destination has blanks: ![a](my pic.png "t").
struct MarkdownSpacedImage {
  Span destination, alt;
};

struct MarkdownInlines {
  std::vector<MarkdownPlace> places;  // in order of their ends
  std::vector<Span> html;             // raw tags and comments
  std::vector<Span> code;             // with its backticks
  std::vector<MarkdownSpacedImage> spaced_images;
};

// Scans `region` of `text`: one paragraph, heading or cell. Spans are offsets into `text`. Linear.
MarkdownInlines scan_markdown_inlines(std::string_view text, Span region);

// A link reference definition (4.7).
struct MarkdownDefinition {
  MarkdownPlace place;
  std::string_view label;  // as written
};

// The one in the line that begins at `line`.
std::optional<MarkdownDefinition> find_definition(std::string_view text, size_t line);

// The end of the raw HTML (6.10) that begins with the "<" at `at`; nothing where none does.
std::optional<size_t> raw_html_end(std::string_view text, size_t at);

}  // namespace halftone
