// Whether what a command was given makes sense together.
#pragma once

#include "media/error.h"
#include "tools/options.h"

namespace halftone {

// kUsage: what does not go together, or is missing, and where to read more.
Result<void> check_operands(const Arguments& args);

}  // namespace halftone
