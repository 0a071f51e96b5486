// What a stored frontier keeps in memory of a host while it is leased.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "store/frontier_rows.h"

namespace halftone {

struct LeasedHost {
  struct Rank {
    uint64_t next = 0;  // queued ones from here on were not handed out yet
    // Before `next`: handed out and neither done nor postponed, each with a hash of its key; and
    // those that were postponed and have come back.
    std::map<uint64_t, size_t> handed_out;
    std::set<uint64_t> returned;

    // No queued one is before this.
    uint64_t first() const {
      uint64_t number = next;
      if (!handed_out.empty()) number = std::min(number, handed_out.begin()->first);
      if (!returned.empty()) number = std::min(number, *returned.begin());
      return number;
    }
  };

  LeasedHost(uint64_t host_number, frontier_rows::Host its_row, Time its_end)
      : number(host_number), row(std::move(its_row)), until(its_end) {
    for (size_t i = 0; i < ranks.size(); ++i) ranks[i].next = row.ranks[i].first;
  }

  uint64_t number;
  frontier_rows::Host row;  // as it is stored
  Time until;
  std::array<Rank, frontier_rows::kRanks> ranks;
};

}  // namespace halftone
