// The articles in the page of a night: those that are new, and how the others changed.
#pragma once

#include <string>

#include "store/archive.h"
#include "tools/nightly_run.h"

namespace halftone {

// Pictures are part of it, as far as the archive has thumbnails.
std::string night_articles(const NightRun& run, Archive& archive);

}  // namespace halftone
