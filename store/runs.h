// Runs: what was begun, so that an interrupted snapshot goes on where it stopped.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "media/error.h"
#include "media/time.h"
#include "store/database.h"

namespace halftone {

// Safe for concurrent use by several threads.
class Runs {
 public:
  explicit Runs(Database& database) : database_(database) {}  // must outlive this

  // Marks the snapshot of `url` as begun and returns when: now, or earlier where one was begun and
  // never finished. Captures since then need not be taken again. kInvalid: a URL above 64 KiB.
  // A beginning longer ago than `resumable` is forgotten.
  Result<Time> begin(std::string_view url, Time now,
                     std::chrono::hours resumable = std::chrono::hours(24));

  // True where it was begun and not finished.
  Result<bool> is_open(std::string_view url) const;

  // Marks it as finished. Only after its article is stored.
  Result<void> finish(std::string_view url);

 private:
  Database& database_;
  mutable std::mutex mutex_;  // a run begins once
};

}  // namespace halftone
