// The facts of an article in HTML, from its token stream.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/article.h"
#include "media/article_sources.h"
#include "media/charset.h"
#include "media/reference.h"
#include "media/url.h"

namespace halftone {

// One pass over the page: what its markup says, wherever it says it; of <time> and <abbr> those
// that begin at `moments` alone, in order.
void read_page_metadata(std::string_view html, const std::vector<size_t>& moments,
                        PageFacts& facts);

// Takes what the JSON-LD scripts of a page say of an article into `facts`. Anything else in them
// is passed over. What one names by @id may stand in another.
void take_linked_data(const std::vector<std::string>& scripts, PageFacts& facts);

// What a script of WeChat says: var publish_time = "2021-03-05", var msg_title = "…".
struct ScriptFact {
  std::string_view source;  // as PageFacts names it
  std::string value;
};
std::vector<ScriptFact> facts_in_script(std::string_view script);

// The article's title: the most trusted one, without the name of the site where the page tells it,
// or an <h1> says what the title is. `host` may be the site's name, too.
std::string page_title(const PageFacts& facts, std::string_view host);

// A name without "By", "作者：", addresses and the like; empty where no name is left.
std::string clean_author(std::string_view text);

// The names in a line that says who wrote it ("By Jane Doe | 3 May", "作者：王小明"); empty where
// it does not say so.
std::string byline_in(std::string_view line);

// The facts of an HTML document; `body` is in the bytes that `html` was decoded from.
ArticleFacts read_html_article(const SourceText& html, const Url& base,
                               const std::vector<Reference>& references);

}  // namespace halftone
