#include "media/article_moments.h"

#include <optional>
#include <set>

namespace halftone {
namespace {

// What the regions around say of a moment.
struct Place {
  bool is_own = true;
  std::optional<uint32_t> article;  // the outermost that the content is not in
};

Place place_of(const Outline& outline, uint32_t region, size_t block, uint32_t content) {
  Place place;
  if (block < outline.blocks.size()) {
    const OutlineBlock& words = outline.blocks[block];
    const bool entry = words.kind == OutlineBlock::Kind::kItem;  // of a list of pages
    place.is_own = !entry || 2 * words.link_bytes <= words.text.size();
  }
  for (; region != 0; region = outline.regions[region].parent) {
    const OutlineRegion& around = outline.regions[region];
    if (content >= region && content <= around.last) break;  // holds the content
    if (around.of_others) place.is_own = false;
    if (around.hint == Hint::kArticle) place.article = region;
  }
  return place;
}

}  // namespace

ArticleMoments moments_of(const Outline& outline, const ArticleContent& content) {
  std::vector<std::optional<uint32_t>> articles;  // of each that is own
  std::set<uint32_t> different;
  ArticleMoments own;
  for (const OutlineMoment& moment : outline.moments) {
    const Place place = place_of(outline, moment.region, moment.block, content.region);
    if (!place.is_own) continue;
    own.tags.push_back(moment.at);
    articles.push_back(place.article);
    if (place.article) different.insert(*place.article);
  }
  const bool several = different.size() > 1;
  if (several) {
    size_t kept = 0;
    for (size_t i = 0; i < own.tags.size(); ++i) {
      if (!articles[i]) own.tags[kept++] = own.tags[i];
    }
    own.tags.resize(kept);
  }
  for (const uint32_t line : content.near_title) {
    const Place place = place_of(outline, outline.blocks[line].region, line, content.region);
    if (place.is_own && !(several && place.article)) own.lines.push_back(line);
  }
  return own;
}

}  // namespace halftone
