#include "media/article_moments.h"

#include <optional>
#include <set>

namespace halftone {
namespace {

constexpr size_t kMostHeadings = 1000;  // that are looked at

// What the regions around say of a moment.
struct Place {
  bool is_own = true;
  std::optional<uint32_t> article;  // the outermost one, or what is headed by a link, around of it
                                    // and not of the content
};

bool holds(const Outline& outline, uint32_t region, uint32_t other) {
  return other >= region && other <= outline.regions[region].last;
}

// The outermost region around of one that does not hold the content; 0 where there is none.
uint32_t part_of(const Outline& outline, uint32_t region, uint32_t content) {
  uint32_t part = 0;
  for (; region != 0 && !holds(outline, region, content); region = outline.regions[region].parent) {
    part = region;
  }
  return part;
}

using Parts = std::set<uint32_t>;

// The parts whose heading is a link: entries of a list.
Parts headed_by_links(const Outline& outline, uint32_t content) {
  Parts parts;
  size_t headings = 0;
  for (const OutlineBlock& block : outline.blocks) {
    const bool linked = block.kind == OutlineBlock::Kind::kHeading && block.link_bytes > 0 &&
                        2 * block.link_bytes > block.text.size();
    if (!linked) continue;
    if (++headings > kMostHeadings) break;
    parts.insert(part_of(outline, block.region, content));
  }
  parts.erase(0);
  return parts;
}

Place place_of(const Outline& outline, uint32_t region, size_t block, uint32_t content,
               const Parts& entries) {
  Place place;
  if (block < outline.blocks.size()) {
    const OutlineBlock& words = outline.blocks[block];
    const bool entry = words.kind == OutlineBlock::Kind::kItem;  // of a list of pages
    place.is_own = !entry || 2 * words.link_bytes <= words.text.size();
  }
  for (; region != 0; region = outline.regions[region].parent) {
    const OutlineRegion& around = outline.regions[region];
    if (holds(outline, region, content)) break;
    if (around.of_others) place.is_own = false;
    if (around.hint == Hint::kArticle || entries.contains(region)) place.article = region;
  }
  return place;
}

}  // namespace

ArticleMoments moments_of(const Outline& outline, const ArticleContent& content) {
  const Parts entries = headed_by_links(outline, content.region);
  std::vector<std::optional<uint32_t>> articles;  // of each that is own
  std::set<uint32_t> different;
  ArticleMoments own;
  for (const OutlineMoment& moment : outline.moments) {
    const Place place = place_of(outline, moment.region, moment.block, content.region, entries);
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
    const Place place =
        place_of(outline, outline.blocks[line].region, line, content.region, entries);
    if (place.is_own && !(several && place.article)) own.lines.push_back(line);
  }
  return own;
}

}  // namespace halftone
