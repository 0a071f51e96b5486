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

// The name of an attribute, without "data-".
struct LazyName {
  std::string_view name;
  bool is_data = false;
};
LazyName lazy_name(std::string_view attribute);

// What the URL in an attribute asks for that no standard gives a meaning: <img data-src>,
// <div lazy-bg>. Nothing where the value does not look like an image or media. A name that speaks
// of a picture lets more pass; one that speaks of a text, less. On <img> and what else has a src,
// a name that says it replaces that lets every path pass.
std::optional<Kind> lazy_kind(std::string_view element, const LazyName& name,
                              std::string_view value);

// Where a URL may stand in such an attribute's value, or in a string that a binding holds, as in
// :src="'a.png'" (Vue), [src]="'a.png'" (Angular). Empty where the attribute is code.
struct LazyValue {
  Span span;
  bool in_string = false;
};
LazyValue lazy_value(std::string_view name, std::string_view value);

// True where every candidate of such a value reads as one of a srcset; URLs that look like any word
// do only where the attribute is named so. A bare number is taken for a width, and its candidate no
// longer for rejected.
bool is_lazy_srcset(std::string_view name, std::string_view value,
                    std::vector<SrcsetCandidate>& candidates);

// Where its srcsets stand: several in data-bgset="a.jpg 300w [(max-width: 400px)] | b.jpg".
std::vector<Span> lazy_sets(std::string_view name, std::string_view value);

// A value that is a list of options: uk-img="data-src: a.jpg; width: 9". Empty where it is none.
struct LazyOption {
  std::string_view name;
  Span value;  // with the blanks around it
};
std::vector<LazyOption> lazy_options(std::string_view value);

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
