// halftone snapshot: articles with everything they show, now.
#include <filesystem>
#include <unistd.h>

#include "tools/commands.h"
#include "tools/seeds.h"
#include "tools/snapshot_run.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

// file:///… is the path that a browser's address bar gives.
Result<std::string> target_of(const std::string& word) {
  if (word.empty()) return fail(ErrorCode::kUsage, "an empty word is neither a URL nor a file");
  if (word == "-") {
    return fail(ErrorCode::kUsage,
                "- is neither a URL nor a file; --seeds - reads them from standard input");
  }
  const auto url = Url::parse(word);
  if (url && url->scheme() == "file" && word.starts_with("file:"))
    return percent_decode(url->pathname());
  return word;
}

Result<std::vector<Target>> targets_of(const Arguments& args) {
  std::vector<Target> words;
  for (const std::string& word : args.operands) words.push_back({word, ""});
  if (!args.seeds_file.empty()) {
    const auto seeds = read_seeds(args.seeds_file);
    if (!seeds) return tl::unexpected(seeds.error());
    const std::string list = std::filesystem::path(args.seeds_file).filename().string();
    for (const std::string& seed : *seeds) words.push_back({seed, list});
  }
  for (Target& word : words) {
    auto target = target_of(word.name);
    if (!target) return tl::unexpected(target.error());
    word.name = *std::move(target);
  }
  return words;
}

// To people at a terminal, after their first article.
void tell_what_next(const SnapshotRun& run, const Arguments& args) {
  const auto& articles = run.report.articles;
  if (articles.size() != 1 || !articles[0].is_first || ::isatty(STDERR_FILENO) == 0) return;
  tell("to read it offline: {} export --archive {} {} DIR\n", command_name(), args.archive,
       articles[0].id);
}

}  // namespace

Result<ExitCode> run_snapshot(const Arguments& args) {
  if (!args.base.empty() && !Url::parse(args.base)) {
    return fail(ErrorCode::kUsage, "--base {} is no URL", args.base);
  }
  const auto targets = targets_of(args);
  if (!targets) return tl::unexpected(targets.error());
  const auto archive = Archive::open_for_writing(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const auto run = take_snapshots(**archive, args, *targets);
  if (!run) return tl::unexpected(run.error());
  if (args.json) say_json(to_json(run->report));
  if (!args.quiet) {
    tell("{} (report: {})\n", summary_line(run->report), run->report_path);
    tell_what_next(*run, args);
  }
  return run->code;
}

}  // namespace halftone
