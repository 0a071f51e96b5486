// Making the index table from the articles and from the facts of pictures.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "media/error.h"
#include "store/database.h"

namespace halftone {

struct IndexedArticles {
  uint64_t versions = 0;
  std::vector<std::string> damaged;  // keys of versions that cannot be read; they get no rows
};

// Writes the index rows of every version, durably and a batch at a time, and takes away rows that
// lead to no version. What is there already is written again; an interruption does no harm.
Result<IndexedArticles> index_articles(Database& database,
                                       const std::function<void(uint64_t versions)>& progress);

// What is wrong with the index: told a row's key, or an article's, and why.
void check_index(const Database& database,
                 const std::function<void(std::string_view key, std::string_view why)>& damage);

}  // namespace halftone
