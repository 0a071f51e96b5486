// halftone restore: an archive from its backup.
#include "store/restore.h"

#include "tools/commands.h"
#include "tools/copying.h"
#include "tools/dates.h"
#include "tools/interrupt.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

// --at takes a date, and the name of a generation as well.
Result<std::optional<Time>> moment_of(const std::string& at) {
  if (at.empty()) return std::nullopt;
  if (const auto named = time_of_generation(at)) return named;
  const auto end = end_of(at, "--at");
  if (!end) return tl::unexpected(end.error());
  return *end;
}

}  // namespace

Result<ExitCode> run_restore(const Arguments& args) {
  watch_for_interrupts();
  const auto until = moment_of(args.at);
  if (!until) return tl::unexpected(until.error());
  const auto from = find_generation(args.operands[0], *until);
  if (!from) return tl::unexpected(from.error());
  ByteLine line("restoring", args.quiet);
  const RestoreOptions options{.from = *from, .archive = args.archive, .on_copied = std::ref(line)};
  const auto counts = restore(options);
  line.clear();
  if (!counts) return tl::unexpected(counts.error());
  if (args.json) say_json(restore_entry(options, *counts, line.seconds()));
  if (!args.quiet) {
    tell("{}: restored from {}: {}\n", args.archive, *from, describe(*counts, line.seconds()));
    tell("to check every file against its digest: {} verify --archive {}\n", command_name(),
         args.archive);
  }
  return ExitCode::kOk;
}

}  // namespace halftone
