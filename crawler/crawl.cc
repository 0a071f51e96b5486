#include "crawler/crawl.h"

#include <deque>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "crawler/canonical_url.h"
#include "crawler/disk_watch.h"
#include "crawler/fresh_results.h"
#include "crawler/link_judge.h"
#include "crawler/open_page.h"
#include "crawler/same_bodies.h"
#include "crawler/text_fingerprint.h"
#include "store/article_pictures.h"

namespace halftone {

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;
using Step = CrawlResult::Step;

// Pages that wait for what they show. More are not begun; so that a slow host does not keep the
// others waiting, one that waits for long, or for a while where there are so many, is put aside: it
// is looked through again when all that it waits for has come. What cannot be remembered of those
// goes back into the frontier.
constexpr size_t kMostOpenPages = 192;
constexpr auto kLongestOpen = 60s;
constexpr auto kLongestCrowding = 2s;
constexpr size_t kMostParked = 4096;
// What came to nothing lasting is asked for so often, each time after a longer wait.
constexpr uint32_t kMostTries = 4;
constexpr uint32_t kMostRedirects = 20;  // as browsers follow (WHATWG Fetch, 4.4)
constexpr size_t kLongestHost = 255;     // RFC 1035, 3.1
// Requests on the way are waited for so long after an interruption.
constexpr auto kDrain = 10s;
constexpr auto kKeepStateEvery = 2s;
constexpr auto kKeepTrapsEvery = 60s;  // they are some megabytes

class Crawl {
 public:
  Crawl(Archive& archive, Fetcher& fetcher, Frontier& frontier, CrawlState& state,
        const CrawlOptions& options, CrawlListener& listener)
      : archive_(archive),
        fetcher_(fetcher),
        frontier_(frontier),
        state_(state),
        options_(options),
        listener_(listener),
        judge_(state, frontier),
        recorder_(archive, fetcher),
        manners_(fetcher, recorder_, options.manners),
        capturer_(archive, recorder_, fetcher, manners_, options.capture),
        hosts_(frontier, recorder_, manners_),
        fresh_(recorder_, fetcher),
        disk_(archive.folder(), options.min_free) {}

  Result<CrawlEnd> run(const std::function<bool()>& keep_going);

 private:
  using Work = LeasedHosts::Work;
  using Open = std::shared_ptr<OpenPage>;

  // Asks the frontier for what one page shows.
  class PageSource : public RequisiteSource {
   public:
    PageSource(Crawl& crawl, const Open& open) : crawl_(crawl), open_(open) {}
    void ask(CaptureWish wish, Capturer::Done done) override {
      if (const Open open = open_.lock()) crawl_.ask(open, std::move(wish), std::move(done));
    }

   private:
    Crawl& crawl_;
    std::weak_ptr<OpenPage> open_;
  };

  // ---- the loop
  bool tick(const std::function<bool()>& keep_going);
  void soon();
  void pump();
  bool is_idle() const;
  void look_for_end();
  bool be_over();
  void stop(CrawlEnd::Why why);
  void check_limits();
  void check_disk();
  void report();
  Result<void> keep_state(bool durable);
  void fail_with(const Error& error) {
    if (!failure_) failure_ = error;
  }
  bool is_over() const { return over_ || failure_.has_value(); }

  // ---- files
  void begin(const Work& work);
  // What a page shows, on its way into the frontier.
  struct Asked {
    std::string key;
    OwedUrl owed;
    std::string host;
    Capturer::Done done;
  };
  void ask(const Open& open, CaptureWish wish, Capturer::Done done);
  void add_asked(const Open& open);
  void know_of(const Open& open, Asked one, const UrlState& state);
  bool was_had_otherwise(const std::string& key);
  void begin_file(const Work& work, const OwedUrl& owed, const Url& url);
  void file_came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome);
  void end(const Work& work, const CrawlResult& result);
  bool try_later(const Work& work, OwedUrl owed, const CaptureOutcome& outcome);
  CaptureOutcome without_stand_in(const CaptureOutcome& outcome, const OwedUrl& owed);
  CrawlResult result_of(const OwedUrl& owed, const CaptureOutcome& outcome, Step step) const;

