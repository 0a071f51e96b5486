// Whether markup stands in SVG or MathML, told from tags alone.
#pragma once

#include <string_view>
#include <vector>

namespace halftone {

struct HtmlToken;

// Follows the open elements of SVG and MathML and the integration points in them, where HTML
// begins again (WHATWG HTML, 13.2.6). HTML's own elements are not followed: an end tag of one that
// usually holds others is believed to end what stands outside, and with it an <svg> left open.
class ForeignContent {
 public:
  bool empty() const { return open_.empty(); }

  // True where a start tag would make an SVG or MathML element.
  bool active() const { return !open_.empty() && !open_.back().html; }

  // True where the innermost of them is MathML's.
  bool is_mathml() const { return !open_.empty() && !open_.back().svg; }

  // True where <![CDATA[ begins a CDATA section (13.2.5.42).
  bool cdata_counts() const { return active() || (!open_.empty() && open_.back().cdata); }

  // Notes a start tag; true where its element is foreign, so that it holds no raw text.
  bool start_tag(const HtmlToken& tag);
  void end_tag(const HtmlToken& tag);

 private:
  struct Element {
    std::string_view name;  // as written
    bool html;              // an integration point
    bool cdata;             // one that usually holds text, not elements
    bool svg;
  };

  void open(const HtmlToken& tag, const Element& element);
  void break_out();
  bool close(std::string_view name);

  std::vector<Element> open_;  // outermost first; bounded
  size_t deeper_ = 0;          // those beyond the bound
};

}  // namespace halftone
