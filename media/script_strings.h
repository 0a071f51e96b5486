// The string literals of JavaScript, without running or parsing it.
#pragma once

#include <functional>
#include <string_view>

#include "media/json_strings.h"

namespace halftone {

// Calls `visit` for each literal, in order: "…", '…' and `…` without substitutions, as far as
// comments and regular expressions can be told by what stands before them. Keys are known where
// they are written as strings. A script in which no URL can stand is passed over. Linear time.
void for_each_script_string(std::string_view script,
                            const std::function<void(const JsonString&)>& visit);

}  // namespace halftone
