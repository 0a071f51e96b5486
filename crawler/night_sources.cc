#include "crawler/night_sources.h"

#include <set>
#include <utility>

#include "crawler/canonical_url.h"
#include "crawler/page_scan.h"
#include "media/mime.h"
#include "media/opml.h"
#include "media/sitemap.h"
#include "store/limits.h"

namespace halftone {
namespace {

// Nothing where the text is no address of a page.
std::optional<Url> page_at(const std::string& text, const Url* base = nullptr) {
  auto url = Url::parse(text, base);
  if (!url || !url->is_http() || url->href().size() > Captures::kLongestUrl) return std::nullopt;
  return url;
}

class Reading {
 public:
  Reading(Archive& archive, const CaptureOutcome& outcome)
      : archive_(archive), outcome_(outcome), base_(*Url::parse(outcome.final_url)) {}

  Result<SourceList> feed() {
    auto bytes = body();
    if (!bytes) return tl::unexpected(bytes.error());
    const auto type = parse_mime_type(outcome_.content_type);
    auto feed = parse_feed(*bytes, base_, type ? type->charset : "");
    if (!feed) return fail(ErrorCode::kInvalid, "no feed stands there: {}", feed.error().message);
    list_.warnings = feed->warnings;
    for (FeedEntry& entry : feed->entries) {
      const auto url = page_at(entry.url);
      if (!url || !has_room()) continue;
      entry.images.clear();
      entry.enclosures.clear();
      SourceEntry page{.url = canonical_page_url(*url).href(),
                       .id = entry.id == entry.url ? "" : entry.id,
                       .title = entry.title,
                       .date = entry.date ? to_digits(*entry.date) : "",
                       .facts = std::move(entry)};
      add(std::move(page));
    }
    return std::move(list_);
  }

  Result<SourceList> sitemap() {
    auto bytes = body();
    if (!bytes) return tl::unexpected(bytes.error());
    auto sitemap = parse_sitemap(*bytes, base_);
    if (!sitemap) {
      return fail(ErrorCode::kInvalid, "no sitemap stands there: {}", sitemap.error().message);
    }
    list_.warnings = sitemap->warnings;
    for (const SitemapEntry& entry : sitemap->entries) {
      const auto url = page_at(entry.url);
      if (!url || !has_room()) continue;
      if (sitemap->type == Sitemap::Type::kIndex) {
        if (list_.sitemaps.size() < kMostSitemaps) list_.sitemaps.push_back(url->href());
        continue;
      }
      add({.url = canonical_page_url(*url).href(),
           .id = {},
           .title = entry.title,
           .date = entry.date ? to_digits(*entry.date) : "",
           .facts = {}});
    }
    return std::move(list_);
  }

  Result<SourceList> links(ScopeOptions options) {
    auto page = scan_page(archive_, outcome_);
    if (!page) return tl::unexpected(page.error());
    if (!page->problem.empty()) return fail(ErrorCode::kInvalid, "the list is {}", page->problem);
    if (page->type == DocumentType::kNone) {
      return fail(ErrorCode::kInvalid, "no page of links stands there: it is {}", outcome_.type);
    }
    // The list says which pages; where else they may be is for the user to say.
    if (options.reach == Reach::kPage) options.reach = Reach::kDomain;
    const Scope scope(options, {base_});
    for (const Url& link : page->pages) {
      const Url url = canonical_page_url(link);
      if (page_key(url) == page_key(base_) || !scope.judge(url, 1, 0).allowed) continue;
      if (has_room()) add({.url = url.href(), .id = {}, .title = {}, .date = {}, .facts = {}});
    }
    return std::move(list_);
  }

  Result<SourceList> opml() {
    auto bytes = body();
    if (!bytes) return tl::unexpected(bytes.error());
    const auto feeds = parse_opml(*bytes);
    if (!feeds) return tl::unexpected(feeds.error());
    for (const OpmlFeed& feed : *feeds) {
      const auto url = page_at(feed.url, &base_);
      if (url) list_.feeds.push_back(url->href_without_fragment());
    }
    return std::move(list_);
  }

 private:
  static constexpr size_t kMostSitemaps = 1000;

  Result<std::string> body() const {
    if (outcome_.size > kLargestDocument) {
      return fail(ErrorCode::kInvalid, "too large to be looked through");
    }
    return archive_.blobs().get(outcome_.digest, kLargestDocument);
  }

  bool has_room() {
    if (list_.pages.size() < kMostSourceEntries) return true;
    if (!std::exchange(is_full_, true)) {
      list_.warnings.push_back(
          fmt::format("only the first {} of its entries are taken", kMostSourceEntries));
    }
    return false;
  }

  void add(SourceEntry entry) {
    if (seen_.insert(entry.url).second) list_.pages.push_back(std::move(entry));
  }

  Archive& archive_;
  const CaptureOutcome& outcome_;
  const Url base_;
  SourceList list_;
  std::set<std::string> seen_;
  bool is_full_ = false;
};

}  // namespace

std::string_view to_string(SourceKind kind) {
  switch (kind) {
    case SourceKind::kFeed:
      return "feed";
    case SourceKind::kSitemap:
      return "sitemap";
    case SourceKind::kList:
      return "list";
    case SourceKind::kOpml:
      return "opml";
  }
  return {};
}

std::optional<SourceKind> source_kind_named(std::string_view name) {
  for (const SourceKind kind :
       {SourceKind::kFeed, SourceKind::kSitemap, SourceKind::kList, SourceKind::kOpml}) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

Result<SourceList> read_source_list(Archive& archive, SourceKind kind,
                                    const CaptureOutcome& outcome, const ScopeOptions& scope) {
  Reading reading(archive, outcome);
  switch (kind) {
    case SourceKind::kFeed:
      return reading.feed();
    case SourceKind::kSitemap:
      return reading.sitemap();
    case SourceKind::kList:
      return reading.links(scope);
    case SourceKind::kOpml:
      return reading.opml();
  }
  bug("a source of no kind");
}

}  // namespace halftone
