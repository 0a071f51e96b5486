// The crawl loop: claims what the frontier owes, captures it, keeps pages as articles, and adds
// what they show and where they lead.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/capturer.h"
#include "crawler/crawl_guide.h"
#include "crawler/crawl_rows.h"
#include "crawler/crawl_state.h"
#include "crawler/frontier.h"
#include "crawler/manners.h"
#include "crawler/scope.h"
#include "media/error.h"
#include "store/archive.h"

namespace halftone {

struct CrawlOptions {
  CaptureOptions capture;
  MannersOptions manners;
  size_t parallel = 128;  // requests at once; as many more wait for their turn or are recorded
  // Limits; 0: none. The crawl stops when one is reached, and can go on later.
  uint64_t max_pages = 0, max_bytes = 0;
  std::chrono::seconds max_time{0};
  uint64_t min_free = uint64_t{256} << 20;  // of the archive's disk: below it the crawl pauses
  uint64_t max_size = uint64_t{4} << 30;    // of a body
  bool sitemaps = true;                     // look for pages in those that robots.txt names
  bool obey_noarchive = false;
};

struct CrawlProgress {
  size_t pages = 0, files = 0, missing = 0;  // of this part of the run
  uint64_t bytes = 0;
  FrontierCounts frontier;
  size_t on_the_way = 0;
  std::string waiting;  // why nothing happens, where nothing does
};

// Told what happens, on the thread that crawls.
class CrawlListener {
 public:
  virtual ~CrawlListener() = default;
  virtual void on_progress(const CrawlProgress& progress) = 0;
  virtual void on_result(const CrawlResult& result) = 0;
  virtual void on_article(const Article& article) = 0;
  // Something that a person should know: a pause, a host given up.
  virtual void on_notice(const std::string& text) = 0;
};

struct CrawlEnd {
  enum class Why : uint8_t { kDone, kLimit, kInterrupted };
  Why why = Why::kDone;
  std::string limit;  // that was reached
  CaptureCounts counts;
  size_t pages = 0, files = 0;  // of this part
  uint64_t owed = 0;            // left for the next
  std::map<std::string, HostStats> hosts;
};

// Crawls until nothing is owed, a limit is reached or `keep_going` is false: then requests that
// are on the way are still waited for, some seconds. `state` names what is to be crawled; its
// counters, and what the archive keeps of its traps, go on from what they were. After an
// interruption at any instant, the same call with the same frontier goes on; after all is done,
// too, until the caller keeps `state` as ended. `guide`, where there is one, says what need not be
// done. Errors are the archive's.
Result<CrawlEnd> crawl(Archive& archive, Fetcher& fetcher, Frontier& frontier, CrawlState& state,
                       const CrawlOptions& options, const std::function<bool()>& keep_going,
                       CrawlListener& listener, CrawlGuide* guide = nullptr);

}  // namespace halftone
