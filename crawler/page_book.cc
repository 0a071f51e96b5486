#include "crawler/page_book.h"

namespace halftone {
namespace {

using How = CrawlTurn::How;
using Step = CrawlResult::Step;
using Origin = CaptureOutcome::Origin;

constexpr size_t kMostKept = 1'000'000;

bool is_seen_by_readers(const ArticleChanges& changes) {
  return changes.title || changes.text || !changes.images_added.empty() ||
         !changes.images_removed.empty() || !changes.images_replaced.empty();
}

std::optional<Step> step_named(std::string_view name) {
  for (const Step step : {Step::kArticle, Step::kFile, Step::kAlias}) {
    if (to_string(step) == name) return step;
  }
  return std::nullopt;
}

}  // namespace

PageBook::PageBook(Archive& archive, NightMemory& memory, const NightOptions& options,
                   const SourceBook& sources, MissingFiles& missing, NightResult& result)
    : archive_(archive),
      memory_(memory),
      options_(options),
      sources_(sources),
      missing_(missing),
      result_(result),
      scope_name_(night_scope_name(options.scope)) {
  for (const std::string& url : options.starts) starts_.insert(night_page(url));
}

// ---- what is due

CrawlTurn PageBook::turn(const OwedUrl& owed, Time moment) const {
  const std::string page = night_page(owed.url);
  const auto visit = memory_.visit(page);
  if (!visit || !*visit) return {.how = How::kAsk};
  const NightVisit& last = **visit;
  const bool is_wanted = starts_.contains(page) || sources_.is_wanted(page);
  if (is_wanted || (last.next && last.next <= moment)) {
    const bool is_believed = !last.lies && last.confirmed < options_.whole_every;
    return {.how = is_believed ? How::kAsk : How::kAskWhole};
  }
  if (missing_.pages_due().contains(page)) return {.how = How::kTakeKnown};
  // It may be the page that another one names as its own address.
  const bool is_had = last.failures == 0 && !last.digest.empty();
  if (is_had) return {.how = How::kTakeKnown};
  if (!last.next) return left_alone(owed, fmt::format("given up: {}", last.reason), true);
  return left_alone(owed, fmt::format("not due before {}", to_iso8601(*last.next)), true);
}

void PageBook::owe_next_night(const OwedUrl& owed, Time moment) {
  const std::string page = night_page(owed.url);
  const auto before = memory_.visit(page);
  if (!before || *before) return;
  NightVisit visit;
  visit.url = owed.url;
  visit.source = owed.document;
  visit.past.first = moment;
  visit.next = moment;
  memory_.keep(page, visit, *before);
}

// ---- what came

std::optional<CrawlResult> PageBook::settled(const OwedUrl& owed, const CaptureOutcome& outcome) {
  const std::string page = night_page(owed.url);
  const auto visit = memory_.visit(page);
  if (!visit || !*visit) return std::nullopt;
  const NightVisit& last = **visit;
  const bool is_same = last.digest == outcome.digest.hex();
  if (!is_same && !last.digest.empty()) changed_bodies_.insert(page);
  const bool files_due = last.files_checked + options_.file_age <= now();
  const bool is_looked_for = missing_.pages_due().contains(page);
  if (!is_same || last.scope != scope_name_ || is_looked_for) return std::nullopt;
  const auto step = step_named(last.step);
  if (!step || (step == Step::kArticle && files_due)) return std::nullopt;
  CrawlResult before;
  before.step = *step;
  before.other = last.other;
  before.fingerprint = last.fingerprint;
  settled_.insert(page);
  return before;
}

// An article that the user let go is looked through, so that it comes again.
std::optional<CrawlGuide::Shown> PageBook::shown(const OwedUrl& owed,
                                                 const CaptureOutcome& outcome) const {
  const std::string page = night_page(owed.url);
  const auto visit = memory_.visit(page);
  if (!visit || !*visit || outcome.origin == Origin::kKnown) return std::nullopt;
  const NightVisit& last = **visit;
  const bool is_same = last.digest == outcome.digest.hex() && last.scope == scope_name_;
  const bool is_article = last.step == to_string(Step::kArticle);
  if (!is_same || !is_article || missing_.pages_due().contains(page)) return std::nullopt;
  auto row = memory_.rows().shown(page, owed);
  if (!row || !*row || (*row)->body != short_key(outcome.digest)) return std::nullopt;
  const auto is_there = archive_.articles().contains(article_id(outcome.final_url));
  if (!is_there.value_or(false)) return std::nullopt;
  CrawlGuide::Shown known{.page = {}, .files = std::move((*row)->files)};
  known.page.step = Step::kArticle;
  known.page.other = last.other;
  known.page.fingerprint = last.fingerprint;
  return known;
}

void PageBook::shows(const OwedUrl& owed, const Digest& body, const std::vector<ShownFile>* files) {
  const NightShown row{short_key(body), files ? *files : std::vector<ShownFile>()};
  memory_.keep_shown(night_page(owed.url), owed, files ? &row : nullptr);
}

Result<bool> PageBook::keeps(Article& article, const OwedUrl& owed) {
  const std::string page = night_page(owed.url);
  const auto visit = memory_.visit(page);
  if (!visit) return tl::unexpected(visit.error());
  if (*visit && !(*visit)->source.empty()) article.source = (*visit)->source;
  if (const FeedEntry* entry = sources_.facts(page)) complete_facts(article.facts, *entry);
  missing_.note(article, owed, now());
  const auto before = archive_.articles().get(article.id);
  if (!before && before.error().code != ErrorCode::kNotFound) {
    return tl::unexpected(before.error());
  }
  Kept& known = kept_[page];
  known.dated = article.facts.date;
  NightArticle told{.id = article.id,
                    .url = article.url,
                    .title = article.facts.title,
                    .source = article.source,
                    .captured_at = article.captured_at,
                    .before = {},
                    .changes = {}};
  if (before) return differs(told, *before, article, known);
  note_kept(article.id, false);
  ++result_.new_articles;
  tell(std::move(told));
  return true;
}

// Notes in what; false where it is as before.
bool PageBook::differs(NightArticle& told, const Article& before, const Article& article,
                       Kept& known) {
  told.before = before.captured_at;
  told.changes = compare(before, article);
  if (told.changes.none()) return false;
  note_kept(article.id, true);
  result_.found += told.changes.found.size();
  known.changed = is_seen_by_readers(told.changes);
  if (!known.changed && told.changes.found.empty() && told.changes.lost.empty()) {
    ++result_.around;
    return true;
  }
  result_.changed_articles += known.changed;
  tell(std::move(told));
  return true;
}

void PageBook::note_kept(const std::string& id, bool is_revised) {
  if (result_.kept.size() >= kMostKept) return;
  result_.kept.push_back(id);
  if (is_revised) result_.revised.push_back(id);
}

void PageBook::tell(NightArticle article) {
  if (result_.articles.size() < NightResult::kMostListed) {
    result_.articles.push_back(std::move(article));
  }
}

// ---- what became of it

void PageBook::ended(const OwedUrl& owed, const CrawlResult& outcome) {
  const std::string page = night_page(owed.url);
  const auto before = memory_.visit(page);
  if (!before) return;
  NightVisit visit = before->value_or(NightVisit());
  if (!*before) {
    visit.url = owed.url;
    visit.source = owed.document;
    visit.past.first = now();
  }
  const bool is_had =
      outcome.step == Step::kArticle || outcome.step == Step::kFile || outcome.step == Step::kAlias;
  is_had ? came(page, visit, outcome) : failed(visit, outcome);
  memory_.keep(page, visit, *before);
}

void PageBook::came(const std::string& page, NightVisit& visit, const CrawlResult& outcome) {
  const Time moment = now();
  const bool is_settled = settled_.erase(page) > 0;
  const auto known = kept_.extract(page);
  if (!is_settled) visit.files_checked = moment;
  if (known && known.mapped().dated) visit.past.dated = known.mapped().dated;
  if (outcome.outcome.origin == Origin::kKnown && visit.checked != Time{}) return;
  ++result_.asked;
  const bool changed = note_check(visit, outcome, known && known.mapped().changed);
  if (changed) visit.past.changed = moment;
  visit.confirmed = outcome.outcome.origin == Origin::kConfirmed ? visit.confirmed + 1 : 0;
  visit.checked = moment;
  visit.digest = outcome.outcome.digest.hex();
  visit.step = to_string(outcome.step);
  visit.other = outcome.other;
  visit.fingerprint = outcome.fingerprint;
  visit.scope = scope_name_;
  visit.failures = 0;
  visit.reason.clear();
  visit.since.reset();
  visit.next = next_visit(visit.past, moment, options_.limits, page);
}

// Of a page that was looked at before: whether it changed, and what that says of its server.
bool PageBook::note_check(NightVisit& visit, const CrawlResult& outcome, bool seemed_changed) {
  const bool was_known = visit.checked != Time{} && !visit.digest.empty();
  if (!was_known) return seemed_changed;
  const bool is_same = visit.digest == outcome.outcome.digest.hex();
  result_.unchanged += is_same;
  const bool changed = seemed_changed || (!is_same && outcome.step == Step::kFile);
  ++visit.past.checks;
  visit.past.changes += changed;
  const bool was_asked_whole = options_.whole_every > 0 && visit.confirmed >= options_.whole_every;
  if (!is_same && was_asked_whole) note_lie(visit);
  return changed;
}

void PageBook::note_lie(NightVisit& visit) {
  visit.lies = true;
  result_.warn(
      fmt::format("{}: the server said again and again that it had not changed, and it had; its "
                  "word is not taken any more",
                  visit.url));
}

void PageBook::failed(NightVisit& visit, const CrawlResult& outcome) {
  const Time moment = now();
  ++result_.asked;
  ++result_.failed_pages;
  ++visit.failures;
  visit.checked = moment;
  visit.reason = outcome.outcome.reason;
  if (!visit.since) visit.since = moment;
  const bool is_gone = outcome.outcome.status == 410;
  visit.next = is_gone ? std::nullopt : next_try(visit.failures, moment, options_.limits);
  if (result_.failures.size() >= NightResult::kMostListed) return;
  result_.failures.push_back(
      {visit.url, visit.source, visit.reason, visit.since, !visit.next.has_value()});
}

}  // namespace halftone
