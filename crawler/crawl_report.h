// What a crawl came to, over all its parts: read from the archive when it ends, told to people and
// scripts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "crawler/crawl.h"
#include "crawler/crawl_state.h"
#include "media/error.h"
#include "store/archive.h"

namespace halftone {

// What was not had, and who asked for it first.
struct CrawlMissing {
  std::string url, document, reason;
  int status = 0;
  CrawlResult::Step step = CrawlResult::Step::kMissing;
  bool is_page = false;
};

struct CrawlHost {
  uint64_t pages = 0, files = 0, bytes = 0, missing = 0;
  HostStats stats;  // of the last part alone
};

struct IncompleteArticle {
  std::string id, url, title;
  uint64_t references = 0, missing = 0;
};

struct CrawlReport {
  // As many are listed at most; all are counted.
  static constexpr size_t kMostListed = 100'000;

  CrawlState state;
  CrawlEnd end;  // of the last part
  Time ended{};
  uint64_t pages = 0, files = 0, images = 0;  // archived
  uint64_t aliases = 0, skipped = 0;          // of pages
  uint64_t missing_pages = 0, missing_files = 0, blocked = 0;
  uint64_t gone_pages = 0;  // 404 and 410: links that lead nowhere
  uint64_t bytes = 0;       // of bodies, each URL's
  uint64_t owed = 0;
  uint64_t articles = 0, complete = 0;
  Completeness completeness;  // over all articles
  std::vector<CrawlMissing> missing;
  std::vector<IncompleteArticle> incomplete;
  std::map<std::string, CrawlHost> hosts;

  // Whether something is missing that should be there.
  bool is_complete() const { return missing_pages + missing_files + blocked == 0; }
};

// Reads what the frontier of `state.run` and the archive know. Errors are the archive's.
Result<CrawlReport> gather_report(Archive& archive, const CrawlState& state, const CrawlEnd& end);

// One JSON object, one HTML page that needs nothing else.
std::string to_json(const CrawlReport& report);
std::string to_html(const CrawlReport& report);

// "120 pages, 3,004 files, 285.1 MB; 2 missing".
std::string summary_line(const CrawlReport& report);

}  // namespace halftone
