// What stands around a tag, as far as it decides when a browser loads its references; followed from
// the tags alone, without a tree.
#pragma once

#include <cstddef>

#include "media/html_places.h"
#include "media/reference.h"

namespace halftone {

class HtmlTag;

class HtmlContext {
 public:
  // `outermost`: the soonest that anything in this text is loaded.
  explicit HtmlContext(Loading outermost) : outermost_(outermost) {}

  // Notes a start tag of an HTML element, or an end tag.
  void start_tag(Role role, const HtmlTag& tag);
  void end_tag(Role role);

  // The soonest that a reference here is loaded: never in <noscript>, which means nothing where
  // scripts run, and by a script in a <template>, unless it makes a shadow tree.
  Loading soonest() const;
  // True where images are not shown by the markup alone.
  bool is_lazy() const { return soonest() >= Loading::kByScript; }
  bool in_picture() const { return in_picture_; }

  // When the reference at a place of this element is loaded. `foreign`: it is of SVG or MathML.
  Loading loading(const Place& place, Role role, const HtmlTag& tag, bool foreign) const;

 private:
  Loading own_loading(const Place& place, Role role, const HtmlTag& tag) const;

  Loading outermost_;
  size_t templates_ = 0;
  size_t inert_from_ = 0;  // the depth of the outermost template that holds no document; 0: none
  bool in_noscript_ = false, in_picture_ = false, in_media_ = false;
  bool media_waits_ = false;  // preload=none
  bool has_frameset_ = false;
};

}  // namespace halftone
