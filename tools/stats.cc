// halftone stats: what the archive holds, counted.

#include "store/formats/describe.h"
#include "tools/article_json.h"
#include "tools/commands.h"
#include "tools/terminal.h"

namespace halftone {

Result<ExitCode> run_stats(const Arguments& args) {
  const auto archive = Archive::open_for_reading(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const auto stats = (*archive)->stats();
  if (!stats) return tl::unexpected(stats.error());
  if (args.json) {
    say_json(stats_entry(*stats));
    return ExitCode::kOk;
  }
  say("{} articles, {} captures, {} files of {} together, {} derivatives; {} on disk\n",
      stats->articles, stats->captures, stats->blobs, describe_bytes(stats->blob_bytes),
      stats->derivatives, describe_bytes(stats->disk_bytes));
  return ExitCode::kOk;
}

}  // namespace halftone
