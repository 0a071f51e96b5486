// Which of the URLs of an <img> is its picture.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/reference.h"

namespace halftone {

struct HtmlToken;

// The picture that a tag shows.
struct ShownPicture {
  std::string url;       // empty where there is none worth showing
  bool is_lazy = false;  // a script puts it in place, so it is no placeholder
};

// `tag` stands at `span` of the document whose `references` these are, in its order.
ShownPicture shown_picture(const HtmlToken& tag, Span span,
                           const std::vector<Reference>& references);

// True for a tag that stands for a spacer, an icon, a face or a counter.
bool is_ornament(const HtmlToken& tag);

// By its class or what it says of itself.
bool is_logo(const HtmlToken& tag);

// True where two addresses differ by what asks for another size at most: /max/60/a.jpg and
// /max/1400/a.jpg, a-300x200.png and a.png, a.jpg?w=60 and a.jpg?w=600.
bool is_same_picture(std::string_view a, std::string_view b);

// By its address: a spacer, a face, an emoji, a counter.
bool is_ornament_url(std::string_view url);

// By its address: a logo, or what a site shows for want of a picture.
bool is_logo_url(std::string_view url);

}  // namespace halftone
