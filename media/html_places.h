// Where URLs stand in HTML: which attribute of which element, what it asks for, and when.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "media/html_names.h"
#include "media/reference.h"

namespace halftone {

class HtmlTag;

// How an attribute's value is read.
enum class Syntax : uint8_t {
  kUrl,
  kUrls,  // separated by blanks
  kSrcset,
  kLink,        // <link href>: rel decides
  kMeta,        // <meta content>: property, name or itemprop decides
  kPlugin,      // <object data>, <embed src>: an image, a page or other media
  kImageInput,  // <input src>: only where type=image
  kSrcdoc,      // a document
};

// In which elements of that name: <image> is another element in SVG than in HTML.
enum class World : uint8_t { kHtml, kForeign, kAny };

struct Place {
  std::string_view element;
  Attr attribute;
  Kind kind;
  Loading loading;
  World world = World::kHtml;
  Syntax syntax = Syntax::kUrl;
};

// What else an element means to a scanner.
enum class Role : uint8_t {
  kNone,
  kBase,
  kFrame,
  kFrameset,
  kImage,
  kLink,
  kMedia,
  kMeta,
  kNoscript,
  kPicture,
  kScript,
  kSource,
  kStyle,
  kTemplate,
  kTrack,
};

struct Element {
  Role role = Role::kNone;
  std::span<const Place> places;
};

// The element of that name, in any letter case.
Element find_element(std::string_view name);

struct Asked {
  Kind kind;
  Loading loading;
};

// True where an element that holds an item (WHATWG HTML, 5.2) says that it is an image.
bool is_image_item(const HtmlTag& tag);

// What <link href> asks for, by rel, as and type.
Asked link_asks(const HtmlTag& link);

// What <meta content> asks for where it is a URL.
std::optional<Kind> meta_kind(const HtmlTag& meta);

// Where the URL stands in <meta http-equiv=refresh content="5; url='…'">; empty where there is
// none.
Span refresh_url(std::string_view content);

// W3C Referrer Policy, 8.2, and the older names of <meta name=referrer>.
ReferrerPolicy meta_referrer_policy(std::string_view content);

}  // namespace halftone
