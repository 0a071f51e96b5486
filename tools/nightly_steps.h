// What a nightly job does when its crawl is over: retention, thumbnails, exports, checks, backups.
#pragma once

#include <optional>
#include <vector>

#include "crawler/night_result.h"
#include "crawler/night_rows.h"
#include "store/archive.h"
#include "tools/nightly_run.h"
#include "tools/options.h"

namespace halftone {

// Those that need the archive for themselves, as the job asks for them.
std::vector<NightStep> steps_with_archive(Archive& archive, const Arguments& args,
                                          const NightResult& night);

// Those that read the archive when nobody writes to it.
bool has_steps_beside(const Arguments& args);
std::vector<NightStep> steps_beside(const Arguments& args);

}  // namespace halftone
