// halftone merge: what other archives have and this one has not.
#include "tools/commands.h"
namespace halftone {
Result<ExitCode> run_merge(const Arguments&) { return ExitCode::kOk; }
}  // namespace halftone
