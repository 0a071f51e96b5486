// Pictures that a script puts in place, told by the values of attributes and by strings in JSON.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/json_strings.h"
#include "media/reference.h"
#include "media/srcset.h"

namespace halftone {

// What the URL in an attribute asks for that no standard gives a meaning: <img data-src>,
// <div lazy-bg>. Nothing where the value does not look like an image or media. A name that speaks
// of a picture lets more pass; one that speaks of a text, less.
std::optional<Kind> lazy_kind(std::string_view element, std::string_view name,
                              std::string_view value);

// Where a URL may stand in such an attribute's value, or in a string that a binding holds, as in
// :src="'a.png'" (Vue), [src]="'a.png'" (Angular). Empty where the attribute is code.
struct LazyValue {
  Span span;
  bool in_string = false;
};
LazyValue lazy_value(std::string_view name, std::string_view value);

// True where every candidate of such a value reads as one of a srcset; URLs that look like any word
// do only where the attribute is named so.
bool is_lazy_srcset(std::string_view name, std::string_view value,
                    const std::vector<SrcsetCandidate>& candidates);

// True where what a template engine fills in stands in the value: {{…}}, <%…%>, ${…}.
bool is_filled_in(std::string_view value);

// What a string in JSON asks for; nothing where it is no image. `linked_data`: JSON-LD.
std::optional<Kind> json_kind(std::string_view url, const JsonString& string, bool linked_data);

// True where a string of a script, as written, may hold JSON with URLs in it; `escaped`: there are
// backslashes in it.
bool holds_json(std::string_view literal, bool escaped);

// True where a JSON string, as written, holds an <img> in one of the ways that JSON and JavaScript
// write "<"; `escaped`: some of them may be there.
bool holds_markup(std::string_view json, bool escaped);

}  // namespace halftone
