#include "store/reachable.h"

namespace halftone {

void for_each_digest(const Article& article, const std::function<void(const Digest&)>& visit) {
  visit(article.digest);
  for (const ArchivedReference& reference : article.references) {
    if (reference.digest) visit(*reference.digest);
  }
}

Result<DigestSet> find_reachable(Archive& archive, const MarkOptions& options) {
  DigestSet reachable;
  uint64_t seen = 0;
  auto visited = archive.captures().for_each([&](const Capture& capture) {
    if (options.capture_counts(capture)) reachable.insert(capture.digest);
    options.progress(++seen);
    return true;
  });
  if (!visited) return tl::unexpected(visited.error());
  visited = archive.articles().for_each_version([&](const Article& article) {
    if (options.version_counts(article)) {
      for_each_digest(article, [&](const Digest& digest) { reachable.insert(digest); });
    }
    options.progress(++seen);
    return true;
  });
  if (!visited) return tl::unexpected(visited.error());
  reachable.seal();
  return reachable;
}

}  // namespace halftone
