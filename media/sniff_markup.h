// Telling HTML, XHTML, SVG, feeds and other XML by how they begin.
#pragma once

#include <string_view>

namespace halftone {

struct Markup {
  std::string_view type;  // empty: no markup
  // A document for certain: it has a doctype, an XML declaration or a root element. A comment or a
  // <div> may begin Markdown, and "<!--" even a style sheet.
  bool certain = false;
};

// `text` is in an encoding that extends ASCII, without a byte order mark.
Markup sniff_markup(std::string_view text);

// What follows XML's declaration, comments, instructions and the doctype: `text` from the root
// element on, or from whatever stands in its place.
std::string_view root_element(std::string_view text);

}  // namespace halftone
