// Results of URLs between their end and the frontier's knowing of it; and who waits for them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "crawler/crawl_rows.h"
#include "crawler/fetcher.h"
#include "crawler/recorder.h"

namespace halftone {

// By frontier key. One thread: the one that runs the fetcher.
class FreshResults {
 public:
  using Told = std::function<void(const CrawlResult& result)>;

  // Both must outlive it; what it gave to the recorder must be done before it goes.
  FreshResults(Recorder& recorder, Fetcher& fetcher) : recorder_(recorder), fetcher_(fetcher) {}

  // Calls `told` once, when the result comes.
  void wait(const std::string& key, Told told) { waiting_[key].push_back(std::move(told)); }
  bool is_awaited(const std::string& key) const { return waiting_.contains(key); }

  // A result that the frontier may not know yet; null where there is none.
  const CrawlResult* find(const std::string& key) const;

  // It was given to the recorder to be written. Tells who waits.
  void came(const std::string& key, const CrawlResult& result);

  // Forgets those that have been written. Now and then; before each time `write` is called, which
  // gives to the recorder what the frontier is to know of all that came.
  void tidy(const std::function<void()>& write);

 private:
  Recorder& recorder_;
  Fetcher& fetcher_;
  std::unordered_map<std::string, std::vector<Told>> waiting_;
  std::unordered_map<std::string, CrawlResult> unwritten_;
  std::vector<std::string> newly_come_;  // keys of those that the recorder was not asked about yet
  bool is_tidying_ = false;
};

}  // namespace halftone
