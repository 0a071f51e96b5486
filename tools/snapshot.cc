#include "tools/snapshot.h"

#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <set>

#include "crawler/document_source.h"
#include "store/formats/describe.h"
#include "tools/commands.h"
#include "tools/interrupt.h"
#include "tools/log.h"
#include "tools/progress.h"

namespace halftone {
namespace {

// A feed brings in no more than this.
constexpr size_t kMostFeedArticles = 1000;

constexpr const char* kThisProgram = "/proc/self/exe";

// Failures after which no other target would fare better.
bool ends_the_run(ErrorCode code) {
  return code == ErrorCode::kNoSpace || code == ErrorCode::kIo || code == ErrorCode::kCorrupt ||
         code == ErrorCode::kInterrupted;
}

class Run {
 public:
  Run(Archive& archive, Fetcher& fetcher, const Arguments& args)
      : archive_(archive),
        fetcher_(fetcher),
        args_(args),
        worker_(kThisProgram),
        progress_(args.quiet) {
    options_.capture = args.capture;
    options_.max_size = args.fetch.max_size;
    options_.keep_going = [] { return !interrupted(); };
    if (!args.base.empty()) options_.base = Url::parse(args.base);
  }

  SnapshotRun take_all(const std::vector<std::string>& targets) {
    run_.report.kind = "snapshot";
    run_.report.started = now();
    for (const std::string& target : targets) add(target);
    while (!waiting_.empty() && !ended_) {
      const std::string target = waiting_.front();
      waiting_.pop_front();
      take(target);
    }
    run_.report.ended = now();
    return std::move(run_);
  }

 private:
  void add(const std::string& target) {
    if (known_.insert(target).second) waiting_.push_back(target);
  }

  void take(const std::string& target) {
    auto result = take_snapshot(archive_, fetcher_, worker_, target, options_, progress_);
    progress_.clear();
    if (!result) return failed(target, result.error());
    if (result->feed) take_feed(target, *result->feed);
    if (!result->feed) tell(*result);
    run_.report.results.push_back(std::move(*result));
  }

  void take_feed(const std::string& target, const Feed& feed) {
    size_t taken = 0;
    for (const FeedEntry& entry : feed.entries) {
      if (looks_like_url(entry.url) && taken++ < kMostFeedArticles) add(entry.url);
    }
    if (!args_.quiet) {
      fmt::print(stderr, "{}: a feed of {} articles\n", target, taken);
    }
    if (taken == 0) failed(target, {ErrorCode::kInvalid, target + ": the feed lists no articles"});
  }

  void failed(const std::string& target, const Error& error) {
    fmt::print(stderr, "halftone: {}\n", error.message);
    run_.report.failures.push_back({target, error});
    run_.code = worse(run_.code, exit_code_for(error.code));
    ended_ = ends_the_run(error.code);
  }

  void tell(const SnapshotResult& result) {
    const Completeness complete = result.article.completeness();
    if (complete.missing > 0) run_.code = worse(run_.code, ExitCode::kIncomplete);
    for (const std::string& warning : result.warnings) log_warning(warning);
    if (!args_.quiet && !args_.json) {
      fmt::print("{}  {}\n              {}\n              {}{}\n", result.article.id,
                 result.article.facts.title, describe(complete), change_line(result),
                 result.resumed ? ", resumed" : "");
      std::fflush(stdout);
    }
    tell_missing(result.article);
  }

  static std::string change_line(const SnapshotResult& result) {
    const std::string what = result.changes ? result.changes->summary() : "first snapshot";
    return fmt::format("{}, {} new file{}", what, result.counts.new_blobs,
                       result.counts.new_blobs == 1 ? "" : "s");
  }

  static void tell_missing(const Article& article) {
    std::set<std::string> told;
    for (const ArchivedReference& reference : article.references) {
      if (reference.outcome != Outcome::kMissing) continue;
      const std::string& url = reference.url.empty() ? reference.raw : reference.url;
      if (told.insert(url).second) fmt::print(stderr, "missing: {}: {}\n", url, reference.reason);
    }
  }

  Archive& archive_;
  Fetcher& fetcher_;
  const Arguments& args_;
  ImageWorker worker_;
  Progress progress_;
  SnapshotOptions options_;
  SnapshotRun run_;
  std::deque<std::string> waiting_;
  std::set<std::string> known_;
  bool ended_ = false;
};

// Hosts that the user named may be private: seeds, and a feed's own host with it.
FetchOptions with_trusted_hosts(FetchOptions options, const std::vector<std::string>& targets) {
  for (const std::string& target : targets) {
    const auto url = Url::parse(target);
    if (url && url->is_http()) options.trusted_hosts.insert(url->hostname());
  }
  return options;
}

Result<std::vector<std::string>> read_seeds(const std::string& file) {
  std::ifstream named;
  if (file != "-") {
    named.open(file);
    if (!named) return fail(ErrorCode::kUsage, "cannot read the seeds in {}", file);
  }
  std::istream& in = file == "-" ? std::cin : named;
  std::vector<std::string> seeds;
  for (std::string line; std::getline(in, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    line.erase(0, line.find_first_not_of(" \t"));
    if (!line.empty() && line[0] != '#') seeds.push_back(line);
  }
  return seeds;
}

}  // namespace

Result<SnapshotRun> take_snapshots(Archive& archive, const Arguments& args,
                                   const std::vector<std::string>& targets) {
  if (!args.base.empty() && !Url::parse(args.base)) {
    return fail(ErrorCode::kUsage, "--base {} is no URL", args.base);
  }
  const auto fetcher = make_curl_fetcher(with_trusted_hosts(args.fetch, targets));
  if (!fetcher) return tl::unexpected(fetcher.error());
  watch_for_interrupts();
  SnapshotRun run = Run(archive, **fetcher, args).take_all(targets);

  const auto path =
      archive.write_report("snapshot-" + to_digits(run.report.started), to_json(run.report));
  // A run that has failed has said why; a full disk need not be told of twice.
  if (!path && run.report.failures.empty()) return tl::unexpected(path.error());
  run.report_path = path.value_or("none");
  return run;
}

Result<ExitCode> run_snapshot(const Arguments& args) {
  std::vector<std::string> targets = args.operands;
  if (!args.seeds_file.empty()) {
    const auto seeds = read_seeds(args.seeds_file);
    if (!seeds) return tl::unexpected(seeds.error());
    targets.insert(targets.end(), seeds->begin(), seeds->end());
  }
  const auto archive = Archive::open_for_writing(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const auto run = take_snapshots(**archive, args, targets);
  if (!run) return tl::unexpected(run.error());
  if (args.json) fmt::print("{}\n", to_json(run->report));
  if (!args.quiet) {
    fmt::print(stderr, "{} (report: {})\n", summary_line(run->report), run->report_path);
  }
  return run->code;
}

}  // namespace halftone
