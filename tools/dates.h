// Dates on the command line.
#pragma once

#include <string>

#include "media/error.h"
#include "media/time.h"

namespace halftone {

// The first and the last microsecond of what `text` names: a day where it has no time, else a
// second. kUsage, naming the option that it was given to.
Result<Time> begin_of(const std::string& text, std::string_view option);
Result<Time> end_of(const std::string& text, std::string_view option);

}  // namespace halftone
