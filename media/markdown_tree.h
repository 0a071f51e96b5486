// What cmark-gfm makes of Markdown, as values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// Past some sizes cmark-gfm 0.29 takes time that grows with the square.
struct MarkdownLimits {
  bool readable = true;  // false: a body past all reason, which cmark-gfm must not see
  bool tables = true, autolinks = true, footnotes = true;
};

MarkdownLimits measure_markdown(std::string_view body);

struct MarkdownLink {
  std::string url;  // as cmark-gfm reads it
  bool is_image = false;
  bool is_auto = false;  // its text is its URL
  bool in_alt = false;   // inside of an image's description, where it is text
  std::string alt;
};

struct MarkdownBlock {
  enum class Type { kParagraph, kHeading, kUnderlinedHeading, kCell, kCode, kHtml };
  Type type;
  // From 1. cmark-gfm's last line is one too many of an underlined heading that something follows
  // at once; for raw HTML, `html` tells.
  int first_line, last_line;
  int first_column, last_column;
  int quotes;        // block quotes around it
  std::string html;  // of raw HTML, without the marks of the blocks around it
};

struct MarkdownTree {
  std::vector<MarkdownLink> links;  // in the order in which they end; footnotes come last
  std::vector<MarkdownBlock> blocks;
};

// `limits` are those of the body, or of one it was made from. The body must be readable.
MarkdownTree parse_markdown(std::string_view body, const MarkdownLimits& limits);

std::string markdown_to_html(std::string_view body, const MarkdownLimits& limits);

// A destination as cmark-gfm reads it: character references, then, save in <https://…>,
// backslashes.
std::string markdown_unescaped(std::string_view written, bool backslashes);

}  // namespace halftone
