#include <algorithm>

#include "crawler/crawl_engine.h"

namespace halftone {
namespace {

constexpr size_t kMostShown = 2000;  // by a page, for it to be remembered

}  // namespace

Result<void> Crawl::add_leads(const std::vector<OwedUrl>& leads) {
  const auto hosts = judge_.add_leads(leads);
  if (!hosts) return tl::unexpected(hosts.error());
  touched(*hosts);
  return {};
}

void Crawl::begin_turn(const Work& work, const OwedUrl& owed, const Url& url) {
  const CrawlTurn turn = guide_ ? guide_->turn_of(owed) : CrawlTurn();
  const bool is_file = work.url.rank < kFirstPageRank;
  ++fetching_;
  is_settled_ = false;
  answers_.ask(work.url.key);
  pages_begun_ += is_file || turn.how == CrawlTurn::How::kLeave ? 0 : 1;
  if (turn.how == CrawlTurn::How::kLeave) return came(work, owed, turn.outcome);
  is_file ? begin_file(work, owed, url, turn) : begin_page(work, owed, url, turn);
}

void Crawl::came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome) {
  work.url.rank < kFirstPageRank ? file_came(work, owed, outcome) : page_came(work, owed, outcome);
}

void Crawl::read_source(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome) {
  fetcher_.begin_outside_work();
  pool_->push([this, work, owed, outcome] {
    auto leads = guide_->read_source(owed, outcome);
    fetcher_.post([this, work, owed, outcome, leads = std::move(leads)] {
      fetcher_.end_outside_work();
      if (is_over()) return;
      if (!leads) return fail_with(leads.error());
      if (const auto added = add_leads(*leads); !added) return fail_with(added.error());
      end(work, owed, result_of(owed, outcome, Step::kFile));
      soon();
    });
  });
}

bool Crawl::is_settled_page(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome) {
  const auto before = guide_ ? guide_->settled(owed, outcome) : std::nullopt;
  if (before) end_as_before(work, owed, outcome, *before);
  return before.has_value();
}

void Crawl::end_as_before(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome,
                          const CrawlResult& before) {
  CrawlResult result = result_of(owed, outcome, before.step);
  result.other = before.other;
  result.fingerprint = before.fingerprint;
  end_.pages += result.step == Step::kArticle;
  end(work, owed, result);
}

// What the page showed the last time, before the page is looked through, or instead of that.
void Crawl::ask_again(const Open& open, const CrawlGuide::Shown& shown) {
  open->before = shown.page;
  open->unseen = shown.files.size();
  open->is_asking = true;
  for (const ShownFile& file : shown.files) {
    const auto url = Url::parse(file.owed.url);
    if (!url) {  // its row is damaged
      see(open, false);
      continue;
    }
    if (const auto* body = seen_files_.find(short_key(frontier_file_key(*url)))) {
      see(open, *body == file.body);
      continue;
    }
    ask_for(open, *url, file.owed,
            [this, weak = std::weak_ptr(open), body = file.body](const auto& outcome) {
              if (const Open waiting = weak.lock()) see(waiting, body_of(outcome) == body);
            });
  }
  add_asked(open);
  open->is_asking = false;
  check_shown(open);
}

// One thing that the page showed has come.
void Crawl::see(const Open& open, bool is_same) {
  open->is_as_before = open->is_as_before && is_same;
  --open->unseen;
  check_shown(open);
}

void Crawl::check_shown(const Open& open) {
  if (open->is_asking || open->is_ending || open->unseen > 0) return;
  open->is_ending = true;
  complete_pages_.push_back(open);
  soon();
}

void Crawl::finish_shown(const Open& open) {
  const CrawlResult before = *std::exchange(open->before, std::nullopt);
  if (!open->is_as_before) {
    open->is_ending = false;
    return scan(open);
  }
  open_pages_.erase(open);
  end_as_before(open->work, open->owed, open->outcome, before);
}

void Crawl::tell_shown(const Open& open) {
  const auto is_there = [](const ShownFile& file) { return file.body || file.owed.is_guess; };
  const bool is_whole = open->requisites->missing() == 0 && open->shown.size() <= kMostShown &&
                        std::ranges::all_of(open->shown, is_there);
  guide_->shows(open->owed, open->outcome.digest, is_whole ? &open->shown : nullptr);
}

void Crawl::write_notes() {
  if (auto notes = guide_ ? guide_->notes() : nullptr) recorder_.then(std::move(notes));
}

}  // namespace halftone
