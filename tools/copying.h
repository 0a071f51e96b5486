// What backup, restore and merge tell of the bytes that they move.
#pragma once

#include <chrono>
#include <string>

#include "store/backup.h"
#include "store/restore.h"
#include "tools/progress.h"

namespace halftone {

// "backing up: 1.2 GB of 3.4 GB", on a terminal only.
class ByteLine {
 public:
  ByteLine(std::string doing, bool quiet)
      : doing_(std::move(doing)), is_shown_(!quiet && LiveLine::is_possible()) {}

  // False once the user asked to stop. `total` is 0 where nobody knows it.
  bool operator()(uint64_t done, uint64_t total);

  double seconds() const;  // since this was made
  void clear() { line_.clear(); }

 private:
  using Clock = std::chrono::steady_clock;
  const std::string doing_;
  const bool is_shown_;
  LiveLine line_;
  Clock::time_point begun_ = Clock::now(), shown_{};
};

// "12 MB copied, 3.4 GB shared with an earlier one, in 1.2 s".
std::string describe(const CopyCounts& counts, double seconds);

// What backup --json and restore --json print.
std::string backup_entry(const BackupReport& report, double seconds);
std::string restore_entry(const RestoreOptions& options, const CopyCounts& counts, double seconds);

}  // namespace halftone
