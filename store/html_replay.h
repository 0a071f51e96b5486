// What must change in HTML, beside its URLs, so that a copy shows at a replay server.
#pragma once

#include <string_view>
#include <vector>

#include "media/document.h"
#include "store/rewrite.h"
#include "store/splice.h"

namespace halftone {

struct ReplayEdits {
  std::vector<Edit> edits;
  bool base_is_gone = false;  // one that counted was disabled
};

// The edits that rewrite_document() tells of. `links` are those made for the references, in order
// of place; `without_base`: one of them is relative.
ReplayEdits replay_edits(std::string_view bytes, const Scan& scan, const std::vector<Edit>& links,
                         bool without_base);

}  // namespace halftone
