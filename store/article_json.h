// Articles as JSON, the values of the article table; docs/format.md names the members.
#pragma once

#include <string>
#include <string_view>

#include "media/error.h"
#include "store/article.h"

namespace halftone {

// Bytes that are not UTF-8 become U+FFFD.
std::string article_to_json(const Article& article);

// Everything but `id` and `captured_at`, which the key holds. kCorrupt: not such a value.
Result<Article> article_from_json(std::string_view value);

}  // namespace halftone
