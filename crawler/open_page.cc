#include "crawler/open_page.h"

namespace halftone {

Article article_of(const OpenPage& open, Time begun, const std::string& source) {
  const ScannedPage& page = *open.page;
  Article article;
  article.url = page.url.href_without_fragment();
  article.id = article_id(article.url);
  article.captured_at = now();
  article.begun_at = begun;
  article.source = source;
  article.facts = page.facts;
  if (article.facts.title.empty()) article.facts.title = article.url;
  article.document_type = page.type;
  article.digest = open.outcome.digest;
  article.size = open.outcome.size;
  article.base = page.url.href();
  article.http_charset = page.charset;
  article.references = open.requisites->records(page.scan.references);
  return article;
}

}  // namespace halftone
