// halftone upgrade: an archive of an older format becomes one of this version's.

#include "store/upgrade.h"

#include "tools/commands.h"
#include "tools/progress.h"
#include "tools/terminal.h"

namespace halftone {

Result<ExitCode> run_upgrade(const Arguments& args) {
  WorkProgress progress(args.quiet);
  const auto upgrade = upgrade_archive(args.archive, [&](uint64_t versions) {
    progress.report("indexing snapshots of articles", versions);
  });
  progress.clear();
  if (!upgrade) return tl::unexpected(upgrade.error());
  for (const std::string& version : upgrade->damaged) {
    tell("damaged, and in no list: the article {}\n", version);
  }
  if (args.json) {
    say_json(fmt::format(R"({{"from":{},"to":{},"snapshots":{},"damaged":{}}})", upgrade->from,
                         upgrade->to, upgrade->versions, upgrade->damaged.size()));
  } else if (!args.quiet) {
    if (upgrade->from == upgrade->to) {
      say("{} has format {} already\n", args.archive, upgrade->to);
    } else {
      say("{} has format {} now; {} snapshots of articles are indexed\n", args.archive, upgrade->to,
          upgrade->versions);
    }
  }
  return upgrade->damaged.empty() ? ExitCode::kOk : ExitCode::kDamage;
}

}  // namespace halftone
