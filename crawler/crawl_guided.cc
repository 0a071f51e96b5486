#include "crawler/crawl_engine.h"

namespace halftone {

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
  if (!before) return false;
  CrawlResult result = result_of(owed, outcome, before->step);
  result.other = before->other;
  result.fingerprint = before->fingerprint;
  end_.pages += result.step == Step::kArticle;
  end(work, owed, result);
  return true;
}

void Crawl::write_notes() {
  if (auto notes = guide_ ? guide_->notes() : nullptr) recorder_.then(std::move(notes));
}

}  // namespace halftone