  // ---- pages
  void begin_page(const Work& work, const OwedUrl& owed, const Url& url);
  void page_came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome);
  bool leads_elsewhere(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome);
  void scan(const Open& open);
  void scanned(const Open& open, ScannedPage page);
  bool waits_for_canonical(const Open& open);
  void open_article(const Open& open);
  bool is_kept(const Open& open);
  void check_complete(const Open& open);
  void finish_page(const Open& open);
  void end_page(const Open& open, Step step, const std::string& why, const std::string& other);
  void park(const Open& open);
  void unpark(const Work& work, const OwedUrl& owed, Clock::duration wait);
  void park_old_pages();
  void wait_for(const Open& open, const std::string& key,
                std::function<void(const CrawlResult&)> told);
  void add_sitemaps(const Url& robots, const std::vector<std::string>& urls);
  void touched(const std::vector<std::string>& hosts);

  Archive& archive_;
  Fetcher& fetcher_;
  Frontier& frontier_;
  CrawlState& state_;
  const CrawlOptions& options_;
  CrawlListener& listener_;
  LinkJudge judge_;
  Recorder recorder_;
  Manners manners_;
  Capturer capturer_;
  LeasedHosts hosts_;
  FreshResults fresh_;
  DiskWatch disk_;

  CrawlEnd end_;
  CrawlState before_ = state_;  // counters of earlier parts
  std::optional<Error> failure_;
  bool resumed_ = false;
  bool pumping_soon_ = false;
  bool stopping_ = false;  // nothing new is begun
  bool over_ = false;
  bool is_settled_ = false;  // nothing was given to the recorder since
  Clock::time_point started_ = Clock::now(), stopped_{}, kept_ = started_, kept_traps_ = started_;

  size_t fetching_ = 0;
  size_t pages_begun_ = 0, missing_ = 0;
  std::unordered_set<Open> open_pages_;
  size_t parked_ = 0;
  std::vector<Open> complete_pages_;
  SameBodies same_bodies_;
  SheetReader sheets_{archive_};
  std::vector<Asked> asked_;  // by the page that is being opened, not told to the frontier yet
  std::unique_ptr<ScanPool> pool_ = std::make_unique<ScanPool>();
};

// ---- the loop

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
  fetcher_.begin_outside_work();  // the crawl itself
  soon();
  fetcher_.run([&] { return tick(keep_going); });
  be_over();
  pool_.reset();
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
    finish_page(open);
  }
  while (fetching_ < options_.parallel && !stopping_ && !disk_.is_short() && !is_over()) {
    const bool may_open = options_.max_pages == 0 || pages_begun_ < options_.max_pages;
    const auto work = hosts_.next(may_open && open_pages_.size() < kMostOpenPages);
    if (!work) return fail_with(work.error());
    if (!*work) break;
    begin(**work);
  }
  fresh_.tidy();
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
    state_.traps = judge_.save_traps();
    state_.host_pages = judge_.host_pages();
  }
  state_.more_seeds = judge_.more_seeds();
  return CrawlStates(archive_.database()).keep(state_, durable);
}

// ---- files

void Crawl::begin(const Work& work) {
  const auto owed = decode_owed(work.url.note);
  const auto url = owed ? Url::parse(owed->url) : std::nullopt;
  if (!url) {
    hosts_.fetched(work);
    CrawlResult damaged;
    damaged.url = work.url.key;
    damaged.outcome.reason = "what the frontier says of it is damaged";
    return end(work, damaged);
  }
  if (work.given_up) {
    hosts_.fetched(work);
    const CaptureOutcome outcome{
        .reason = fmt::format("{} did not answer for long and was given up", work.host),
        .final_url = owed->url};
    return end(work, result_of(*owed, outcome, Step::kMissing));
  }
  ++fetching_;
  is_settled_ = false;
  work.url.rank < kFirstPageRank ? begin_file(work, *owed, *url) : begin_page(work, *owed, *url);
}

