// A page on its way to being an article: captured, looked through, waiting for what it shows.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "crawler/leased_hosts.h"
#include "crawler/page_scan.h"
#include "crawler/requisites.h"
#include "store/article.h"

namespace halftone {

struct OpenPage {
  LeasedHosts::Work work;
  OwedUrl owed;
  CaptureOutcome outcome;
  std::optional<CrawlResult> before;  // as long as only what it showed the last time is asked for
  bool is_as_before = true;           // as far as that has come
  size_t unseen = 0;                  // of that, what has not come yet
  std::optional<ScannedPage> page;
  std::unique_ptr<RequisiteSource> source;  // of the requisites
  std::optional<Requisites> requisites;
  std::vector<ShownFile> shown;               // that was asked for
  std::unordered_set<std::string> waits_for;  // frontier keys
  std::chrono::steady_clock::time_point opened = std::chrono::steady_clock::now();
  bool is_asking = false;  // it has not told all that it wants yet
  bool is_ending = false;  // about to be finished
};

// The article that `open` has become, begun at `begun` and led to by `source`.
Article article_of(const OpenPage& open, Time begun, const std::string& source);

}  // namespace halftone
