#include "tools/nightly_run.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "crawler/curl_fetcher.h"
#include "crawler/night_guide.h"
#include "crawler/stored_frontier.h"
#include "store/files.h"
#include "tools/interrupt.h"
#include "tools/log.h"
#include "tools/mirror_progress.h"
#include "tools/nightly_plan.h"
#include "tools/nightly_report.h"
#include "tools/nightly_steps.h"
#include "tools/seeds.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A full disk is waited for so long; a nightly job has others behind it.
constexpr auto kLongestPause = std::chrono::minutes(2);
constexpr size_t kMostDoubted = 1000;

// Shows how the crawl goes, counts for the plan, and sees when it stands still for want of room.
class NightProgress : public CrawlListener {
 public:
  NightProgress(bool quiet, NightPlan& plan) : shown_(quiet, false), plan_(plan) {}

  void on_progress(const CrawlProgress& progress) override {
    plan_.spend(progress.bytes - std::exchange(bytes_, progress.bytes));
    if (!progress.waiting.starts_with("paused")) {
      paused_.reset();
    } else if (!paused_) {
      paused_ = SteadyClock::now();
    }
    shown_.on_progress(progress);
  }
  void on_result(const CrawlResult& result) override { shown_.on_result(result); }
  void on_article(const Article& article) override { shown_.on_article(article); }
  void on_notice(const std::string& text) override {
    shown_.clear();
    log_warning(text);
  }

  bool stands_still() const { return paused_ && SteadyClock::now() - *paused_ > kLongestPause; }
  void clear() { shown_.clear(); }

 private:
  MirrorProgress shown_;
  NightPlan& plan_;
  uint64_t bytes_ = 0;
  std::optional<SteadyClock::time_point> paused_;
};

class Night {
 public:
  Night(const Job& job, NightPlan& plan) : job_(job), plan_(plan) {
    run_.job = job.name;
    run_.archive = job.args.archive;
    run_.begun = now();
  }

  NightRun run() {
    if (auto limit = plan_.reached(); !limit.empty()) {
      run_.end = {
          .why = CrawlEnd::Why::kLimit, .limit = std::move(limit), .counts = {}, .hosts = {}};
      run_.code = ExitCode::kIncomplete;
      run_.ended = now();
      return std::move(run_);
    }
    if (auto done = with_archive(); !done) {
      run_.failure = done.error().message;
      run_.code = worse(run_.code, exit_code_for(done.error().code));
      run_.ended = now();
    }
    return std::move(run_);
  }

 private:
  void add_steps(std::vector<NightStep> steps) {
    for (NightStep& step : steps) {
      run_.code = worse(run_.code, step.code);
      run_.steps.push_back(std::move(step));
    }
  }

  Result<void> with_archive() {
    auto archive = Archive::open_for_writing(run_.archive);
    if (!archive) return tl::unexpected(archive.error());
    run_.disk_before = disk_usage(run_.archive);
    if (auto room = check_room(); !room) return room;
    if (auto crawled = crawl_all(**archive); !crawled) return crawled;
    run_.code = worse(run_.code, code_of_crawl());
    if (!interrupted()) add_steps(steps_with_archive(**archive, job_.args, run_.result));
    run_.disk_after = disk_usage(run_.archive);
    if (has_steps_beside(job_.args)) {
      archive = with_steps_beside(*std::move(archive));
      if (!archive) return tl::unexpected(archive.error());
    }
    remember(**archive);
    return {};
  }

  Result<void> check_room() {
    std::error_code error;
    const auto space = std::filesystem::space(run_.archive, error);
    if (error) return {};
    run_.disk_free = space.available;
    const uint64_t least = job_.args.mirror.crawl.min_free;
    if (space.available >= least) return {};
    return fail(ErrorCode::kNoSpace, "{}: {} bytes are free, --min-free asks for {}", run_.archive,
                space.available, least);
  }

  // ---- the crawl

  Result<void> crawl_all(Archive& archive) {
    FetchOptions fetch = fetch_options();
    const auto last = NightRows(archive.database(), job_.name).job();
    if (!last) return tl::unexpected(last.error());
    doubted_ = last->silent_hosts;
    const NightOptions options = night_options(fetch);
    const std::vector<std::string> seeds = seeds_of(options, fetch);
    const auto fetcher = make_curl_fetcher(fetch);
    if (!fetcher) return tl::unexpected(fetcher.error());
    NightGuide guide(archive, options);
    auto crawled = crawl_parts(archive, **fetcher, guide, seeds);
    auto result = guide.result();
    if (!crawled) return crawled;
    if (!result) return tl::unexpected(result.error());
    run_.result = *std::move(result);
    return {};
  }

