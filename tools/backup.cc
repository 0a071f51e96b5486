// halftone backup: one more generation, whatever the crawl does meanwhile.
#include "store/backup.h"

#include "tools/commands.h"
#include "tools/copying.h"
#include "tools/interrupt.h"
#include "tools/terminal.h"

namespace halftone {

Result<ExitCode> run_backup(const Arguments& args) {
  watch_for_interrupts();
  ByteLine line("backing up", args.quiet);
  const auto report = back_up({.archive = args.archive,
                               .folder = args.operands[0],
                               .keep = args.keep_generations,
                               .on_copied = std::ref(line)});
  line.clear();
  if (!report) return tl::unexpected(report.error());
  if (args.json) say_json(backup_entry(*report, line.seconds()));
  if (!args.quiet) {
    tell("{}: {}\n", report->generation, describe(report->counts, line.seconds()));
    for (const std::string& path : report->removed) tell("{}: gone, as --keep asks\n", path);
  }
  return ExitCode::kOk;
}

}  // namespace halftone
