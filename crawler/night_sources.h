// What a source of a nightly job lists: feeds, sitemaps, lists of links, OPML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crawler/capturer.h"
#include "crawler/scope.h"
#include "media/error.h"
#include "media/feed.h"
#include "store/archive.h"

namespace halftone {

enum class SourceKind : uint8_t { kFeed, kSitemap, kList, kOpml };

std::string_view to_string(SourceKind kind);  // "feed", "sitemap" …
std::optional<SourceKind> source_kind_named(std::string_view name);

// One thing that a source leads to.
struct SourceEntry {
  std::string url;    // absolute, http(s)
  std::string id;     // a feed's; empty where it says nothing
  std::string title;  // plain text, where it is told
  std::string date;   // as far as it is told; another one is a change
  FeedEntry facts;    // of a feed: for the article; without its pictures
};

struct SourceList {
  std::vector<SourceEntry> pages;
  std::vector<std::string> feeds, sitemaps;  // that it leads to in turn
  std::vector<std::string> warnings;         // for people
};

// No more than so many are taken of one source.
constexpr size_t kMostSourceEntries = 50'000;

// Reads what `outcome` archived. `scope` chooses among the links of a list. kInvalid: it is nothing
// of that kind, in words for people; kTooLarge; else the archive's.
Result<SourceList> read_source_list(Archive& archive, SourceKind kind,
                                    const CaptureOutcome& outcome, const ScopeOptions& scope);

}  // namespace halftone
