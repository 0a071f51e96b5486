// Where URLs stand in SVG and in other XML: which attribute of which element, what it asks for.
#pragma once

#include <optional>
#include <string_view>

#include "media/reference.h"

namespace halftone {

struct XmlPlace {
  std::string_view element, attribute;  // local names, lower case
  Kind kind;
  Loading loading;
};

// The place in an element of that local name, both in lower case; null where there is none.
const XmlPlace* find_xml_place(std::string_view element, std::string_view attribute);

// True for attributes that hold CSS values: fill, filter, mask …
bool is_presentation_attribute(std::string_view name);

// href, src, url: may hold a URL also in elements that nobody knows.
bool is_url_attribute(std::string_view name);

// What a value of such an attribute asks for: nothing where it does not look like a URL.
std::optional<Kind> kind_by_look(std::string_view attribute, std::string_view value);

}  // namespace halftone
