// One pace for each host, whichever crawls of this process ask it: their requests count together,
// and what one learns of the host counts for all.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "crawler/host_pace.h"

namespace halftone {

// A host's pace, within the strictest limits of the crawls that ask it. Safe for concurrent use.
class SharedPace {
 public:
  using Clock = HostPace::Clock;
  class Part;

  explicit SharedPace(PaceLimits limits) : pace_(limits) {}

 private:
  // With mutex_ held.
  void tighten();
  void wake_first(const Part* but);
  void leave_line(const Part* part);

  mutable std::mutex mutex_;
  HostPace pace_;
  std::map<const Part*, PaceLimits> limits_;
  std::deque<Part*> line_;  // crawls that have something to ask; each once
};

// What one crawl has of it. One thread at a time; ends before what `wake` needs does.
class SharedPace::Part {
 public:
  // `wake` is called, on any thread, when this crawl stands in line and should try again. It must
  // not call back from within.
  Part(std::shared_ptr<SharedPace> pace, const PaceLimits& limits, std::function<void()> wake);
  ~Part();  // requests that were not ended count as dropped
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  // Whether a request may be started, which then counts as started. Otherwise the crawl stands in
  // line with others that ask this host, one request each in turn; `again`: when time alone helps.
  struct Turn {
    bool is_ours = false;
    std::optional<Clock::time_point> again;
  };
  Turn start(Clock::time_point now);
  void withdraw();  // nothing is to be asked for now

  // As of HostPace.
  void answered(Clock::time_point now, const HostPace::Answered& answer);
  void dropped();
  void set_crawl_delay(std::chrono::milliseconds delay);
  std::optional<Clock::time_point> silent_until() const;
  size_t at_once() const;
  std::string describe() const;

  size_t active() const { return active_; }  // of this crawl

 private:
  friend class SharedPace;

  const std::shared_ptr<SharedPace> pace_;
  const std::function<void()> wake_;
  size_t active_ = 0;
};

// The paces of all hosts. Safe for concurrent use.
class HostPaces {
 public:
  // `host` as Url::host(). The limits count for who is the first to ask it.
  std::shared_ptr<SharedPace> of(const std::string& host, const PaceLimits& limits);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<SharedPace>> paces_;
};

}  // namespace halftone
