// Where URLs stand in HTML: which attribute of which element, and what it asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "media/reference.h"

namespace halftone {

struct HtmlToken;

// How an attribute's value is read.
enum class Syntax : uint8_t {
  kUrl,
  kSrcset,
  kLazyUrl,     // a URL only where it looks like one
  kLink,        // <link href>: rel decides
  kMeta,        // <meta content>: property, name or itemprop decides
  kPlugin,      // <object data>, <embed src>: an image or other media
  kImageInput,  // <input src>: only where type=image
  kSrcdoc,      // a document
};

struct Place {
  std::string_view element, attribute;
  Kind kind;
  Syntax syntax = Syntax::kUrl;
};

// The places in an element of that lower-case name.
std::span<const Place> places_in(std::string_view element);

// What <link href> asks for, by rel, as and type.
Kind link_kind(const HtmlToken& link);

// What <meta content> asks for where it is a URL.
std::optional<Kind> meta_kind(const HtmlToken& meta);

// What an URL in this attribute asks for where a script would put it in place: <img data-src>,
// <div data-bg>. Nothing where the value does not look like an image or media. `name` is without
// "data-".
std::optional<Kind> lazy_kind(std::string_view element, std::string_view name,
                              std::string_view value);

// True where one of the blank-separated words of an attribute is `lower_word`.
bool has_word(const HtmlToken& tag, std::string_view attribute, std::string_view lower_word);

}  // namespace halftone
