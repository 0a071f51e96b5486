// Taking several snapshots in one run, as `snapshot` and `demo` do.
#pragma once

#include <string>
#include <vector>

#include "crawler/report.h"
#include "media/error.h"
#include "store/archive.h"
#include "tools/exit_code.h"
#include "tools/options.h"

namespace halftone {

struct SnapshotRun {
  RunReport report;
  ExitCode code = ExitCode::kOk;
  std::string report_path;
};

// What to take, and what led to it: the name of a list; empty where the user named it.
struct Target {
  std::string name;  // a URL or a file
  std::string source;
};

// Takes each target in turn, a feed's articles in its place, telling of each as it ends. A target
// that fails costs the others nothing; the archive's own failures and the user's wish to stop end
// the run. The same targets within a day after an interrupted run: what it had finished is left
// out.
Result<SnapshotRun> take_snapshots(Archive& archive, const Arguments& args,
                                   const std::vector<Target>& targets);

}  // namespace halftone
