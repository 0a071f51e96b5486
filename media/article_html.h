// The facts of an article in HTML, from its token stream.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/article.h"
#include "media/charset.h"
#include "media/reference.h"
#include "media/url.h"

namespace halftone {

// What the page says of itself, each word by whom it comes from; empty where nothing says it.
struct PageMetadata {
  std::string headline, og_title, title, site_name, h1;
  std::string linked_author, author;
  std::string published, time;  // as written; `time` is the first <time datetime>
  std::vector<std::string> categories;
  std::string image;  // as written
  std::string description;
  std::string language, canonical;
  Span content;  // inside <article>, <main> or <body>, in the text
};

// One pass over the page.
PageMetadata read_page_metadata(std::string_view html);

// Takes what a JSON-LD script says of an article into `metadata`. Anything else in it is passed
// over.
void take_linked_data(std::string_view json, PageMetadata& metadata);

struct ArticleContent {
  std::vector<std::string> paragraphs;
  std::vector<ArticleImage> images;  // each URL once
};

// Text and pictures of html[content). `references` are those of the document that `html` was
// decoded from.
ArticleContent read_content(const SourceText& html, Span content,
                            const std::vector<Reference>& references);

// The facts of an HTML document; `body` is in the bytes that `html` was decoded from.
ArticleFacts read_html_article(const SourceText& html, const Url& base,
                               const std::vector<Reference>& references);

}  // namespace halftone
