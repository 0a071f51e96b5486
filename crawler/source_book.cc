#include "crawler/source_book.h"

#include "crawler/night_names.h"

namespace halftone {
namespace {

constexpr size_t kMostFacts = 20'000;  // in memory
// Dates that change for more than half of what a source lists are no news.
constexpr size_t kFewChanges = 3;

std::string name_of_entry(const SourceEntry& entry) {
  return night_hash(entry.url) + night_hash(entry.title);
}

// An id that several entries share says nothing.
std::map<std::string, size_t> count_ids(const std::vector<SourceEntry>& entries) {
  std::map<std::string, size_t> counts;
  for (const SourceEntry& entry : entries) ++counts[entry.id];
  return counts;
}

// The same entry, with the same title, under another address than the night before.
bool has_only_moved(const NightSource& row, const SourceEntry& entry) {
  const auto known = row.ids.find(night_hash(entry.id));
  if (known == row.ids.end() || entry.title.empty()) return false;
  return known->second != name_of_entry(entry) && known->second.ends_with(night_hash(entry.title));
}

}  // namespace

SourceBook::SourceBook(NightMemory& memory, NightResult& result, std::string scope_name,
                       const std::vector<std::pair<SourceKind, std::string>>& sources)
    : memory_(memory), result_(result), scope_name_(std::move(scope_name)) {
  for (const auto& [kind, url] : sources) sources_[night_page(url)] = {kind, url};
}

Result<void> SourceBook::read() {
  led_to_.clear();
  const auto known = memory_.rows().sources();
  if (!known) return tl::unexpected(known.error());
  for (const NightSource& row : *known) {
    if (const auto kind = source_kind_named(row.kind)) {
      sources_.try_emplace(night_page(row.url), Source{*kind, row.url});
    }
  }
  return {};
}

const SourceBook::Source* SourceBook::find(const std::string& page) const {
  const auto found = sources_.find(page);
  return found == sources_.end() ? nullptr : &found->second;
}

const FeedEntry* SourceBook::facts(const std::string& page) const {
  const auto found = facts_.find(page);
  return found == facts_.end() ? nullptr : &found->second;
}

// ---- how they answered

Result<NightSource> SourceBook::row(const Source& source) const {
  auto known = memory_.rows().source(source.url);
  if (!known) return tl::unexpected(known.error());
  if (*known) return **std::move(known);
  NightSource row;
  row.url = source.url;
  row.kind = to_string(source.kind);
  return row;
}

bool SourceBook::is_as_before(const NightSource& row, const CaptureOutcome& outcome) const {
  return row.digest == outcome.digest.hex() + " " + scope_name_ && row.children == 0;
}

void SourceBook::answered(NightSource row, const CaptureOutcome& outcome) {
  row.checked = now();
  row.answered = row.checked;
  row.silent = 0;
  row.is_gone = false;
  row.reason.clear();
  row.moved_to.clear();
  if (outcome.final_url != row.url) redirected_[row.url] = outcome.final_url;
  keep(row);
}

void SourceBook::failed(NightSource row, const std::string& reason) {
  row.checked = now();
  ++row.silent;
  row.reason = reason;
  row.is_gone = false;
  keep(row);
}

Result<void> SourceBook::failed(const Source& source, const CaptureOutcome& outcome) {
  auto known = row(source);
  if (!known) return tl::unexpected(known.error());
  known->checked = now();
  ++known->silent;
  known->reason = outcome.reason;
  known->is_gone = outcome.status == 410;
  keep(*known);
  return {};
}

void SourceBook::keep(const NightSource& source) {
  memory_.keep(source);
  rows_[source.url] = source;
}

Result<void> SourceBook::finish(const Captures& captures) {
  for (const auto& [url, target] : redirected_) {
    const auto latest = captures.latest(url);
    if (!latest) return tl::unexpected(latest.error());
    if (!*latest || ((*latest)->status != 301 && (*latest)->status != 308)) continue;
    NightSource row = rows_.at(url);
    row.moved_to = target;
    keep(row);
  }
  for (const auto& [url, row] : rows_) result_.sources.push_back(row);
  return {};
}

// ---- what they list

Result<std::vector<OwedUrl>> SourceBook::take(NightSource row, const SourceList& list,
                                              const CaptureOutcome& outcome) {
  for (const std::string& warning : list.warnings) result_.warn(row.url + ": " + warning);
  auto leads = take_entries(row, list.pages);
  if (!leads) return leads;
  auto added = add_children(SourceKind::kFeed, list.feeds, row.url, *leads);
  if (added) added = add_children(SourceKind::kSitemap, list.sitemaps, row.url, *leads);
  if (!added) return tl::unexpected(added.error());
  row.children = list.feeds.size() + list.sitemaps.size();
  row.digest = outcome.digest.hex() + " " + scope_name_;
  row.entries = list.pages.size();
  answered(std::move(row), outcome);
  return leads;
}

Result<void> SourceBook::add_children(SourceKind kind, const std::vector<std::string>& urls,
                                      const std::string& parent, std::vector<OwedUrl>& leads) {
  for (const std::string& url : urls) {
    const std::string page = night_page(url);
    if (!led_to_.insert(page).second) continue;
    leads.push_back(lead_to(url, parent));
    if (!sources_.try_emplace(page, Source{kind, url}).second) continue;
    const auto child = row({kind, url});
    if (!child) return tl::unexpected(child.error());
    keep(*child);
  }
  return {};
}

Result<std::vector<OwedUrl>> SourceBook::take_entries(NightSource& row,
                                                      const std::vector<SourceEntry>& entries) {
  const auto ids = count_ids(entries);
  std::map<std::string, std::string> seen;
  std::vector<OwedUrl> leads, changed;
  for (const SourceEntry& entry : entries) {
    const std::string page = night_page(entry.url);
    if (sources_.contains(page)) continue;
    const bool has_id = !entry.id.empty() && ids.at(entry.id) == 1;
    if (has_id && has_only_moved(row, entry)) {
      seen[night_hash(entry.id)] = row.ids.at(night_hash(entry.id));
      continue;
    }
    if (has_id) seen[night_hash(entry.id)] = name_of_entry(entry);
    auto taken = take_entry(row.url, page, entry, leads, changed);
    if (!taken) return tl::unexpected(taken.error());
  }
  row.ids = std::move(seen);
  // Dates of today for all that was ever published say nothing.
  const bool is_news = changed.size() <= kFewChanges || 2 * changed.size() <= entries.size();
  if (!is_news) return leads;
  for (OwedUrl& one : changed) {
    wanted_.insert(night_page(one.url));
    leads.push_back(std::move(one));
  }
  return leads;
}

Result<void> SourceBook::take_entry(const std::string& source, const std::string& page,
                                    const SourceEntry& entry, std::vector<OwedUrl>& leads,
                                    std::vector<OwedUrl>& changed) {
  const auto before = memory_.visit(page);
  if (!before) return tl::unexpected(before.error());
  if (facts_.size() < kMostFacts && !entry.facts.url.empty()) facts_[page] = entry.facts;
  const std::string stamp = night_hash(entry.title + "\n" + entry.date);
  const bool has_stamp = !entry.title.empty() || !entry.date.empty();
  NightVisit visit = before->value_or(NightVisit());
  if (!*before) {
    visit.url = entry.url;
    visit.source = source;
    visit.past.first = now();
    visit.next = visit.past.first;
    leads.push_back(lead_to(entry.url, source));
  } else if (has_stamp && !visit.stamp.empty() && visit.stamp != stamp) {
    changed.push_back(lead_to(entry.url, source));
  } else if (!has_stamp || visit.stamp == stamp) {
    return {};
  }
  if (has_stamp) visit.stamp = stamp;
  memory_.keep(page, visit, *before);
  return {};
}

}  // namespace halftone
