// Taking an article out of the archive, self-contained.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "store/archive.h"
#include "store/article.h"

namespace halftone {

struct ExportResult {
  std::string entry;  // the file to open first
  size_t files = 0;
  uint64_t bytes = 0;
};

// Articles that are exported beside this one: their addresses, and their pages' paths from here.
using Neighbours = std::map<std::string, std::string>;

// The archived copy as a folder for a browser: index.html with every archived reference leading
// into the folder, gallery.html with thumbnails, and the files. A missing picture is a grey field
// that says why. Page links become absolute. Opening it asks nothing of any server, and runs no
// script. kNoSpace, kIo; kCorrupt where a stored body no longer matches its digest.
Result<ExportResult> export_site(Archive& archive, const Article& article,
                                 const std::string& folder, const Neighbours& neighbours = {});

// The article as Markdown with front matter, its pictures beside it in images/. What came as
// Markdown keeps every byte but its archived URLs; what came as HTML gets front matter from its
// facts and keeps its body as HTML, scripts and styles left out. Missing pictures keep their URLs.
// Errors as above.
Result<ExportResult> export_markdown(Archive& archive, const Article& article,
                                     const std::string& folder);

// A page with a card for each article, which were exported to folders of their ids below `folder`.
Result<ExportResult> export_index(Archive& archive, const std::vector<Article>& articles,
                                  const std::string& folder);

}  // namespace halftone
