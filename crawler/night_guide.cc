#include "crawler/night_guide.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "crawler/host_budgets.h"
#include "crawler/missing_files.h"
#include "crawler/night_memory.h"
#include "crawler/night_names.h"
#include "crawler/page_book.h"
#include "crawler/source_book.h"

namespace halftone {

using How = CrawlTurn::How;
using Step = CrawlResult::Step;
using Origin = CaptureOutcome::Origin;

struct NightGuide::Parts {
  Parts(Archive& of, NightOptions given)
      : archive(of),
        options(std::move(given)),
        memory(archive.database(), options.job),
        missing(memory, options.limits),
        hosts(options.host_bytes, options.host_time),
        sources(memory, result, night_scope_name(options.scope), options.sources),
        pages(archive, memory, options, sources, missing, result) {}

  // After a clock that ran ahead was set back, nothing would be due for long.
  Result<void> heal_clock(Time moment);

  std::string why_host_is_left(const std::string& host, Time moment, bool is_source) const;
  CrawlTurn turn_of(const OwedUrl& owed, const std::string& host, Time moment);
  CrawlTurn turn_of_file(const OwedUrl& owed, Time moment);
  void source_ended(const SourceBook::Source& source, const CrawlResult& outcome);
  void file_ended(const OwedUrl& owed, const CrawlResult& outcome);

  Archive& archive;
  const NightOptions options;

