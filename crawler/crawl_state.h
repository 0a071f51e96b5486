// What a crawl has to remember of itself: what it was asked to do, when it began, how it ended.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/scope.h"
#include "media/error.h"
#include "media/time.h"
#include "store/database.h"

namespace halftone {

struct CrawlState {
  std::string run;  // names its frontier: 16 hexadecimal digits, by time
  std::string job;  // of `halftone nightly`: its name; empty: of a crawl by itself
  std::vector<std::string> seeds;
  ScopeOptions scope;
  Time begun{};
  std::optional<Time> ended;  // nothing: it can go on
  bool ignored_robots = false;
  std::vector<std::string> more_seeds;  // where the seeds were redirected to
  // Pages owed or done of each host; counted only where the scope limits them.
  std::map<std::string, uint64_t> host_pages;
  // Over all its parts: counted on the way, as far as the last time it was kept.
  uint64_t requests = 0, bytes_fetched = 0, new_blobs = 0, new_bytes = 0;
};

// The crawls of an archive, a row each in the run table. The same seeds are the same crawl.
class CrawlStates {
 public:
  explicit CrawlStates(Database& database) : database_(database) {}  // must outlive this

  // Nothing where there was none with these seeds, in whatever order.
  Result<std::optional<CrawlState>> find(const std::vector<std::string>& seeds) const;

  // The crawl of a nightly job.
  Result<std::optional<CrawlState>> find_job(const std::string& job) const;

  // Every one, the one that began last first.
  Result<std::vector<CrawlState>> all() const;

  // Survives the process; with `durable` the machine, too.
  Result<void> keep(const CrawlState& state, bool durable);

  // As Traps::save(), in a row of their own: they are megabytes. Empty where none were kept in this
  // run. Kept, they survive the process.
  Result<std::string> traps_of(const CrawlState& state) const;
  Result<void> keep_traps(const CrawlState& state, std::string_view traps);

 private:
  Database& database_;
};

}  // namespace halftone