// The same URL may be a page that somebody links to and a picture that somebody shows.
bool Crawl::was_had_otherwise(const std::string& key) {
  if (fresh_.find(key)) return true;
  const auto state = frontier_.find(key);
  if (!state) fail_with(state.error());
  return state && state->step == UrlState::Step::kDone;
}

void Crawl::begin_file(const Work& work, const OwedUrl& owed, const Url& url) {
  CaptureWish wish{.url = url,
                   .kind = owed.kind,
                   .document = owed.document.empty() ? std::nullopt : Url::parse(owed.document),
                   .policy = owed.policy,
                   .may_be_known = resumed_ || owed.tries > 0 || owed.may_be_known ||
                                   was_had_otherwise(frontier_page_key(url)),
                   .is_guess = owed.is_guess};
  capturer_.capture(std::move(wish), [this, work, owed](const CaptureOutcome& outcome) {
    file_came(work, owed, outcome);
  });
}

void Crawl::file_came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome) {
  if (is_over()) return;
  --fetching_;
  hosts_.fetched(work);
  soon();
  if (try_later(work, owed, outcome)) return;
  const CaptureOutcome judged = without_stand_in(outcome, owed);
  const Step missing = judged.blocked ? Step::kBlocked : Step::kMissing;
  end(work, result_of(owed, judged, judged.archived ? Step::kFile : missing));
}

// One body under many addresses stands in for what was asked for. It is no use to ask again soon.
CaptureOutcome Crawl::without_stand_in(const CaptureOutcome& outcome, const OwedUrl& owed) {
  const auto url = Url::parse(outcome.final_url);
  const bool is_page = owed.kind == Kind::kPage;
  const bool is_image = outcome.type.starts_with("image/");
  if (!outcome.archived || !url || (is_page ? outcome.type != "text/html" : !is_image))
    return outcome;
  const SeenBody body{.kind = is_page ? SeenBody::Kind::kPage : SeenBody::Kind::kImage,
                      .size = outcome.size};
  const auto reason = same_bodies_.saw(*url, outcome.digest, body);
  if (!reason) return outcome;
  CaptureOutcome judged = outcome;
  judged.archived = false;
  judged.blocked = true;
  judged.reason = *reason;
  return judged;
}

CrawlResult Crawl::result_of(const OwedUrl& owed, const CaptureOutcome& outcome, Step step) const {
  CrawlResult result;
  result.step = step;
  result.outcome = outcome;
  result.outcome.text.reset();
  result.url = owed.url;
  result.document = owed.document;
  result.is_guess = owed.is_guess;
  return result;
}

// Writes down what came of it, and tells who waits.
void Crawl::end(const Work& work, const CrawlResult& result) {
  const std::string& key = work.url.key;
  hosts_.end(work, result);
  end_.files += result.step == Step::kFile;
  missing_ += !result.is_guess && (result.step == Step::kMissing || result.step == Step::kBlocked);
  listener_.on_result(result);
  fresh_.came(key, result);
}

// What may go better later goes back into the frontier.
bool Crawl::try_later(const Work& work, OwedUrl owed, const CaptureOutcome& outcome) {
  if (outcome.archived || (!outcome.temporary && !outcome.blocked)) return false;
  if (++owed.tries >= kMostTries) return false;
  const auto base = options_.capture.retry_delay * 30;
  const auto wait = std::max<std::chrono::milliseconds>(base * (1 << (2 * (owed.tries - 1))),
                                                        outcome.retry_after);
  hosts_.put_back(work, owed, now() + wait);
  return true;
}

