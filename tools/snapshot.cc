// halftone snapshot: articles with everything they show, now.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <unistd.h>

#include "tools/commands.h"
#include "tools/snapshot_run.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

constexpr size_t kLongestSeed = 65536;

// One target a line; blank lines and those that begin with # say nothing.
Result<std::vector<std::string>> read_seeds(const std::string& file) {
  std::ifstream named;
  if (file != "-") {
    std::error_code error;
    if (!std::filesystem::is_directory(file, error)) named.open(file);
    if (!named.is_open()) return fail(ErrorCode::kUsage, "cannot read the seeds in {}", file);
  }
  std::istream& in = file == "-" ? std::cin : named;
  std::vector<std::string> seeds;
  for (std::string line; std::getline(in, line);) {
    if (seeds.empty() && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    line.erase(line.find_last_not_of(" \t\r") + 1);
    line.erase(0, line.find_first_not_of(" \t"));
    if (line.size() > kLongestSeed)
      return fail(ErrorCode::kUsage, "{} holds a line without end", file);
    if (!line.empty() && line[0] != '#') seeds.push_back(line);
  }
  if (in.bad()) return fail(ErrorCode::kUsage, "cannot read the seeds in {}", file);
  if (seeds.empty()) return fail(ErrorCode::kUsage, "{} names no URL and no file", file);
  return seeds;
}

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
