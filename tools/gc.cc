// halftone gc: takes away what no article and no capture leads to.

#include "store/gc.h"

#include "store/files.h"
#include "store/formats/describe.h"
#include "tools/commands.h"
#include "tools/gc_report.h"
#include "tools/progress.h"
#include "tools/terminal.h"

namespace halftone {

Result<ExitCode> run_gc(const Arguments& args) {
  auto archive = args.dry_run ? Archive::open_for_reading(args.archive)
                              : open_existing_for_writing(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const uint64_t before = disk_usage(args.archive);
  const auto garbage = collect_with_progress(**archive, args);
  if (!garbage) return tl::unexpected(garbage.error());
  archive->reset();  // files that are not needed any more go when it closes
  const uint64_t after = disk_usage(args.archive);
  const uint64_t returned = args.dry_run || after > before ? 0 : before - after;
  if (args.json) {
    say_json(gc_entry(*garbage, args.dry_run, returned));
  } else if (!args.quiet) {
    say("{}\n", describe(*garbage, args.dry_run, returned));
  }
  return ExitCode::kOk;
}

}  // namespace halftone
