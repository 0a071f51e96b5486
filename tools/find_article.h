// The article that a person means.
#pragma once

#include <string>

#include "media/error.h"
#include "store/archive.h"
#include "store/article.h"
#include "tools/options.h"

namespace halftone {

// By ID, by its beginning, or by address; with --at the last version taken by then. kNotFound,
// kInvalid, kUsage.
Result<Article> find_article(Archive& archive, const std::string& named, const Arguments& args);

}  // namespace halftone
