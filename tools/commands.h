// The subcommands, one file each. Each does its work, prints what it has to say, and tells how it
// ended.
#pragma once

#include "media/error.h"
#include "tools/exit_code.h"
#include "tools/options.h"

namespace halftone {

Result<ExitCode> run_snapshot(const Arguments& args);
Result<ExitCode> run_mirror(const Arguments& args);
Result<ExitCode> run_nightly(const Arguments& args);
Result<ExitCode> run_why(const Arguments& args);
Result<ExitCode> run_list(const Arguments& args);
Result<ExitCode> run_show(const Arguments& args);
Result<ExitCode> run_derive(const Arguments& args);
Result<ExitCode> run_similar(const Arguments& args);
Result<ExitCode> run_export(const Arguments& args);
Result<ExitCode> run_stats(const Arguments& args);
Result<ExitCode> run_forget(const Arguments& args);
Result<ExitCode> run_gc(const Arguments& args);
Result<ExitCode> run_upgrade(const Arguments& args);
Result<ExitCode> run_verify(const Arguments& args);
Result<ExitCode> run_backup(const Arguments& args);
Result<ExitCode> run_restore(const Arguments& args);
Result<ExitCode> run_merge(const Arguments& args);
Result<ExitCode> run_demo(const Arguments& args);
Result<ExitCode> run_inspect(const Arguments& args);

}  // namespace halftone
