// How the program ends: the one place that decides it.
#pragma once

#include "media/error.h"

namespace halftone {

enum class ExitCode {
  kOk = 0,  // all archived
  kFailed = 1,
  kUsage = 2,
  kIncomplete = 3,  // finished, but the report lists what is missing
  kDamage = 4,
  kInUse = 75,  // as EX_TEMPFAIL in sysexits.h: try again later
  kInterrupted = 130,
};

ExitCode exit_code_for(ErrorCode code);

// Of two outcomes the one that a script must hear of.
ExitCode worse(ExitCode a, ExitCode b);

}  // namespace halftone
