// The article among the blocks of a page.
#pragma once

#include <string>
#include <vector>

#include "media/article_outline.h"

namespace halftone {

struct ArticleContent {
  uint32_t region = 0;               // that holds the article
  Span body;                         // of that region, in the text
  std::vector<uint32_t> blocks;      // of the outline, in order
  std::vector<uint32_t> near_title;  // short blocks around of the title: who wrote it, and when
};

// Which blocks are the article. Told from the density of text and links, sentence marks, and what
// elements and classes say of their content; never from URLs, so that a copy whose links were
// rewritten gives the same answer.
ArticleContent choose_content(const Outline& outline);

// Text of those blocks, a blank line between two.
std::string text_of(const Outline& outline, const ArticleContent& content);

// The pictures in those blocks, with the captions that stand beside them as plain text.
std::vector<ArticleImage> images_of(const Outline& outline, const ArticleContent& content);

}  // namespace halftone
