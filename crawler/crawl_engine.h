// The crawl loop's own parts; for crawl*.cc alone. What others may know stands in crawl.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "crawler/capturer.h"
#include "crawler/crawl.h"
#include "crawler/disk_watch.h"
#include "crawler/fresh_results.h"
#include "crawler/leased_hosts.h"
#include "crawler/link_judge.h"
#include "crawler/manners.h"
#include "crawler/open_page.h"
#include "crawler/recent_map.h"
#include "crawler/recorder.h"
#include "crawler/same_bodies.h"
#include "crawler/shared_answers.h"
#include "crawler/sheet_reader.h"

namespace halftone {

// One crawl on its way. Its functions stand in four files: crawl.cc has the loop, its limits and
// its end, crawl_files.cc what pages show, crawl_pages.cc the pages, crawl_guided.cc what a
// CrawlGuide says. One thread, the one that runs the fetcher; looking through pages is the
// ScanPool's.
class Crawl {
 public:
  Crawl(Archive& archive, Fetcher& fetcher, Frontier& frontier, CrawlState& state,
        std::string_view traps, const CrawlOptions& options, CrawlListener& listener,
        CrawlGuide* guide)
      : archive_(archive),
        fetcher_(fetcher),
        frontier_(frontier),
        state_(state),
        states_(archive.database()),
        options_(options),
        listener_(listener),
        guide_(guide),
        judge_(state, traps, frontier),
        recorder_(archive, fetcher),
        manners_(fetcher, recorder_, options.manners),
        capturer_(archive, recorder_, fetcher, manners_, options.capture),
        hosts_(frontier, recorder_, manners_),
        fresh_(recorder_, fetcher),
        disk_(archive.folder(), options.min_free) {}

  Result<CrawlEnd> run(const std::function<bool()>& keep_going);

 private:
  static constexpr size_t kMostOpenPages = 192;  // more are not begun
  static constexpr size_t kSeenFiles = 8192;

  using Clock = std::chrono::steady_clock;
  using Step = CrawlResult::Step;
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

  // ---- what the guide says
  Result<void> add_leads(const std::vector<OwedUrl>& leads);
  static void set_turn(CaptureWish& wish, const CrawlTurn& turn);
  void begin_turn(const Work& work, const OwedUrl& owed, const Url& url);
  void came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome);
  void read_source(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome);
  bool is_settled_page(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome);
  void end_as_before(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome,
                     const CrawlResult& before);
  void ask_again(const Open& open, const CrawlGuide::Shown& shown);
  void see(const Open& open, bool is_same);
  void check_shown(const Open& open);
  void finish_shown(const Open& open);
  void tell_shown(const Open& open);
  void write_notes();

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
  void ask_for(const Open& open, const Url& url, OwedUrl owed, Capturer::Done done);
  void add_asked(const Open& open);
  void know_of(const Open& open, Asked one, const UrlState& state);
  bool was_had_otherwise(const std::string& key);
  void begin_file(const Work& work, const OwedUrl& owed, const Url& url, const CrawlTurn& turn);
  void ask_for_file(const Work& work, const OwedUrl& owed, const Url& url, const CrawlTurn& turn);
  void file_came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome);
  void end(const Work& work, const OwedUrl& owed, const CrawlResult& result);
  bool try_later(const Work& work, OwedUrl owed, const CaptureOutcome& outcome);
  CaptureOutcome without_stand_in(const CaptureOutcome& outcome, const OwedUrl& owed);
  CrawlResult result_of(const OwedUrl& owed, const CaptureOutcome& outcome, Step step) const;

  // ---- pages
  void begin_page(const Work& work, const OwedUrl& owed, const Url& url, const CrawlTurn& turn);
  void ask_for_page(const Work& work, const OwedUrl& owed, const Url& url, const CrawlTurn& turn);
  void page_came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome);
  bool leads_elsewhere(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome);
  void scan(const Open& open);
  void scanned(const Open& open, ScannedPage page);
  void take_back(const CaptureOutcome& outcome);
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
  CrawlStates states_;
  const CrawlOptions& options_;
  CrawlListener& listener_;
  CrawlGuide* const guide_;  // null: there is none
  LinkJudge judge_;
  Recorder recorder_;
  Manners manners_;
  Capturer capturer_;
  LeasedHosts hosts_;
  FreshResults fresh_;
  SharedAnswers answers_{fresh_};
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
  // Bodies of files that came lately, by frontier key; nothing: not archived. Pages that show what
  // others show need not ask the frontier.
  RecentMap<std::optional<ShortKey>> seen_files_{kSeenFiles};
  SheetReader sheets_{archive_};
  std::vector<Asked> asked_;  // by the page that is being opened, not told to the frontier yet
  std::unique_ptr<ScanPool> pool_ = std::make_unique<ScanPool>();
};

}  // namespace halftone
