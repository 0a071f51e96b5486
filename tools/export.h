// Exporting several articles at once, as `export` and `demo` do.
#pragma once

#include <string>
#include <vector>

#include "store/formats/export.h"

namespace halftone {

// One article goes into `folder` itself, several into folders of their ids with an index beside
// them. `format`: "site", "markdown".
Result<ExportResult> export_articles(Archive& archive, const std::vector<Article>& articles,
                                     const std::string& format, const std::string& folder);

}  // namespace halftone