void Crawl::ask(const Open& open, CaptureWish wish, Capturer::Done done) {
  const Url url = wish.url;
  if (!url.is_http()) return capturer_.capture(std::move(wish), std::move(done));  // tells why not
  if (url.href().size() > kLongestCrawlUrl || url.host().size() > kLongestHost) {
    return done({.reason = "its URL is too long"});
  }
  const std::string key = frontier_file_key(url);
  if (const CrawlResult* known = fresh_.find(key)) return done(known->outcome);
  asked_.push_back({key,
                    {.url = url.href_without_fragment(),
                     .kind = wish.kind,
                     .document = wish.document ? wish.document->href_without_fragment() : "",
                     .policy = wish.policy,
                     .depth = open->owed.depth,
                     .hops = open->owed.hops,
                     .is_guess = wish.is_guess},
                    url.host(),
                    std::move(done)});
  if (!open->is_asking) add_asked(open);
}

// All at once; what is known already may lead to more.
void Crawl::add_asked(const Open& open) {
  while (!asked_.empty() && !is_over()) {
    std::vector<Asked> asked = std::exchange(asked_, {});
    std::vector<FrontierUrl> urls;
    urls.reserve(asked.size());
    for (const Asked& one : asked) {
      const uint8_t rank = file_rank(one.owed.kind, one.owed.is_guess);
      urls.push_back({one.key, one.host, rank, encode(one.owed)});
    }
    const auto added = frontier_.add(urls, now());
    if (!added) return fail_with(added.error());
    for (size_t i = 0; i < asked.size(); ++i) know_of(open, std::move(asked[i]), (*added)[i]);
  }
}

void Crawl::know_of(const Open& open, Asked one, const UrlState& state) {
  if (state.step == UrlState::Step::kDone) {
    const auto result = decode_result(state.result);
    return one.done(result ? result->outcome : CaptureOutcome{.reason = "its result is damaged"});
  }
  hosts_.added(one.host);
  wait_for(open, one.key,
           [done = std::move(one.done)](const CrawlResult& result) { done(result.outcome); });
}

// A page that was put aside meanwhile is told nothing.
void Crawl::wait_for(const Open& open, const std::string& key,
                     std::function<void(const CrawlResult&)> told) {
  open->waits_for.insert(key);
  fresh_.wait(key, [weak = std::weak_ptr(open), key, told = std::move(told)](const auto& result) {
    const Open waiting = weak.lock();
    if (!waiting) return;
    waiting->waits_for.erase(key);
    told(result);
  });
}

// ---- pages

void Crawl::begin_page(const Work& work, const OwedUrl& owed, const Url& url) {
  ++pages_begun_;
  const CaptureWish wish{
      .url = url,
      .kind = Kind::kPage,
      .document = owed.document.empty() ? std::nullopt : Url::parse(owed.document),
      .policy = owed.policy,
      .may_be_known = resumed_ || owed.tries > 0 || owed.may_be_known ||
                      was_had_otherwise(frontier_file_key(url)),
      // Another page is owed by itself, and asked for once whoever leads to it.
      .ends_at = [key = work.url.key](const Url& target) {
        return frontier_page_key(target) != key;
      }};
  capturer_.capture(
      wish, [this, work, owed](const CaptureOutcome& outcome) { page_came(work, owed, outcome); });
}

void Crawl::page_came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome) {
  if (is_over()) return;
  --fetching_;
  hosts_.fetched(work);
  soon();
  if (try_later(work, owed, outcome)) {
    --pages_begun_;
    return;
  }
  if (!outcome.archived) {
    const Step refused = outcome.denied ? Step::kSkipped : Step::kMissing;
    return end(work, result_of(owed, outcome, outcome.blocked ? Step::kBlocked : refused));
  }
  if (leads_elsewhere(work, owed, outcome)) return;
  const CaptureOutcome judged = without_stand_in(outcome, owed);
  if (!judged.archived) return end(work, result_of(owed, judged, Step::kBlocked));
  const auto open = std::make_shared<OpenPage>(OpenPage{.work = work,
                                                        .owed = owed,
                                                        .outcome = outcome,
                                                        .page = {},
                                                        .source = {},
                                                        .requisites = {},
                                                        .waits_for = {}});
  open_pages_.insert(open);
  scan(open);
}

