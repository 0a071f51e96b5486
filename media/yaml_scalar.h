// Writing YAML scalars (YAML 1.2, 7.3).
#pragma once

#include <string>
#include <string_view>

namespace halftone {

// `text` between double quotes, with the escapes that it needs; no quotes are added.
std::string yaml_double_quoted(std::string_view text);

// `text` between single quotes, where control characters become spaces; no quotes are added.
std::string yaml_single_quoted(std::string_view text);

// `text` as a whole scalar: plain where that is sound, else with quotes. `in_flow`: it may stand
// between brackets.
std::string yaml_scalar(std::string_view text, bool in_flow);

// `text` as a whole scalar in quotes.
std::string yaml_quoted(std::string_view text);

}  // namespace halftone
