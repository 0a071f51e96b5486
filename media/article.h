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
  // content of the innermost element that the text stands in. Links have no say in which that is:
  // a copy whose URLs were rewritten has the same.
  Span body;
};

// Reads the facts of an HTML or Markdown document that `scan` was made from.
//
// Whom to believe: front matter (title, author, date, categories, tags, headimg, thumbnail,
// excerpt) before anything in the body; in HTML then the order of article_sources.cc, from JSON-LD
// down to the lines near the title and the address. The text is that of the blocks of the page
// that are neither navigation nor other boilerplate, told by density of words and links.
ArticleFacts read_article(std::string_view bytes, DocumentType type, const Url& base,
                          const Scan& scan);

struct FeedEntry;

// Fills in from a feed's item what the page does not tell: title, author, date, categories, lead
// image, canonical URL. Where the page tells it, the page is believed.
void complete_facts(ArticleFacts& facts, const FeedEntry& entry);

}  // namespace halftone