// A redirect leads to a page of its own: that one is kept, under its own address.
bool Crawl::leads_elsewhere(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome) {
  const auto target = Url::parse(outcome.final_url);
  if (!target || frontier_page_key(*target) == work.url.key) return false;
  CrawlResult result = result_of(owed, outcome, Step::kAlias);
  result.other = target->href_without_fragment();
  if (owed.redirects >= kMostRedirects) {
    result.step = Step::kMissing;
    result.outcome.archived = false;
    result.outcome.reason = fmt::format("more than {} redirects", kMostRedirects);
    end(work, result);
    return true;
  }
  const auto added = judge_.add_target(*target, owed);
  if (!added) {
    fail_with(added.error());
    return true;
  }
  if (!added->empty()) {  // the rule that leaves it out
    result.step = Step::kSkipped;
    result.outcome.reason = fmt::format("redirected to {}: {}", result.other, *added);
  }
  hosts_.added(target->host());
  end(work, result);
  return true;
}

void Crawl::scan(const Open& open) {
  fetcher_.begin_outside_work();
  pool_->push([this, open] {
    auto page = scan_page(archive_, open->outcome);
    Result<std::vector<std::string>> hosts;
    if (page) hosts = judge_.add_links(*page, open->owed, open->outcome.digest);
    fetcher_.post([this, open, page = std::move(page), hosts = std::move(hosts)]() mutable {
      fetcher_.end_outside_work();
      if (is_over()) return;
      if (!page) return fail_with(page.error());
      if (!hosts) return fail_with(hosts.error());
      touched(*hosts);
      scanned(open, *std::move(page));
      soon();
    });
  });
}

void Crawl::touched(const std::vector<std::string>& hosts) {
  for (const std::string& host : hosts) hosts_.added(host);
}

void Crawl::scanned(const Open& open, ScannedPage page) {
  open->page = std::move(page);
  open->outcome.text.reset();
  const ScannedPage& seen = *open->page;
  if (!seen.problem.empty()) return end_page(open, Step::kSkipped, seen.problem, "");
  const bool is_article = seen.type == DocumentType::kHtml || seen.type == DocumentType::kMarkdown;
  if (!is_article) return end_page(open, Step::kFile, "", "");
  if (seen.noarchive && options_.obey_noarchive) {
    return end_page(open, Step::kSkipped, "the page asks not to be archived (noarchive)", "");
  }
  if (is_kept(open)) return end_page(open, Step::kArticle, "", "");
  if (!waits_for_canonical(open)) open_article(open);
}

// By an earlier part of this crawl, which ended before it could write down that it was done.
bool Crawl::is_kept(const Open& open) {
  if (!resumed_) return false;
  const auto kept = archive_.articles().get(article_id(open->page->url.href_without_fragment()));
  return kept && kept->captured_at >= state_.begun && kept->begun_at == state_.begun &&
         kept->digest == open->outcome.digest;
}

// A page that names another address as its own is kept under that one, if the same text stands
// there. Of two that name each other, the one that is not waited for waits.
bool Crawl::waits_for_canonical(const Open& open) {
  const auto canonical = judge_.canonical_of(*open->page);
  if (!canonical) return false;
  const std::string key = frontier_page_key(*canonical);
  if (key == open->work.url.key || fresh_.is_awaited(open->work.url.key)) return false;
  const auto decide = [this, weak = std::weak_ptr(open)](const CrawlResult& result) {
    const Open waiting = weak.lock();
    if (!waiting) return;
    const bool is_same = result.step == Step::kArticle &&
                         is_nearly_same(result.fingerprint, waiting->page->fingerprint);
    if (is_same) return end_page(waiting, Step::kAlias, "", result.url);
    open_article(waiting);
  };
  if (const CrawlResult* known = fresh_.find(key)) {
    decide(*known);
    return true;
  }
  const auto state = judge_.add_canonical(*canonical, open->owed);
  if (!state) {
    fail_with(state.error());
    return true;
  }
  if (state->step == UrlState::Step::kDone) {
    const auto result = decode_result(state->result);
    if (!result) return false;
    decide(*result);
    return true;
  }
  hosts_.added(canonical->host());
  wait_for(open, key, decide);
  return true;
}

