#include "crawler/canonical_url.h"
#include "crawler/crawl_engine.h"
#include "crawler/text_fingerprint.h"
#include "store/article_pictures.h"

namespace halftone {

using namespace std::chrono_literals;

namespace {

// Pages that wait for what they show. So that a slow host does not keep the others waiting, one
// that waits for long, or for a while where there are as many as may be, is put aside: it is looked
// through again when all that it waits for has come. What cannot be remembered of those goes back
// into the frontier.
constexpr auto kLongestOpen = 60s;
constexpr auto kLongestCrowding = 2s;
constexpr size_t kMostParked = 4096;
constexpr uint32_t kMostRedirects = 20;  // as browsers follow (WHATWG Fetch, 4.4)

}  // namespace

void Crawl::begin_page(const Work& work, const OwedUrl& owed, const Url& url,
                       const CrawlTurn& turn) {
  const auto came = [this, work, owed](const auto& outcome) { page_came(work, owed, outcome); };
  const bool is_shared =
      answers_.share(frontier_file_key(url), url, came,
                     [this, work, owed, url, turn] { ask_for_page(work, owed, url, turn); });
  if (!is_shared) ask_for_page(work, owed, url, turn);
}

void Crawl::ask_for_page(const Work& work, const OwedUrl& owed, const Url& url,
                         const CrawlTurn& turn) {
  CaptureWish wish{.url = url,
                   .kind = Kind::kPage,
                   .document = owed.document.empty() ? std::nullopt : Url::parse(owed.document),
                   .policy = owed.policy,
                   .may_be_known = resumed_ || owed.tries > 0 || owed.may_be_known ||
                                   was_had_otherwise(frontier_file_key(url)),
                   // Another page is owed by itself, and asked for once whoever leads to it.
                   .ends_at = [key = work.url.key](const Url& target) {
                     return frontier_page_key(target) != key;
                   }};
  if (guide_ && guide_->is_source(owed)) wish.ends_at = nullptr;
  set_turn(wish, turn);
  capturer_.capture(
      wish, [this, work, owed](const CaptureOutcome& outcome) { page_came(work, owed, outcome); });
}

void Crawl::page_came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome) {
  if (is_over()) return;
  --fetching_;
  hosts_.fetched(work);
  answers_.answered(work.url.key, outcome);
  soon();
  if (try_later(work, owed, outcome)) {
    --pages_begun_;
    return;
  }
  if (!outcome.archived) {
    const Step refused = outcome.denied ? Step::kSkipped : Step::kMissing;
    return end(work, owed, result_of(owed, outcome, outcome.blocked ? Step::kBlocked : refused));
  }
  if (guide_ && guide_->is_source(owed)) return read_source(work, owed, outcome);
  if (leads_elsewhere(work, owed, outcome)) return;
  if (is_settled_page(work, owed, outcome)) return;
  const CaptureOutcome judged = without_stand_in(outcome, owed);
  if (!judged.archived) return end(work, owed, result_of(owed, judged, Step::kBlocked));
  const auto open = std::make_shared<OpenPage>(OpenPage{.work = work,
                                                        .owed = owed,
                                                        .outcome = outcome,
                                                        .before = {},
                                                        .page = {},
                                                        .source = {},
                                                        .requisites = {},
                                                        .shown = {},
                                                        .waits_for = {}});
  open_pages_.insert(open);
  const auto shown = guide_ ? guide_->shown(owed, outcome) : std::nullopt;
  shown ? ask_again(open, *shown) : scan(open);
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
    end(work, owed, result);
    return true;
  }
  const auto added = judge_.add_target(*target, owed, guide_ != nullptr && owed.depth == 0);
  if (!added) {
    fail_with(added.error());
    return true;
  }
  if (!added->empty()) {  // the rule that leaves it out
    result.step = Step::kSkipped;
    result.outcome.reason = fmt::format("redirected to {}: {}", result.other, *added);
  }
  hosts_.added(target->host());
  end(work, owed, result);
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
    take_back(open->outcome);
    return end_page(open, Step::kSkipped, "the page asks not to be archived (noarchive)", "");
  }
  if (is_kept(open)) return end_page(open, Step::kArticle, "", "");
  if (!waits_for_canonical(open)) open_article(open);
}

// The capture goes; its body, where nothing else has it, with the next gc.
void Crawl::take_back(const CaptureOutcome& outcome) {
  recorder_.then(
      [&archive = archive_, url = outcome.final_url, digest = outcome.digest]() -> Result<void> {
        const auto latest = archive.captures().latest(url);
        if (!latest) return tl::unexpected(latest.error());
        if (!*latest || (*latest)->digest != digest) return {};
        WriteBatch batch;
        archive.captures().remove(url, {(*latest)->time}, batch);
        return archive.database().write(std::move(batch), false);
      });
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
  if (guide_) tell_shown(open);
  const auto is_kept = guide_ ? guide_->keeps(article, open->owed) : Result<bool>(true);
  if (!is_kept) return fail_with(is_kept.error());
  if (!*is_kept) return end_page(open, Step::kArticle, "", "");
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
  end(open->work, open->owed, result);
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

}  // namespace halftone
