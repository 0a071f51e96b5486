#include "tools/snapshot_run.h"

#include <cstdio>
#include <deque>
#include <set>

#include "crawler/document_source.h"
#include "crawler/local_files.h"
#include "store/digest.h"
#include "store/formats/describe.h"
#include "tools/interrupt.h"
#include "tools/log.h"
#include "tools/progress.h"
#include "tools/terminal.h"

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

// Under which name the archive remembers that these targets were begun.
std::string run_name(const std::vector<std::string>& targets) {
  Sha256 hash;
  for (const std::string& target : targets) hash.update(target + "\n");
  return "snapshot " + hash.finish().hex();
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

  Result<SnapshotRun> take_all(const std::vector<std::string>& targets) {
    run_.report.kind = "snapshot";
    run_.report.started = now();
    const std::string name = run_name(targets);
    const auto begun = archive_.runs().begin(name, run_.report.started);
    if (!begun) return tl::unexpected(begun.error());
    const bool is_recent = run_.report.started - *begun < kResumable;
    begun_ = is_recent ? *begun : run_.report.started;

    for (const std::string& target : targets) add(target);
    while (!waiting_.empty() && !ended_) {
      const std::string target = waiting_.front();
      waiting_.pop_front();
      if (!was_taken(target)) take(target);
    }
    run_.report.not_taken = waiting_.size();
    run_.report.ended = now();
    if (!ended_) {
      const auto finished = archive_.runs().finish(name);
      if (!finished) return tl::unexpected(finished.error());
    }
    return std::move(run_);
  }

 private:
  void add(const std::string& target) {
    if (known_.insert(target).second) waiting_.push_back(target);
  }

  // By the interrupted run that this one goes on with.
  bool was_taken(const std::string& target) {
    if (begun_ == run_.report.started) return false;
    const auto url = looks_like_url(target) ? Url::parse(target) : std::nullopt;
    const auto article = url ? archive_.articles().get(article_id(url->href_without_fragment()))
                             : Result<Article>(fail(ErrorCode::kNotFound, "no URL"));
    const bool taken = article && article->captured_at >= begun_;
    run_.report.already_taken += taken;
    return taken;
  }

  void take(const std::string& target) {
    auto result = take_snapshot(archive_, fetcher_, worker_, target, options_, progress_);
    progress_.clear();
    if (!result) return failed(target, result.error());
    if (result->feed) take_feed(target, *result->feed);
    if (!result->feed) tell_of(*result);
    run_.report.results.push_back(std::move(*result));
  }

  void take_feed(const std::string& target, const Feed& feed) {
    size_t taken = 0;
    for (const FeedEntry& entry : feed.entries) {
      if (looks_like_url(entry.url) && taken++ < kMostFeedArticles) add(entry.url);
    }
    if (!args_.quiet) tell("{}: a feed of {} articles\n", target, taken);
    if (taken == 0) failed(target, {ErrorCode::kInvalid, target + ": the feed lists no articles"});
  }

  void failed(const std::string& target, const Error& error) {
    tell("halftone: {}\n", error.message);
    run_.report.failures.push_back({target, error});
    run_.code = worse(run_.code, exit_code_for(error.code));
    ended_ = ends_the_run(error.code);
  }

  void tell_of(const SnapshotResult& result) {
    const Article& article = result.article;
    const Completeness complete = article.completeness();
    if (complete.missing > 0) run_.code = worse(run_.code, ExitCode::kIncomplete);
    log_info(fmt::format("{}: {}", article.url, describe(complete)));
    for (const std::string& warning : result.warnings) log_warning(warning);
    if (!args_.quiet && !args_.json) {
      say("{}  {}\n              {}\n              {}{}\n", article.id, article.facts.title,
          describe(complete), change_line(result), result.resumed ? ", resumed" : "");
      flush_output();
    }
    tell_missing(article);
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
      if (told.insert(url).second) tell("missing: {}: {}\n", url, reference.reason);
    }
  }

  Archive& archive_;
  Fetcher& fetcher_;
  const Arguments& args_;
  ImageWorker worker_;
  Progress progress_;
  SnapshotOptions options_;
  SnapshotRun run_;
  Time begun_{};  // of the run, or of the interrupted one that it goes on with
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

}  // namespace

Result<SnapshotRun> take_snapshots(Archive& archive, const Arguments& args,
                                   const std::vector<std::string>& targets) {
  const auto fetcher = make_curl_fetcher(with_trusted_hosts(args.fetch, targets));
  if (!fetcher) return tl::unexpected(fetcher.error());
  watch_for_interrupts();
  auto run = Run(archive, **fetcher, args).take_all(targets);
  if (!run) return run;

  const auto path =
      archive.write_report("snapshot-" + to_digits(run->report.started), to_json(run->report));
  // A run that has failed has said why; a full disk need not be told of twice.
  if (!path && run->report.failures.empty()) return tl::unexpected(path.error());
  run->report_path = path.value_or("none");
  return run;
}

}  // namespace halftone
