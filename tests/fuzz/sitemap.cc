#include "media/sitemap.h"

#include "media/document.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(sitemap) {
  if (const auto sitemap = parse_sitemap(input, fuzz_base())) {
    for (const SitemapEntry& entry : sitemap->entries) must_be_serialised(entry.url);
  }
  const auto scan = scan_document(input, DocumentType::kSitemap, fuzz_base());
  must_be_sound(scan.references, input.size());
}
