// References in CSS (CSS Syntax Level 3 tokens).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/reference.h"

namespace halftone {

// A URL found in CSS, before it is resolved.
struct CssUrl {
  std::string value;  // escapes decoded
  Span span;          // of the value in the CSS text, without quotes and url()
  Escape escape;      // kCssUrl, kCssDoubleQuoted, kCssSingleQuoted
  Kind kind;  // kStylesheet (@import), kFont (in @font-face), kImageCandidate (image-set), kImage
  bool is_string;          // written as a plain string, without url()
  std::string descriptor;  // image-set: "2x", lower case; empty where there is none
  std::string property;    // "background-image", "@import", "src"; empty where unknown
  bool rejected = false;   // an @import that stands too late: browsers ignore it
};

// Every URL in a style sheet or, with `declarations`, in a style attribute. Comments, bad strings
// and bad URLs are passed over as the standard's recovery does; any input gets an answer in linear
// time. Empty URLs are left out.
std::vector<CssUrl> find_css_urls(std::string_view css, bool declarations = false);

// The kind as references tell it: kCssString for plain strings, else as unfetched_kind() says.
Kind reference_kind(const CssUrl& url);

}  // namespace halftone
