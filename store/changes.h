// What differs between two versions of an article.
#pragma once

#include <string>
#include <vector>

#include "store/article.h"

namespace halftone {

struct ArticleChanges {
  bool document = false;  // its bytes
  bool title = false;
  bool text = false;
  std::vector<std::string> images_added, images_removed;  // URLs
  std::vector<std::string> images_replaced;               // other bytes under the same URL
  std::vector<std::string> found;  // URLs that were missing and are archived now
  std::vector<std::string> lost;   // the other way round

  bool none() const;
  // One line: "title changed, 1 image added, 2 replaced" or "nothing changed".
  std::string summary() const;
};

ArticleChanges compare(const Article& before, const Article& after);

}  // namespace halftone
