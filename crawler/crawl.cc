#include "crawler/crawl.h"

#include "crawler/crawl_engine.h"

namespace halftone {

using namespace std::chrono_literals;

namespace {

// Requests on the way are waited for so long after an interruption.
constexpr auto kDrain = 10s;
constexpr auto kKeepStateEvery = 2s;
constexpr auto kKeepTrapsEvery = 60s;  // they are some megabytes

}  // namespace

Result<CrawlEnd> Crawl::run(const std::function<bool()>& keep_going) {
  const auto counts = frontier_.counts();
  if (!counts) return tl::unexpected(counts.error());
  resumed_ = counts->owed + counts->done > 0;
  capturer_.reuse_since(state_.begun);
  if (options_.sitemaps) {
    manners_.on_sitemaps(
        [this](const Url& robots, const auto& urls) { add_sitemaps(robots, urls); });
  }
  if (const auto added = judge_.add_seeds(); !added) return tl::unexpected(added.error());
  if (guide_) {
    const auto leads = guide_->leads();
    if (!leads) return tl::unexpected(leads.error());
    if (const auto added = add_leads(*leads); !added) return tl::unexpected(added.error());
  }
  fetcher_.begin_outside_work();  // the crawl itself
  soon();
  fetcher_.run([&] { return tick(keep_going); });
  be_over();
  pool_.reset();
  hosts_.write_ended();
  write_notes();
  const auto settled = recorder_.settle();
  if (!failure_) failure_ = recorder_.failure();
  if (failure_) return tl::unexpected(*failure_);
  if (!settled) return tl::unexpected(settled.error());
  if (auto kept = keep_state(true); !kept) return tl::unexpected(kept.error());
  const auto left = frontier_.counts();
  if (!left) return tl::unexpected(left.error());
  end_.owed = left->owed;
  end_.counts = capturer_.counts();
  end_.hosts = manners_.stats();
  report();
  return end_;
}

// Several times a second. False ends the run.
bool Crawl::tick(const std::function<bool()>& keep_going) {
  if (const auto failed = recorder_.failure()) fail_with(*failed);
  if (is_over()) return be_over();
  if (!stopping_ && !keep_going()) stop(CrawlEnd::Why::kInterrupted);
  check_limits();
  check_disk();
  if (stopping_ && (manners_.active() == 0 || Clock::now() - stopped_ > kDrain)) return be_over();
  park_old_pages();
  manners_.tidy();
  if (const auto tended = hosts_.tend(); !tended) fail_with(tended.error());
  if (Clock::now() - kept_ > kKeepStateEvery) {
    kept_ = Clock::now();
    write_notes();
    if (const auto kept = keep_state(false); !kept) fail_with(kept.error());
  }
  report();
  pump();
  look_for_end();
  return !over_;
}

// Not from within callbacks: they would call each other without end.
void Crawl::soon() {
  if (pumping_soon_) return;
  pumping_soon_ = true;
  fetcher_.after(0ms, [this] {
    pumping_soon_ = false;
    pump();
  });
}

void Crawl::pump() {
  while (!complete_pages_.empty() && !is_over()) {
    const Open open = complete_pages_.back();
    complete_pages_.pop_back();
    open->before ? finish_shown(open) : finish_page(open);
  }
  while (fetching_ < 2 * options_.parallel && !stopping_ && !disk_.is_short() && !is_over()) {
    const bool may_open = options_.max_pages == 0 || pages_begun_ < options_.max_pages;
    const auto work = hosts_.next(may_open && open_pages_.size() < kMostOpenPages);
    if (!work) return fail_with(work.error());
    if (!*work) break;
    begin(**work);
  }
  fresh_.tidy([this] { hosts_.write_ended(); });
  if (is_idle()) look_for_end();
}

bool Crawl::is_idle() const {
  return hosts_.under_way() == 0 && complete_pages_.empty() && !disk_.is_short();
}

// Nothing is on the way: either all is done, or what is owed may not be asked yet.
void Crawl::look_for_end() {
  if (!is_idle() || is_over() || stopping_) return;
  if (const auto tended = hosts_.tend(); !tended) return fail_with(tended.error());
  const bool enough = options_.max_pages > 0 && pages_begun_ >= options_.max_pages;
  if (!enough && hosts_.count() > 0) return;
  if (std::exchange(is_settled_, true) == false) {
    hosts_.write_ended();
    if (const auto settled = recorder_.settle(); !settled) return fail_with(settled.error());
  }
  const auto counts = frontier_.counts();
  if (!counts) return fail_with(counts.error());
  if (counts->owed > 0 && !enough) return;
  if (counts->owed > 0) {
    end_.why = CrawlEnd::Why::kLimit;
    end_.limit = fmt::format("--max-pages {}", options_.max_pages);
  }
  be_over();
}

// Nothing is begun any more, and what still comes is left alone.
bool Crawl::be_over() {
  if (!std::exchange(over_, true)) fetcher_.end_outside_work();
  return false;
}

void Crawl::stop(CrawlEnd::Why why) {
  stopping_ = true;
  stopped_ = Clock::now();
  end_.why = why;
  manners_.pause(true);
}

void Crawl::check_limits() {
  if (stopping_) return;
  const auto reached = [&](std::string limit) {
    end_.limit = std::move(limit);
    stop(CrawlEnd::Why::kLimit);
  };
  const bool is_late = options_.max_time.count() > 0 && Clock::now() - started_ > options_.max_time;
  if (is_late) return reached(fmt::format("--max-time {}", options_.max_time.count()));
  const bool is_much =
      options_.max_bytes > 0 && capturer_.counts().bytes_fetched > options_.max_bytes;
  if (is_much) reached(fmt::format("--max-bytes {}", options_.max_bytes));
}

void Crawl::check_disk() {
  const auto changed = disk_.look();
  if (!changed) return;
  manners_.pause(disk_.is_short());
  listener_.on_notice(*changed);
  soon();
}

void Crawl::report() {
  CrawlProgress progress{.pages = end_.pages,
                         .files = end_.files,
                         .missing = missing_,
                         .bytes = capturer_.counts().bytes_fetched,
                         .frontier = {},
                         .on_the_way = fetching_,
                         .waiting = {}};
  if (const auto counts = frontier_.counts()) progress.frontier = *counts;
  if (disk_.is_short()) {
    progress.waiting = "paused: the disk is nearly full";
  } else if (stopping_) {
    progress.waiting = "stopping";
  } else if (fetching_ == 0 && progress.frontier.owed > 0) {
    progress.waiting = "waiting until hosts may be asked again";
  }
  listener_.on_progress(progress);
}

Result<void> Crawl::keep_state(bool durable) {
  const CaptureCounts& counts = capturer_.counts();
  state_.requests = before_.requests + counts.requests;
  state_.bytes_fetched = before_.bytes_fetched + counts.bytes_fetched;
  state_.new_blobs = before_.new_blobs + counts.new_blobs;
  state_.new_bytes = before_.new_bytes + counts.new_bytes;
  if (durable || Clock::now() - kept_traps_ > kKeepTrapsEvery) {
    kept_traps_ = Clock::now();
    state_.host_pages = judge_.host_pages();
    const auto kept = states_.keep_traps(state_, judge_.save_traps());
    if (!kept) return kept;
  }
  state_.more_seeds = judge_.more_seeds();
  return states_.keep(state_, durable);
}

Result<CrawlEnd> crawl(Archive& archive, Fetcher& fetcher, Frontier& frontier, CrawlState& state,
                       const CrawlOptions& options, const std::function<bool()>& keep_going,
                       CrawlListener& listener, CrawlGuide* guide) {
  const auto traps = CrawlStates(archive.database()).traps_of(state);
  if (!traps) return tl::unexpected(traps.error());
  return Crawl(archive, fetcher, frontier, state, *traps, options, listener, guide).run(keep_going);
}

}  // namespace halftone
