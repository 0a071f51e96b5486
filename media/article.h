// What an article is about: its facts, from markup, metadata or front matter.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/document.h"
#include "media/time.h"
#include "media/url.h"

namespace halftone {

struct ArticleImage {
  std::string url;
  std::string alt;
  std::string caption;
};

struct ArticleFacts {
  std::string title, author, language, canonical, excerpt;
  std::optional<Time> date;
  std::vector<std::string> categories;
  std::string lead_image;            // URL
  std::vector<ArticleImage> images;  // in reading order, each URL once
  std::string text;                  // paragraphs separated by blank lines
  // The bytes of the document that hold the article itself: the body after front matter, or the
  // content of <article>, <main> or <body>.
  Span body;
};

// Reads the facts of an HTML or Markdown document that `scan` was made from. Front matter (title,
// author, date, categories, tags, headimg, thumbnail, excerpt) counts before anything in the body;
// in HTML: JSON-LD, og:/article:/twitter: meta, <title>, <time>, <html lang>.
ArticleFacts read_article(std::string_view bytes, DocumentType type, const Url& base,
                          const Scan& scan);

}  // namespace halftone
