#include "tools/snapshot_run.h"

#include <cstdio>
#include <deque>
#include <filesystem>
#include <map>
#include <set>

#include "crawler/document_source.h"
#include "crawler/local_files.h"
#include "store/digest.h"
#include "store/formats/describe.h"
#include "tools/interrupt.h"
#include "tools/log.h"
#include "tools/progress.h"
#include "tools/seeds.h"
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

// The same wherever the program was started.
std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

// Under which name the archive remembers that these targets were begun.
std::string run_name(const std::vector<Target>& targets) {
  Sha256 hash;
  for (const Target& target : targets) hash.update(target.name + "\n");
  return "snapshot " + hash.finish().hex();
}

class Run {
 public:
  Run(Archive& archive, Fetcher& fetcher, const Arguments& args)
      : archive_(archive),
        fetcher_(fetcher),
        args_(args),
        pool_(kThisProgram, ImagePool::workers_for_this_machine()),
        progress_(args.quiet) {
    options_.capture = args.capture;
    options_.max_size = args.fetch.max_size;
    options_.keep_going = [] { return !interrupted(); };
    if (!args.base.empty()) options_.base = Url::parse(args.base);
  }

  Result<SnapshotRun> take_all(const std::vector<Target>& targets) {
    run_.report.kind = "snapshot";
    run_.report.started = now();
    const std::string name = run_name(targets);
    const auto begun = archive_.runs().begin(name, run_.report.started);
    if (!begun) return tl::unexpected(begun.error());
    begun_ = *begun;

    for (const Target& target : targets) add(target);
    while (!waiting_.empty() && !ended_) {
      const Target target = waiting_.front();
      waiting_.pop_front();
      if (!was_taken(target.name)) take(target);
    }
    run_.report.not_taken = waiting_.size() + left_out_;
    run_.report.ended = now();
    if (!ended_) {
      const auto finished = archive_.runs().finish(name);
      if (!finished) return tl::unexpected(finished.error());
    }
    return std::move(run_);
  }

 private:
  void add(const Target& target) {
    if (known_.insert(target.name).second) waiting_.push_back(target);
  }

  // By the interrupted run that this one goes on with, to its end. What it had found is told again.
  bool was_taken(const std::string& target) {
    const auto url = looks_like_url(target) ? Url::parse(target) : std::nullopt;
    if (begun_ == run_.report.started || !url) return false;
    const std::string address = url->href_without_fragment();
    const auto is_open = archive_.runs().is_open(address);
    const auto article = archive_.articles().get(article_id(address));
    if (!article || article->captured_at < begun_ || is_open.value_or(true)) return false;
    ++run_.report.already_taken;
    SnapshotResult result;
    result.article = *article;
    run_.report.add(result);
    run_.report.articles.back().changes = "taken before the interruption";
    tell_of(run_.report.articles.back(), 0);
    return true;
  }

  void take(const Target& wanted) {
    const std::string& target = wanted.name;
    options_.source = wanted.source;
    const auto entry = entries_.find(target);
    options_.feed_entry = entry == entries_.end() ? nullptr : &entry->second;
    auto result = take_snapshot(archive_, fetcher_, pool_, target, options_, progress_);
    progress_.clear();
    if (!result) return failed(target, result.error());
    if (result->feed) take_feed(target, *result->feed);
    run_.report.add(*result);
    if (!result->feed) tell_of(run_.report.articles.back(), result->counts.new_blobs);
  }

  void take_feed(const std::string& target, const Feed& feed) {
    const std::string source = looks_like_url(target) ? target : file_name(target);
    size_t listed = 0;
    for (const FeedEntry& entry : feed.entries) {
      if (!looks_like_url(entry.url) || ++listed > kMostFeedArticles) continue;
      add({entry.url, source});
      entries_.try_emplace(entry.url, entry);
    }
    for (const std::string& warning : feed.warnings) tell("{}: {}\n", target, warning);
    if (!args_.quiet) tell("{}: a feed of {} articles\n", target, listed);
    if (listed == 0) failed(target, {ErrorCode::kInvalid, target + ": the feed lists no articles"});
    if (listed <= kMostFeedArticles) return;
    left_out_ += listed - kMostFeedArticles;
    tell("{}: only the first {} of its articles are taken\n", target, kMostFeedArticles);
    run_.code = worse(run_.code, ExitCode::kIncomplete);
  }

  void failed(const std::string& target, const Error& error) {
    tell("halftone: {}\n", error.message);
    run_.report.failures.push_back({target, error});
    run_.code = worse(run_.code, exit_code_for(error.code));
    ended_ = ends_the_run(error.code);
  }

  void tell_of(const ArticleReport& article, size_t new_files) {
    if (article.completeness.missing > 0) run_.code = worse(run_.code, ExitCode::kIncomplete);
    log_info(fmt::format("{}: {}", article.url, describe(article.completeness)));
    for (const std::string& warning : article.warnings) log_warning(warning);
    if (!args_.quiet && !args_.json) {
      say("{}  {}\n              {}\n              {}, {} new file{}{}\n", article.id,
          article.title, describe(article.completeness), article.changes, new_files,
          new_files == 1 ? "" : "s", article.resumed ? ", resumed" : "");
      flush_output();
    }
    std::set<std::string> told;
    for (const MissingReference& missing : article.missing) {
      if (told.insert(missing.url).second) tell("missing: {}: {}\n", missing.url, missing.reason);
    }
  }

  Archive& archive_;
  Fetcher& fetcher_;
  const Arguments& args_;
  ImagePool pool_;
  Progress progress_;
  SnapshotOptions options_;
  SnapshotRun run_;
  Time begun_{};  // of the run, or of the interrupted one that it goes on with
  std::deque<Target> waiting_;
  std::set<std::string> known_;
  std::map<std::string, FeedEntry> entries_;  // of feeds, by the article's URL
  size_t left_out_ = 0;                       // of feeds that are too long
  bool ended_ = false;
};

// Named hosts may be private, and get what --header says.
void name_hosts(const std::vector<Target>& targets, const Arguments& args, FetchOptions& fetch) {
  for (const Target& target : targets) {
    const auto url = Url::parse(target.name);
    if (url && url->is_http()) fetch.seed_hosts.insert(url->hostname());
  }
  const auto base = Url::parse(args.base);
  if (base && base->is_http()) fetch.seed_hosts.insert(base->hostname());
}

}  // namespace

Result<SnapshotRun> take_snapshots(Archive& archive, const Arguments& given,
                                   const std::vector<Target>& named) {
  FetchOptions fetch = given.fetch;
  Arguments args = given;
  args.base = without_credentials(given.base, fetch);
  std::vector<Target> targets = named;
  for (Target& target : targets) target.name = without_credentials(target.name, fetch);
  name_hosts(targets, args, fetch);
  const auto fetcher = make_curl_fetcher(fetch);
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
