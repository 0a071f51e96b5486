// The query of a URL in a document that is not in UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace halftone {

// Appends `query` encoded as `charset` and percent-encoded with the special-query set; what the
// charset lacks is written %26%23NNN%3B (URL Standard, "percent-encode after encoding"). A
// query has no "#" of its own, so that each reference in it is the encoder's.
void append_encoded_query(std::string& out, std::string_view query, std::string_view charset);

}  // namespace halftone
