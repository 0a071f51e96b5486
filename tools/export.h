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

// For a folder that follows the archive: the articles named by `ids` are written into folders of
// their ids, with the links between all articles of the archive, and the index anew. A folder that
// holds nothing yet gets all of them.
Result<ExportResult> export_news(Archive& archive, const std::vector<std::string>& ids,
                                 const std::string& format, const std::string& folder);

}  // namespace halftone