  // No wait for one host is longer than what it may take of the night.
  FetchOptions fetch_options() const {
    FetchOptions fetch = job_.args.fetch;
    const auto host_time = job_.args.nightly.host_time;
    if (host_time.count() == 0) return fetch;
    fetch.connect_timeout = std::min(fetch.connect_timeout, host_time);
    fetch.stall_timeout = std::min(fetch.stall_timeout, host_time);
    fetch.max_time = std::min(fetch.max_time, host_time);
    return fetch;
  }

  NightOptions night_options(FetchOptions& fetch) const {
    const NightlyArguments& nightly = job_.args.nightly;
    NightOptions options{.job = job_.name,
                         .sources = {},
                         .starts = {},
                         .scope = job_.args.mirror.scope,
                         .limits = nightly.revisit,
                         .file_age = nightly.file_age,
                         .whole_every = nightly.whole_every,
                         .host_bytes = nightly.host_bytes,
                         .host_time = nightly.host_time,
                         .silent_hosts = plan_.silent_hosts()};
    const auto add = [&](SourceKind kind, const std::vector<std::string>& urls) {
      for (const std::string& url : urls) {
        options.sources.emplace_back(kind, plain(without_credentials(url, fetch)));
      }
    };
    add(SourceKind::kFeed, nightly.feeds);
    add(SourceKind::kSitemap, nightly.sitemaps);
    add(SourceKind::kList, nightly.lists);
    add(SourceKind::kOpml, nightly.opml);
    if (options.scope.reach != Reach::kPage) {
      for (const std::string& url : urls_of(fetch)) options.starts.push_back(url);
    }
    return options;
  }

  static std::string plain(const std::string& url) {
    const auto parsed = Url::parse(url);
    return parsed ? parsed->href_without_fragment() : url;
  }

  std::vector<std::string> urls_of(FetchOptions& fetch) const {
    std::vector<std::string> urls;
    for (const std::string& url : job_.args.nightly.urls) {
      urls.push_back(plain(without_credentials(url, fetch)));
    }
    if (job_.args.seeds_file.empty()) return urls;
    const auto listed = read_seeds(job_.args.seeds_file);
    if (!listed) {
      tell("halftone: {}: {}\n", job_.name, listed.error().message);
      return urls;
    }
    for (const std::string& url : *listed) urls.push_back(plain(without_credentials(url, fetch)));
    return urls;
  }

  std::vector<std::string> seeds_of(const NightOptions& options, FetchOptions& fetch) const {
    std::vector<std::string> seeds;
    for (const auto& [kind, url] : options.sources) seeds.push_back(url);
    for (std::string& url : urls_of(fetch)) seeds.push_back(std::move(url));
    for (const std::string& seed : seeds) {
      if (const auto url = Url::parse(seed)) fetch.seed_hosts.insert(url->hostname());
    }
    return seeds;
  }

  // What an interrupted night still owed comes first, then what is due tonight.
  Result<void> crawl_parts(Archive& archive, Fetcher& fetcher, NightGuide& guide,
                           const std::vector<std::string>& seeds) {
    CrawlStates states(archive.database());
    auto known = states.find_job(job_.name);
    if (!known) return tl::unexpected(known.error());
    if (*known && !(*known)->ended && !job_.args.mirror.restart) {
      if (!job_.args.quiet) {
        tell("{}: going on with what was begun on {}\n", job_.name, to_iso8601((*known)->begun));
      }
      (*known)->seeds = seeds;
      (*known)->scope = job_.args.mirror.scope;
      if (auto done = crawl_part(archive, fetcher, guide, **known); !done) return done;
      if (run_.end.why != CrawlEnd::Why::kDone) return {};
    }
    if (*known) {
      const auto removed = remove_frontier(archive.database(), (*known)->run);
      if (!removed) return tl::unexpected(removed.error());
    }
    CrawlState state{.job = job_.name, .seeds = seeds, .scope = job_.args.mirror.scope};
    state.begun = now();
    state.run = to_digits(state.begun).substr(0, 20);
    state.ignored_robots = job_.args.mirror.crawl.manners.ignore_robots;
    if (auto kept = states.keep(state, true); !kept) return kept;
    return crawl_part(archive, fetcher, guide, state);
  }

  Result<void> crawl_part(Archive& archive, Fetcher& fetcher, NightGuide& guide,
                          CrawlState& state) {
    const auto frontier = StoredFrontier::open(archive.database(), state.run);
    if (!frontier) return tl::unexpected(frontier.error());
    const CrawlOptions options = crawl_options();
    const bool is_log = job_.args.nightly.log_format == "json";
    NightProgress progress(job_.args.quiet || is_log, plan_);
    const auto goes_on = [&] {
      return !interrupted() && !progress.stands_still() && plan_.reached().empty();
    };
    const auto end = crawl(archive, fetcher, **frontier, state, options, goes_on, progress, &guide);
    progress.clear();
    if (!end) return tl::unexpected(end.error());
    note_end(*end, progress);
    if (run_.end.why != CrawlEnd::Why::kDone) return {};
    state.ended = now();
    if (auto kept = CrawlStates(archive.database()).keep(state, true); !kept) return kept;
    // From here on captures, visits and what is missing tell what became of each URL.
    return remove_frontier(archive.database(), state.run);
  }

