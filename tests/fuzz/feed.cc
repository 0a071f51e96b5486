#include "media/feed.h"

#include "media/document.h"
#include "tests/fuzz/invariants.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(feed) {
  if (const auto feed = parse_feed(input, fuzz_base())) {
    for (const FeedEntry& entry : feed->entries) must_be_serialised(entry.url);
  }
  const auto scan = scan_document(input, DocumentType::kFeed, fuzz_base());
  must_be_sound(scan.references, input.size());
}
