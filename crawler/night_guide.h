// A nightly job as its crawl sees it: which pages are due, what its sources list that is new, which
// pictures are looked for again; and what of it all is remembered for the next night.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crawler/crawl_guide.h"
#include "crawler/night_result.h"
#include "crawler/night_rows.h"
#include "crawler/night_sources.h"
#include "crawler/scope.h"
#include "store/archive.h"

namespace halftone {

struct NightOptions {
  std::string job;
  std::vector<std::pair<SourceKind, std::string>> sources;  // URLs
  std::vector<std::string> starts;  // pages that are looked through for links every night
  ScopeOptions scope;
  RevisitLimits limits;
  std::chrono::seconds file_age{std::chrono::hours(24) * 90};  // then they are asked for again
  unsigned whole_every = 8;  // 304 is believed so often in a row; 0: always
  // What one host may cost in a night; 0: no limit. What is left over is due the next night.
  uint64_t host_bytes = 0;
  std::chrono::seconds host_time{0};                // from the first request on
  std::map<std::string, std::string> silent_hosts;  // left alone, and why
};

class NightGuide : public CrawlGuide {
 public:
  NightGuide(Archive& archive, NightOptions options);  // archive must outlive it
  ~NightGuide() override;

  Result<std::vector<OwedUrl>> leads() override;
  CrawlTurn turn_of(const OwedUrl& owed) override;
  bool is_source(const OwedUrl& owed) const override;
  Result<std::vector<OwedUrl>> read_source(const OwedUrl& owed,
                                           const CaptureOutcome& outcome) override;
  std::optional<CrawlResult> settled(const OwedUrl& owed, const CaptureOutcome& outcome) override;
  std::optional<Shown> shown(const OwedUrl& owed, const CaptureOutcome& outcome) override;
  void shows(const OwedUrl& owed, const Digest& body, const std::vector<ShownFile>* files) override;
  Result<bool> keeps(Article& article, const OwedUrl& owed) override;
  void ended(const OwedUrl& owed, const CrawlResult& result) override;
  std::function<Result<void>()> notes() override;

  // When the crawl is over.
  Result<NightResult> result();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace halftone
