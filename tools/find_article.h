// The article that a person means.
#pragma once

#include <string>
#include <vector>

#include "media/error.h"
#include "store/archive.h"
#include "store/article.h"
#include "tools/options.h"

namespace halftone {

// The ID, or its beginning, that `named` is or leads to: an address has one of its own.
std::string id_named(const std::string& named);

// By ID, by its beginning, or by address; with --at the last version taken by then. kNotFound,
// kInvalid, kUsage.
Result<Article> find_article(Archive& archive, const std::string& named, const Arguments& args);

// The newest version of each article of the archive, in order of ID.
Result<std::vector<Article>> all_articles(Archive& archive);

}  // namespace halftone
