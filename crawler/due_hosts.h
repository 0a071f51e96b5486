// The hosts of a stored frontier in the order in which they may be asked.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "store/frontier_rows.h"

namespace halftone {

// Holds the first of those that are in line and not leased, and reads on when they are used up; so
// rows of hosts that have left are not passed again. One thread at a time.
class DueHosts {
 public:
  // Both must outlive this.
  DueHosts(const Database& database, const frontier_rows::Keys& keys)
      : database_(database), keys_(keys) {}

  struct InLine {
    frontier_rows::Due due;
    uint64_t host = 0;
  };
  // The first in line; `is_leased` tells of those that are passed over. kCorrupt, kIo.
  Result<std::optional<InLine>> first(const std::function<bool(uint64_t host)>& is_leased);

  // The host stands here and is not leased, as its row says by now; it has left, or is leased.
  void enter(const frontier_rows::Due& due, uint64_t host);
  void leave(const frontier_rows::Due& due) { held_.erase(due); }

 private:
  const Database& database_;
  const frontier_rows::Keys& keys_;
  std::map<frontier_rows::Due, uint64_t> held_;  // all of them before read_to_
  frontier_rows::Due read_to_{Time::min(), 0};
};

}  // namespace halftone
