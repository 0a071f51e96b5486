// Whether markup stands in SVG or MathML, told from tags alone.
#pragma once

#include <string_view>
#include <vector>

namespace halftone {

struct HtmlToken;

// Follows the open <svg> and <math> elements and the integration points in them, where HTML
// begins again (WHATWG HTML, 13.2.6). No tree is built, so tags that a tree builder would
// ignore for their place are believed.
class ForeignContent {
 public:
  bool empty() const { return open_.empty(); }

  // True where a start tag would make an SVG or MathML element.
  bool active() const { return !open_.empty() && !open_.back().html; }

  // True where <![CDATA[ begins a CDATA section (13.2.5.42).
  bool cdata_counts() const { return active() || (!open_.empty() && open_.back().cdata); }

  // Notes a start tag; true where its element is foreign, so that it holds no raw text.
  bool start_tag(const HtmlToken& tag);
  void end_tag(const HtmlToken& tag);

 private:
  struct Element {
    std::string_view name;  // lower case
    bool html;              // an integration point
    bool cdata;             // one that usually holds text, not elements
    bool svg;
  };

  void open(const HtmlToken& tag, const Element& element);
  void break_out();

  std::vector<Element> open_;  // outermost first; bounded
};

}  // namespace halftone