  CrawlOptions crawl_options() const {
    CrawlOptions options = job_.args.mirror.crawl;
    options.sitemaps = options.sitemaps && job_.args.mirror.scope.reach != Reach::kPage;
    options.manners.paces = plan_.paces();
    options.manners.patience = job_.args.nightly.host_time;
    options.manners.doubted = {doubted_.begin(), doubted_.end()};
    // The second part of a night has what the first one left.
    if (options.max_time.count() > 0) {
      const auto spent =
          std::chrono::duration_cast<std::chrono::seconds>(SteadyClock::now() - begun_);
      options.max_time = std::max(options.max_time - spent, std::chrono::seconds(1));
    }
    if (options.max_bytes > 0) {
      options.max_bytes -= std::min(options.max_bytes - 1, run_.counts.bytes_fetched);
    }
    return options;
  }

  void note_end(const CrawlEnd& end, const NightProgress& progress) {
    run_.end = end;
    if (end.why == CrawlEnd::Why::kInterrupted && !interrupted()) {
      run_.end.why = CrawlEnd::Why::kLimit;
      run_.end.limit = progress.stands_still()
                           ? fmt::format("--min-free {}", job_.args.mirror.crawl.min_free)
                           : plan_.reached();
    }
    run_.counts.requests += end.counts.requests;
    run_.counts.answers += end.counts.answers;
    run_.counts.bytes_fetched += end.counts.bytes_fetched;
    run_.counts.new_blobs += end.counts.new_blobs;
    run_.counts.new_bytes += end.counts.new_bytes;
    run_.counts.confirmed += end.counts.confirmed;
    note_silent_hosts(end);
  }

  // What is silent tonight is doubted the next night.
  void note_silent_hosts(const CrawlEnd& end) {
    for (const auto& [host, stats] : end.hosts) {
      if (stats.answers > 0) doubted_.erase(host);
      if (stats.answers > 0 || stats.failures == 0) continue;
      plan_.note_silent(host, job_.name);
      if (doubted_.size() < kMostDoubted) doubted_.insert(host);
    }
  }

  ExitCode code_of_crawl() const {
    if (run_.end.why == CrawlEnd::Why::kInterrupted) return ExitCode::kInterrupted;
    const NightResult& night = run_.result;
    const auto is_silent = [](const NightSource& source) { return source.silent > 0; };
    const bool is_failed = night.asked == night.failed_pages &&
                           std::ranges::all_of(night.sources, is_silent) &&
                           night.failed_pages + night.sources.size() > 0;
    if (is_failed && run_.end.why == CrawlEnd::Why::kDone) return ExitCode::kFailed;
    const bool is_complete = run_.end.why == CrawlEnd::Why::kDone && night.missing_files == 0 &&
                             night.failed_pages == 0 &&
                             std::ranges::none_of(night.sources, is_silent);
    return is_complete ? ExitCode::kOk : ExitCode::kIncomplete;
  }

  // ---- what is remembered

  // Checks and backups are quicker where nobody writes; nor may anybody begin to.
  Result<std::unique_ptr<Archive>> with_steps_beside(std::unique_ptr<Archive> archive) {
    WriterLock lock = Archive::close(std::move(archive));
    if (!interrupted()) add_steps(steps_beside(job_.args));
    return Archive::open_for_writing(run_.archive, std::move(lock));
  }

  void remember(Archive& archive) {
    run_.ended = now();
    const NightRows rows(archive.database(), job_.name);
    auto known = rows.job();
    NightJob job = known.value_or(NightJob());
    job.name = job_.name;
    job.marks.push_back({run_.ended, run_.disk_after});
    if (job.marks.size() > NightJob::kMostMarks) job.marks.erase(job.marks.begin());
    run_.marks = job.marks;
    if (auto written = write_night_reports(archive, run_); !written) {
      tell("halftone: no report: {}\n", written.error().message);
      run_.code = worse(run_.code, exit_code_for(written.error().code));
    }
    job.silent_hosts = doubted_;
    job.begun = run_.begun;
    job.ended = run_.ended;
    job.outcome = end_of_night(run_);
    job.summary = summary_line(run_);
    job.report = run_.page_path;
    job.code = static_cast<int>(run_.code);
    if (auto kept = rows.keep(job); !kept) {
      tell("halftone: {}\n", kept.error().message);
      run_.code = worse(run_.code, exit_code_for(kept.error().code));
    }
  }

  const Job& job_;
  NightPlan& plan_;
  const SteadyClock::time_point begun_ = SteadyClock::now();
  NightRun run_;
  std::set<std::string> doubted_;  // hosts that did not answer the last time
};

}  // namespace

NightRun run_night(const Job& job, NightPlan& plan) { return Night(job, plan).run(); }

}  // namespace halftone
