// A disk that fails: a RocksDB file system over the real one that refuses a chosen operation, or
// loses the power there and with it everything that was not synced.
#pragma once

#include <memory>
#include <string>

#include "store/database.h"

namespace halftone {

// What counts as an operation.
enum class Operation { kWrite, kSync, kRename, kOpen };

enum class Fault {
  kError,       // EIO, once
  kFull,        // ENOSPC, from there on for every write and every new file
  kShortWrite,  // half of a write, then EIO; once
  kPowerCut,    // nothing after it; what was not synced is lost, whole or in part; the process ends
};

// Thread-safe: operations are counted over all threads.
struct FaultPlan {
  Operation operation = Operation::kWrite;
  Fault fault = Fault::kError;
  long at = -1;       // the how manieth operation of that kind, from 0; never where negative
  unsigned seed = 0;  // chance in what a power cut leaves
};

// The exit status of a process whose power was cut.
constexpr int kPowerCutStatus = 77;

// Operations of each kind so far, by their order in Operation.
struct FaultCounts {
  long of[4] = {};
};

// A place for a database where `plan` comes true. `graveyard` is an empty folder on the same file
// system: what is deleted waits there until the deletion is synced.
class FaultyDisk {
 public:
  FaultyDisk(const FaultPlan& plan, const std::string& graveyard);
  ~FaultyDisk();

  const DatabaseEnvironment& environment() const;
  FaultCounts counts() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace halftone
