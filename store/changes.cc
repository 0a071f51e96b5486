#include "store/changes.h"

#include <map>

#include <fmt/ranges.h>

namespace halftone {
namespace {

// Requisite references by URL; an archived occurrence counts before a missing one.
std::map<std::string, const ArchivedReference*> requisites_of(const Article& article) {
  std::map<std::string, const ArchivedReference*> result;
  for (const ArchivedReference& reference : article.references) {
    if (!reference.origin_of.empty()) continue;
    if (!is_requisite(reference.kind) || reference.outcome == Outcome::kInline) continue;
    const auto [entry, is_new] = result.emplace(reference.url, &reference);
    if (!is_new && reference.digest) entry->second = &reference;
  }
  return result;
}

}  // namespace

bool ArticleChanges::none() const {
  return !document && !title && !text && images_added.empty() && images_removed.empty() &&
         images_replaced.empty() && found.empty() && lost.empty();
}

std::string ArticleChanges::summary() const {
  std::vector<std::string> parts;
  const auto count = [&](const std::vector<std::string>& urls, const char* what) {
    if (urls.empty()) return;
    parts.push_back(fmt::format("{} image{} {}", urls.size(), urls.size() == 1 ? "" : "s", what));
  };
  if (title) parts.emplace_back("title changed");
  if (text) parts.emplace_back("text changed");
  if (document && !title && !text) parts.emplace_back("page changed around the same text");
  count(images_added, "added");
  count(images_removed, "removed");
  count(images_replaced, "replaced");
  count(found, "found that had been missing");
  count(lost, "now missing");
  return parts.empty() ? "nothing changed" : fmt::format("{}", fmt::join(parts, ", "));
}

ArticleChanges compare(const Article& before, const Article& after) {
  ArticleChanges changes;
  changes.document = before.digest != after.digest;
  changes.title = before.facts.title != after.facts.title;
  changes.text = before.facts.text != after.facts.text;
  const auto old_urls = requisites_of(before);
  const auto new_urls = requisites_of(after);
  for (const auto& [url, now] : new_urls) {
    const auto known = old_urls.find(url);
    if (known == old_urls.end()) {
      changes.images_added.push_back(url);
    } else if (now->digest && !known->second->digest) {
      changes.found.push_back(url);
    } else if (!now->digest && known->second->digest) {
      changes.lost.push_back(url);
    } else if (now->digest != known->second->digest) {
      changes.images_replaced.push_back(url);
    }
  }
  for (const auto& [url, reference] : old_urls) {
    if (!new_urls.count(url)) changes.images_removed.push_back(url);
  }
  return changes;
}

}  // namespace halftone
