// Which of the moments that a page tells are the article's.
#pragma once

#include <cstddef>
#include <vector>

#include "media/article_content.h"
#include "media/article_outline.h"

namespace halftone {

// Not those of comments, asides, navigation and footers, of a list of pages, or of one entry among
// several.
struct ArticleMoments {
  std::vector<size_t> tags;     // where the <time> and <abbr> begin, in order
  std::vector<uint32_t> lines;  // of content.near_title
};

ArticleMoments moments_of(const Outline& outline, const ArticleContent& content);

}  // namespace halftone
