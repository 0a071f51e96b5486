// A frontier kept in an archive: what a run owes outlives its process.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "crawler/frontier.h"
#include "store/frontier_rows.h"  // remove_frontier()

namespace halftone {

// Kept in rows of the table `run`, each change in one batch, so a crash leaves all of it or none.
// In memory are the leased hosts with what was handed out, and a thousand hosts of those next in
// line.
//
// Errors beside those of Frontier: kCorrupt, where rows are damaged; `verify` with a repair then
// drops the frontier, and its run begins anew.
class StoredFrontier : public Frontier {
 public:
  // Opens, or begins, the frontier of a run, whose name is one to 32 hexadecimal digits (lower
  // case). There are no leases at first: an archive has one writer, so whoever had one is gone. One
  // object for each run; `database` must outlive it. kInvalid: no such name; else the database's.
  static Result<std::unique_ptr<Frontier>> open(Database& database, std::string_view run);
};

// The same as find() of its frontier, also beside the process that has it open. kUnknown where the
// run has none.
Result<UrlState> find_in_frontier(const Database& database, std::string_view run,
                                  std::string_view key);

// Calls `visit` for each URL of the run that is done, in no order that means anything, until it
// returns false.
Result<void> for_each_done(
    const Database& database, std::string_view run,
    const std::function<bool(std::string_view key, std::string_view result)>& visit);

}  // namespace halftone
