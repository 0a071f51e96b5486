// One night of one job: the crawl, what is done afterwards, and what it all came to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crawler/crawl.h"
#include "crawler/night_result.h"
#include "crawler/night_rows.h"
#include "media/error.h"
#include "tools/exit_code.h"
#include "tools/job_file.h"

namespace halftone {

// Something that was done when the crawl was over.
struct NightStep {
  std::string name;  // "retention", "thumbnails" …
  ExitCode code = ExitCode::kOk;
  std::string text;  // what came of it, for people
};

struct NightRun {
  std::string job, archive;
  Time begun{}, ended{};
  CrawlEnd end;  // of the last part
  CaptureCounts counts;
  NightResult result;
  std::vector<NightStep> steps;
  ExitCode code = ExitCode::kOk;
  std::string failure;  // why there was no night
  uint64_t disk_before = 0, disk_after = 0, disk_free = 0;
  std::vector<NightMark> marks;  // of earlier nights, and this one
  std::string json_path, page_path;
};

class NightPlan;

// Runs the job's night to its end, writes its reports into the archive and remembers it. What goes
// wrong is told in the result.
NightRun run_night(const Job& job, NightPlan& plan);

}  // namespace halftone
