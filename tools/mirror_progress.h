// What people and scripts see of a crawl while it goes on.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "crawler/crawl.h"
#include "tools/progress.h"

namespace halftone {

// On a terminal one live line; on a pipe a plain line now and then; with `json` an object a line on
// standard output for each thing that happens.
class MirrorProgress : public CrawlListener {
 public:
  MirrorProgress(bool quiet, bool json);

  void on_progress(const CrawlProgress& progress) override;
  void on_result(const CrawlResult& result) override;
  void on_article(const Article& article) override;
  void on_notice(const std::string& text) override;

  void clear() { line_.clear(); }

 private:
  using Clock = std::chrono::steady_clock;

  std::string text_of(const CrawlProgress& progress);

  const bool quiet_, json_, live_;
  LiveLine line_;
  Clock::time_point started_ = Clock::now(), shown_ = started_;
  // Of the last seconds, for the rate and the time that is left.
  struct Moment {
    Clock::time_point time;
    size_t done;
    uint64_t bytes;
  };
  std::deque<Moment> moments_;
};

}  // namespace halftone
