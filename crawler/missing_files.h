// The files that the articles of a nightly job lack: when each is looked for again, and when it is
// given up.
#pragma once

#include <map>
#include <set>
#include <string>

#include "crawler/crawl_guide.h"
#include "crawler/night_memory.h"
#include "crawler/night_result.h"
#include "crawler/revisit_schedule.h"
#include "store/article.h"

namespace halftone {

// One thread at a time.
class MissingFiles {
 public:
  // Both must outlive it.
  MissingFiles(NightMemory& memory, const RevisitLimits& limits)
      : memory_(memory), limits_(limits) {}

  // What is known from the nights before.
  Result<void> read(Time moment);

  // Pages that show what is due: their URLs, by page.
  const std::map<std::string, std::string>& pages_due() const { return pages_due_; }

  // Of a file that was missing; nothing: it is none of those.
  std::optional<CrawlTurn> turn(const OwedUrl& file, Time moment) const;

  void came(const std::string& url);
  void failed(const OwedUrl& file, const std::string& reason, Time moment);
  // What the article lacks is looked for again, by way of the article.
  void note(const Article& article, const OwedUrl& owed, Time moment);

  // What is missing by now, and what was given up tonight.
  void report(NightResult& result) const;

 private:
  void keep(const NightMissing& one);

  NightMemory& memory_;
  const RevisitLimits& limits_;
  std::map<std::string, NightMissing> files_;  // by URL
  std::map<std::string, std::string> pages_due_;
  std::set<std::string> newly_given_up_;
};

}  // namespace halftone