  mutable std::mutex mutex;  // of the following
  NightResult result;
  NightMemory memory;
  MissingFiles missing;
  HostBudgets hosts;
  SourceBook sources;
  PageBook pages;
  std::set<std::string> left;  // URLs that were left alone and not told of yet, as key_of()
};

namespace {

std::string key_of(const OwedUrl& owed) {
  return is_page(owed) ? night_page(owed.url) : "f " + owed.url;
}

}  // namespace

// ---- what is due

Result<void> NightGuide::Parts::heal_clock(Time moment) {
  const auto job = memory.rows().job();
  if (!job) return tl::unexpected(job.error());
  const Time horizon = moment + NightJob::kClockSlack;
  if (!job->begun || *job->begun <= horizon) return {};
  result.warn(
      fmt::format("the clock was set back: the last night began on {}; everything that was seen "
                  "since then counts as due",
                  to_iso8601(*job->begun)));
  std::vector<std::pair<std::string, NightVisit>> ahead;
  const auto scanned = memory.rows().each_visit([&](auto page, const NightVisit& visit) {
    if (visit.checked > horizon) ahead.emplace_back(page, visit);
    return true;
  });
  if (!scanned) return scanned;
  for (auto& [page, visit] : ahead) {
    const NightVisit before = visit;
    visit.checked = visit.files_checked = {};
    visit.past.first = std::min(visit.past.first, moment);
    if (visit.past.changed) visit.past.changed = std::min(*visit.past.changed, moment);
    if (visit.next) visit.next = moment;
    memory.keep(page, visit, before);
  }
  return {};
}

NightGuide::NightGuide(Archive& archive, NightOptions options)
    : parts_(std::make_unique<Parts>(archive, std::move(options))) {}
NightGuide::~NightGuide() = default;

Result<std::vector<OwedUrl>> NightGuide::leads() {
  const std::lock_guard lock(parts_->mutex);
  const Time moment = now();
  auto read = parts_->heal_clock(moment);
  if (read) read = parts_->missing.read(moment);
  if (read) read = parts_->sources.read();
  if (!read) return tl::unexpected(read.error());
  std::vector<OwedUrl> leads;
  for (const auto& [page, url] : parts_->missing.pages_due()) leads.push_back(lead_to(url, ""));
  const auto due = parts_->memory.each_due(moment, [&](const auto&, const NightVisit& visit) {
    leads.push_back(lead_to(visit.url, visit.source));
  });
  if (!due) return tl::unexpected(due.error());
  return leads;
}

// ---- turns

CrawlTurn NightGuide::turn_of(const OwedUrl& owed) {
  const std::lock_guard lock(parts_->mutex);
  const Time moment = now();
  const std::string host = night_host(owed.url);
  CrawlTurn turn = parts_->turn_of(owed, host, moment);
  if (turn.how == How::kLeave) {
    parts_->left.insert(key_of(owed));
  } else {
    parts_->hosts.asked(host, moment);
  }
  return turn;
}

CrawlTurn NightGuide::Parts::turn_of(const OwedUrl& owed, const std::string& host, Time moment) {
  if (!is_page(owed)) {
    auto why = why_host_is_left(host, moment, false);
    return why.empty() ? turn_of_file(owed, moment) : left_alone(owed, std::move(why), false);
  }
  const bool is_source = sources.find(night_page(owed.url));
  if (auto why = why_host_is_left(host, moment, is_source); !why.empty()) {
    if (!is_source) pages.owe_next_night(owed, moment);
    return left_alone(owed, std::move(why), !is_source);
  }
  return is_source ? CrawlTurn{.how = How::kAsk} : pages.turn(owed, moment);
}

std::string NightGuide::Parts::why_host_is_left(const std::string& host, Time moment,
                                                bool is_source) const {
  if (const auto silent = options.silent_hosts.find(host); silent != options.silent_hosts.end()) {
    return silent->second;
  }
  return is_source ? "" : hosts.used_up(host, moment);
}

CrawlTurn NightGuide::Parts::turn_of_file(const OwedUrl& owed, Time moment) {
  if (auto turn = missing.turn(owed, moment)) return *std::move(turn);
  if (owed.is_guess) return {.how = How::kTakeKnown};
  if (pages.has_changed(night_page(owed.document))) {
    // What a changed page's style sheets show may have changed as well.
    if (owed.kind == Kind::kStylesheet) pages.note_changed(owed.url);
    return {.how = How::kAsk};
  }
  return {.how = How::kTakeKnown, .known_since = moment - options.file_age};
}

// ---- sources

bool NightGuide::is_source(const OwedUrl& owed) const {
  const std::lock_guard lock(parts_->mutex);
  return is_page(owed) && parts_->sources.find(night_page(owed.url));
}

Result<std::vector<OwedUrl>> NightGuide::read_source(const OwedUrl& owed,
                                                     const CaptureOutcome& outcome) {
  SourceBook& sources = parts_->sources;
  std::unique_lock lock(parts_->mutex);
  const SourceBook::Source source = *sources.find(night_page(owed.url));
  auto row = sources.row(source);
  if (!row) return tl::unexpected(row.error());
  if (sources.is_as_before(*row, outcome)) {
    sources.answered(*std::move(row), outcome);
    return std::vector<OwedUrl>();
  }
  lock.unlock();
  const auto list = read_source_list(parts_->archive, source.kind, outcome, parts_->options.scope);
  lock.lock();
  if (list) return sources.take(*std::move(row), *list, outcome);
  const bool is_its_own =
      list.error().code == ErrorCode::kInvalid || list.error().code == ErrorCode::kTooLarge;
  if (!is_its_own) return tl::unexpected(list.error());
  sources.failed(*std::move(row), list.error().message);
  return std::vector<OwedUrl>();
}

// ---- pages and files that came

std::optional<CrawlResult> NightGuide::settled(const OwedUrl& owed, const CaptureOutcome& outcome) {
  const std::lock_guard lock(parts_->mutex);
  return parts_->pages.settled(owed, outcome);
}

std::optional<CrawlGuide::Shown> NightGuide::shown(const OwedUrl& owed,
                                                   const CaptureOutcome& outcome) {
  const std::lock_guard lock(parts_->mutex);
  return parts_->pages.shown(owed, outcome);
}

void NightGuide::shows(const OwedUrl& owed, const Digest& body,
                       const std::vector<ShownFile>* files) {
  const std::lock_guard lock(parts_->mutex);
  parts_->pages.shows(owed, body, files);
}

Result<bool> NightGuide::keeps(Article& article, const OwedUrl& owed) {
  const std::lock_guard lock(parts_->mutex);
  return parts_->pages.keeps(article, owed);
}

void NightGuide::ended(const OwedUrl& owed, const CrawlResult& outcome) {
  const std::lock_guard lock(parts_->mutex);
  const bool was_left = parts_->left.erase(key_of(owed)) > 0;
  const SourceBook::Source* source =
      is_page(owed) ? parts_->sources.find(night_page(owed.url)) : nullptr;
  if (!was_left && outcome.outcome.origin == Origin::kAnswer) {
    parts_->hosts.took(night_host(owed.url), outcome.outcome.size);
  }
  if (source) return parts_->source_ended(*source, outcome);
  if (was_left) return;
  is_page(owed) ? parts_->pages.ended(owed, outcome) : parts_->file_ended(owed, outcome);
}

// Those that were read have told of themselves.
void NightGuide::Parts::source_ended(const SourceBook::Source& source, const CrawlResult& outcome) {
  if (outcome.step == Step::kFile) return;
  if (auto noted = sources.failed(source, outcome.outcome); !noted) {
    result.warn(noted.error().message);
  }
}

void NightGuide::Parts::file_ended(const OwedUrl& owed, const CrawlResult& outcome) {
  if (owed.is_guess) return;
  if (outcome.step == Step::kFile) return missing.came(owed.url);
  missing.failed(owed, outcome.outcome.reason, now());
}

// ---- writing

std::function<Result<void>()> NightGuide::notes() {
  const std::lock_guard lock(parts_->mutex);
  return parts_->memory.take_notes();
}

Result<NightResult> NightGuide::result() {
  const std::lock_guard lock(parts_->mutex);
  if (auto noted = parts_->sources.finish(parts_->archive.captures()); !noted) {
    return tl::unexpected(noted.error());
  }
  if (auto write = parts_->memory.take_notes()) {
    if (auto written = write(); !written) return tl::unexpected(written.error());
  }
  parts_->missing.report(parts_->result);
  return std::move(parts_->result);
}

}  // namespace halftone
