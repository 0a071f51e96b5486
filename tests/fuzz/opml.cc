#include "media/opml.h"

#include "media/utf8.h"
#include "tests/fuzz/target.h"

using namespace halftone;

FUZZ_TARGET(opml) {
  const auto feeds = parse_opml(input);
  if (!feeds) {
    MUST(!feeds.error().message.empty());
    return;
  }
  for (const OpmlFeed& feed : *feeds) {
    MUST(!feed.url.empty());
    MUST(is_valid_utf8(feed.url));
    MUST(is_valid_utf8(feed.title));
  }
}
