// Making a damaged archive whole again, from wherever its blobs can still be had.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "store/blob_store.h"
#include "store/verify.h"

namespace halftone {

// Blobs that are wanted, and where they came from once.
struct RepairWish {
  struct Origin {
    static constexpr size_t kMostUrls = 8;
    std::vector<std::string> urls;  // captures that had it, as far as they can be read
    std::string type;               // media type of one of them
  };
  std::map<Digest, Origin> blobs;
};

// Takes bodies that may be among the wanted ones. Whether they are their digest tells.
class RepairSink {
 public:
  virtual ~RepairSink() = default;
  virtual const RepairWish& wish() const = 0;  // what is still wanted

  // A body of which pieces go to the writer. At its end: true where it was wanted, and is restored.
  class Body {
   public:
    virtual ~Body() = default;
    virtual Result<void> write(std::string_view bytes) = 0;
    virtual Result<bool> finish() = 0;
  };
  virtual std::unique_ptr<Body> begin() = 0;
};

// Somewhere blobs may be had from.
class RepairSource {
 public:
  virtual ~RepairSource() = default;
  virtual std::string name() const = 0;  // for people

  // Hands over whatever it has of what is wanted. Errors: the source cannot be read (it is told,
  // and others are asked), or those of the sink.
  virtual Result<void> supply(RepairSink& sink) = 0;

  // The folder of an archive whose rows may be taken, too; empty: none.
  virtual std::string archive() const { return {}; }
};

// What can still be had of the blobs in damaged blocks of an archive's own database.
std::unique_ptr<RepairSource> make_salvage(const std::string& folder);

// An archive; a backup folder, which holds several (the newest is asked first); or a WARC file.
// kNotFound; kInvalid: none of these.
Result<std::vector<std::unique_ptr<RepairSource>>> open_repair_source(const std::string& path);

struct RepairResult {
  VerifyResult before, after;
  struct Restored {
    Digest digest;
    std::string from;
  };
  std::vector<Restored> restored;
  uint64_t files_replaced = 0, rows_restored = 0, entries_rebuilt = 0, derivatives_dropped = 0,
           frontiers_dropped = 0;
  std::vector<std::string> notes;  // what could not be done, and what to do about it

  uint64_t count() const {
    return restored.size() + files_replaced + rows_restored + entries_rebuilt +
           derivatives_dropped + frontiers_dropped;
  }
};

// Repairs the archive in `folder` as its one writer, checking it before and after. What cannot be
// made whole is left as it is and named in `after`. kInUse; kCorrupt: the database does not open,
// and the message says what to do; others as for verify().
Result<RepairResult> repair(const std::string& folder,
                            const std::vector<std::unique_ptr<RepairSource>>& sources,
                            const std::function<bool(const VerifyProgress&)>& go_on);

}  // namespace halftone