void Crawl::open_article(const Open& open) {
  const ScannedPage& page = *open->page;
  open->source = std::make_unique<PageSource>(*this, open);
  open->requisites.emplace(archive_, *open->source, sheets_, std::nullopt, options_.max_size,
                           [this, weak = std::weak_ptr(open)](const auto&, const auto&) {
                             if (const Open told = weak.lock()) check_complete(told);
                           });
  const bool own = page.scan.referrer_policy != ReferrerPolicy::kUnset;
  open->is_asking = true;
  open->requisites->want(
      page.scan.references, page.url,
      own ? page.scan.referrer_policy : policy_from_header(open->outcome.referrer_policy));
  add_asked(open);
  open->is_asking = false;
  check_complete(open);
}

void Crawl::check_complete(const Open& open) {
  const Requisites& requisites = *open->requisites;
  if (requisites.failure()) return fail_with(*requisites.failure());
  if (open->is_asking || open->is_ending || requisites.done() < requisites.wanted()) return;
  open->is_ending = true;
  complete_pages_.push_back(open);
  soon();
}

// Blob, capture, article, and only then "done".
void Crawl::finish_page(const Open& open) {
  Article article = article_of(*open, state_.begun, state_.seeds.front());
  // Where a picture cannot be read, which verify tells of, the page's own word stands.
  if (auto lead = lead_image_of(archive_, article)) article.facts.lead_image = *std::move(lead);
  listener_.on_article(article);
  recorder_.keep(std::move(article));
  end_page(open, Step::kArticle, "", "");
}

void Crawl::end_page(const Open& open, Step step, const std::string& why,
                     const std::string& other) {
  CrawlResult result = result_of(open->owed, open->outcome, step);
  result.outcome.reason = why;
  result.other = other;
  if (open->page) result.fingerprint = open->page->fingerprint;
  end_.pages += step == Step::kArticle;
  open_pages_.erase(open);
  end(open->work, result);
  soon();
}

void Crawl::park(const Open& open) {
  open_pages_.erase(open);
  if (parked_ >= kMostParked) return unpark(open->work, open->owed, kLongestOpen);
  ++parked_;
  const auto left = std::make_shared<size_t>(open->waits_for.size());
  for (const std::string& key : open->waits_for) {
    fresh_.wait(key, [this, left, work = open->work, owed = open->owed](const auto&) {
      if (--*left > 0) return;
      --parked_;
      unpark(work, owed, 0s);
    });
  }
}

void Crawl::unpark(const Work& work, const OwedUrl& owed, Clock::duration wait) {
  OwedUrl again = owed;
  again.may_be_known = true;
  --pages_begun_;
  hosts_.put_back(work, again, now() + std::chrono::duration_cast<Time::duration>(wait));
}

void Crawl::park_old_pages() {
  const bool is_crowded = open_pages_.size() >= kMostOpenPages;
  const Clock::duration longest = is_crowded ? Clock::duration(kLongestCrowding) : kLongestOpen;
  std::vector<Open> old;
  for (const Open& open : open_pages_) {
    const bool is_waiting = !open->waits_for.empty() && !open->is_ending;
    if (is_waiting && Clock::now() - open->opened > longest) old.push_back(open);
  }
  for (const Open& open : old) park(open);
}

void Crawl::add_sitemaps(const Url& robots, const std::vector<std::string>& urls) {
  const auto added = judge_.add_sitemaps(robots, urls);
  if (!added) return fail_with(added.error());
  touched(*added);
  soon();
}

}  // namespace

Result<CrawlEnd> crawl(Archive& archive, Fetcher& fetcher, Frontier& frontier, CrawlState& state,
                       const CrawlOptions& options, const std::function<bool()>& keep_going,
                       CrawlListener& listener) {
  return Crawl(archive, fetcher, frontier, state, options, listener).run(keep_going);
}

}  // namespace halftone
