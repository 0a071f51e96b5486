// What a night came to, for people and for scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "media/error.h"
#include "store/archive.h"
#include "tools/nightly_plan.h"

namespace halftone {

// What needs a person, a line each; nothing: the night was as nights are.
std::vector<std::string> troubles_of(const NightRun& run);

// "papers: 12 new articles, 3 changed, 2 files missing; 40 MB more on disk".
std::string summary_line(const NightRun& run);

std::string end_of_night(const NightRun& run);  // "done", "limit", "interrupted", "failed"

// How many days until the disk is full at the pace of the last nights; nothing where it does not
// fill, or where too little is known.
std::optional<double> days_left(const NightRun& run);

std::string to_json(const NightRun& run);  // one object
std::string to_text(const NightRun& run);  // a mail
// A page that needs nothing else: pictures of what is new, and what changed before and after, are
// part of it as far as the archive has thumbnails.
std::string to_html(const NightRun& run, Archive& archive);

// The report of a whole plan: {"run": "nightly", "code": …, "jobs": […]}.
std::string to_json(const std::vector<EndedJob>& ended, ExitCode code);

// Into the archive, as JSON and HTML; the run learns the paths.
Result<void> write_night_reports(Archive& archive, NightRun& run);

}  // namespace halftone
