// Edits to ISO-2022-JP, where escape sequences say what the bytes behind them mean.
#pragma once

#include <string_view>
#include <vector>

#include "store/splice.h"

namespace halftone {

// Makes each edit, which begins and ends in ASCII, begin and end in the state that `bytes` have
// there; so that no two escape sequences follow each other, which is an error (WHATWG Encoding,
// 12.2.1). The edits are in order of place.
void fit_escape_sequences(std::string_view bytes, std::vector<Edit>& edits);

}  // namespace halftone
