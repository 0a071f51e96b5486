// What one host may cost in a night of a nightly job.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "media/time.h"

namespace halftone {

// One thread at a time.
class HostBudgets {
 public:
  // Of each host; 0: no limit. Time counts from the first request on.
  HostBudgets(uint64_t bytes, std::chrono::seconds time) : bytes_(bytes), time_(time) {}

  void asked(const std::string& host, Time moment);
  void took(const std::string& host, uint64_t bytes) { uses_[host].bytes += bytes; }

  // Why the host is asked for nothing more tonight; empty: it may be.
  std::string used_up(const std::string& host, Time moment) const;

 private:
  struct Use {
    Time first{};
    uint64_t bytes = 0;
  };

  const uint64_t bytes_;
  const std::chrono::seconds time_;
  std::map<std::string, Use> uses_;
};

}  // namespace halftone
