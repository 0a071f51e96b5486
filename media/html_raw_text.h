// Where raw text ends, and what a DOCTYPE says: the tokenizer's long side streets.
#pragma once

#include <cstddef>
#include <string_view>

namespace halftone {

struct HtmlToken;

// True where `input` at `at` has "</" + `name` and a byte that ends a tag name: an appropriate end
// tag (WHATWG HTML, 13.2.5). An empty name has none.
bool is_end_tag(std::string_view input, size_t at, std::string_view name);

// Where text that only the end tag `name` ends, ends: at that tag, or with the input.
size_t raw_text_end(std::string_view input, size_t from, std::string_view name);

// The same for a script, in which <!-- may hide end tags (13.2.5.15 to 13.2.5.31).
size_t script_end(std::string_view input, size_t from, std::string_view name);

// Reads a DOCTYPE of which "<!doctype" ends at `at` into `token` and returns where it ends
// (13.2.5.53 to 13.2.5.68).
size_t read_doctype(std::string_view input, size_t at, HtmlToken& token);

}  // namespace halftone
