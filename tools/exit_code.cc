#include "tools/exit_code.h"

#include <algorithm>
#include <array>

namespace halftone {

ExitCode exit_code_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return ExitCode::kUsage;
    case ErrorCode::kCorrupt:
      return ExitCode::kDamage;
    case ErrorCode::kInUse:
      return ExitCode::kInUse;
    case ErrorCode::kInterrupted:
      return ExitCode::kInterrupted;
    default:
      return ExitCode::kFailed;
  }
}

ExitCode worse(ExitCode a, ExitCode b) {
  constexpr std::array order = {ExitCode::kOk,         ExitCode::kIncomplete, ExitCode::kFailed,
                                ExitCode::kUsage,      ExitCode::kInUse,      ExitCode::kDamage,
                                ExitCode::kInterrupted};
  const auto rank = [&](ExitCode code) { return std::find(order.begin(), order.end(), code); };
  return rank(a) < rank(b) ? b : a;
}

}  // namespace halftone
