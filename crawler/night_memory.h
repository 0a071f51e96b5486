// What a nightly job remembers, as it is by now: rows that are on their way to the disk are read
// from memory.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "crawler/night_rows.h"
#include "crawler/recent_map.h"

namespace halftone {

// One thread at a time, but for what take_notes() returns.
class NightMemory {
 public:
  // `database` must outlive it.
  NightMemory(Database& database, std::string job);

  const NightRows& rows() const { return rows_; }

  Result<std::optional<NightVisit>> visit(const std::string& page) const;
  // The pages that are due by then.
  Result<void> each_due(
      Time moment,
      const std::function<void(const std::string& page, const NightVisit&)>& visit) const;

  void keep(const std::string& page, const NightVisit& visit,
            const std::optional<NightVisit>& before);
  void keep(const NightSource& source);
  void keep(const NightMissing& missing);
  void remove_missing(const std::string& url);
  // Null: nothing is remembered. Where that cannot be read, the page is looked through again, no
  // more.
  void keep_shown(const std::string& page, const OwedUrl& owed, const NightShown* shown);

  // What was kept since the last time, to be written on any thread; null where nothing was. This
  // must outlive it.
  std::function<Result<void>()> take_notes();

 private:
  struct Notes {
    WriteBatch batch;
    std::map<std::string, NightVisit, std::less<>> visits;
    bool has_any = false;
    std::atomic<bool> is_written = false;
  };

  Result<std::optional<NightVisit>> visit_in_rows(const std::string& page) const;

  Database& database_;
  const NightRows rows_;
  std::shared_ptr<Notes> notes_ = std::make_shared<Notes>();
  std::deque<std::shared_ptr<Notes>> unwritten_;
  mutable RecentMap<NightVisit> recent_;
};

}  // namespace halftone
