// What must change in HTML, beside its URLs, so that a sealed copy shows without the network.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/document.h"
#include "store/rewrite.h"
#include "store/splice.h"

namespace halftone {

// The edits that rewrite_document() tells of. `links` are the edits made for the references, in
// order of place; the one of a picture that gives way to a lazy one is taken out.
std::vector<Edit> sealing_edits(std::string_view bytes, const Scan& scan, const LinkMap& map,
                                CopyKind kind, std::vector<Edit>& links);

}  // namespace halftone
