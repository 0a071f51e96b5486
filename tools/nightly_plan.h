// What the jobs of a plan share in one night, and how they run beside each other.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crawler/shared_pace.h"
#include "tools/job_file.h"
#include "tools/nightly_run.h"

namespace halftone {

// Safe for concurrent use.
class NightPlan {
 public:
  using Clock = std::chrono::steady_clock;

  // For all jobs together; 0: no limit.
  NightPlan(std::chrono::seconds time, uint64_t bytes);

  std::optional<std::chrono::seconds> time_left() const;
  void spend(uint64_t bytes);
  // The limit that is reached, as people know it; empty: none.
  std::string reached() const;

  // Hosts that did not answer a job of this night, and what is said of them.
  std::map<std::string, std::string> silent_hosts() const;
  void note_silent(const std::string& host, const std::string& job);

  // One pace for each host, whichever jobs ask it.
  const std::shared_ptr<HostPaces>& paces() const { return paces_; }

 private:
  const std::chrono::seconds time_;
  const uint64_t bytes_;
  const Clock::time_point begun_ = Clock::now();
  const std::shared_ptr<HostPaces> paces_ = std::make_shared<HostPaces>();
  mutable std::mutex mutex_;  // of the following
  uint64_t spent_ = 0;
  std::map<std::string, std::string> silent_hosts_;
};

// Runs the jobs, so many at once, those that share an archive one after the other; until all have
// ended or the program is interrupted. `on_end` is told of each, one at a time. What came of them
// stands in the jobs' order, without those that were not begun.
struct EndedJob {
  const Job* job;
  NightRun run;
};
std::vector<EndedJob> run_jobs(const std::vector<Job>& jobs, size_t at_once, NightPlan& plan,
                               const std::function<void(const NightRun&)>& on_end);

}  // namespace halftone
