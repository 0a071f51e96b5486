// One run of `halftone mirror`: which crawl it is, from its beginning or from where it stopped, to
// its report.
#pragma once

#include <string>
#include <vector>

#include "crawler/crawl_report.h"
#include "tools/exit_code.h"
#include "tools/options.h"

namespace halftone {

struct MirrorRun {
  CrawlReport report;
  ExitCode code = ExitCode::kOk;
  std::string report_path, page_path;
};

// Crawls what `seeds` (URLs) lead to. kUsage: options that cannot be carried out; else the
// archive's.
Result<MirrorRun> run_crawl(Archive& archive, const Arguments& args,
                            const std::vector<std::string>& seeds);

}  // namespace halftone
