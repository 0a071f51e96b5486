#include "media/article.h"

#include "media/utf8.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(article) {
  for (const DocumentType type : {DocumentType::kHtml, DocumentType::kMarkdown}) {
    const auto scan = scan_document(input, type, fuzz_base());
    const ArticleFacts facts = read_article(input, type, fuzz_base(), scan);
    must_be_inside(facts.body, input.size());
    must_be_serialised(facts.canonical);
    must_be_serialised(facts.lead_image);
    for (const ArticleImage& image : facts.images) must_be_serialised(image.url);
  }
}
