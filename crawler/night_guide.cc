#include "crawler/night_guide.h"

#include <atomic>
#include <deque>
#include <mutex>
#include <set>

#include "crawler/canonical_url.h"
#include "store/digest.h"

namespace halftone {

using namespace std::chrono_literals;

namespace {

using How = CrawlTurn::How;
using Step = CrawlResult::Step;
using Origin = CaptureOutcome::Origin;

constexpr size_t kMostMissing = 200'000;
constexpr size_t kMostKept = 1'000'000;
constexpr size_t kMostFacts = 20'000;  // of feeds, in memory
constexpr size_t kRecentVisits = 4096;
// A clock that is this far ahead of what was written down, or behind it, has been set.
constexpr auto kClockSlack = std::chrono::hours(24);
// Dates that change for more than half of what a source lists are no news.
constexpr size_t kFewChanges = 3;

std::string page_of(const std::string& url) {
  const auto parsed = Url::parse(url);
  return parsed ? frontier_page_key(*parsed) : "p " + url;
}

std::string host_of(const std::string& url) {
  const auto parsed = Url::parse(url);
  return parsed ? parsed->host() : "";
}

std::string short_hash(std::string_view text) { return sha256(text).hex().substr(0, 16); }

std::string name_of(const ScopeOptions& scope) {
  std::string text(to_string(scope.reach));
  for (const auto* patterns : {&scope.include, &scope.exclude}) {
    text += '\n';
    for (const std::string& pattern : *patterns) text += pattern + " ";
  }
  text += fmt::format("{} {}", scope.depth.value_or(SIZE_MAX), scope.hops);
  return short_hash(text).substr(0, 8);
}

bool is_page(const OwedUrl& owed) { return owed.kind == Kind::kPage; }

bool is_seen_by_readers(const ArticleChanges& changes) {
  return changes.title || changes.text || !changes.images_added.empty() ||
         !changes.images_removed.empty() || !changes.images_replaced.empty();
}

// What a host has cost tonight.
struct HostUse {
  Time first{};
  uint64_t bytes = 0;
};

// What keeps() learned of a page.
struct Kept {
  bool changed = false;
  std::optional<Time> dated;
};

// Rows on their way to the disk; until they are there, they are read from here.
struct Notes {
  WriteBatch batch;
  std::map<std::string, NightVisit, std::less<>> visits;
  bool has_any = false;
  std::atomic<bool> is_written = false;
};

}  // namespace

struct NightGuide::Parts {
  Parts(Archive& of, NightOptions given)
      : archive(of),
        options(std::move(given)),
        rows(archive.database(), options.job),
        scope_name(name_of(options.scope)) {
    for (const auto& [kind, url] : options.sources) sources[page_of(url)] = {kind, url};
    for (const std::string& url : options.starts) starts.insert(page_of(url));
  }

  // ---- rows

  Result<std::optional<NightVisit>> visit_of(const std::string& page) const {
    const ShortKey name = short_key(page);
    if (const NightVisit* known = recent_visits.find(name)) return *known;
    auto visit = visit_in_rows(page);
    if (visit && *visit) recent_visits.use(name) = **visit;
    return visit;
  }

  Result<std::optional<NightVisit>> visit_in_rows(const std::string& page) const {
    if (const auto found = notes->visits.find(page); found != notes->visits.end()) {
      return found->second;
    }
    for (auto older = unwritten.rbegin(); older != unwritten.rend(); ++older) {
      const auto found = (*older)->visits.find(page);
      if (found != (*older)->visits.end()) return found->second;
    }
    return rows.visit(page);
  }

  void keep(const std::string& page, const NightVisit& visit,
            const std::optional<NightVisit>& before) {
    rows.put(notes->batch, page, visit, before);
    notes->visits[page] = visit;
    recent_visits.use(short_key(page)) = visit;
    notes->has_any = true;
  }

  void keep(const NightSource& source) {
    rows.put(notes->batch, source);
    notes->has_any = true;
    source_rows[source.url] = source;
  }

  void keep(const NightMissing& one) {
    rows.put(notes->batch, one);
    notes->has_any = true;
    missing[one.url] = one;
  }

  // ---- what is due

  Result<void> read_missing(Time moment) {
    auto known = rows.missing(kMostMissing);
    if (!known) return tl::unexpected(known.error());
    for (NightMissing& one : *known) {
      const bool is_due = one.next && (*one.next <= moment || one.last > moment + kClockSlack);
      if (is_due && !one.document.empty()) look_again[page_of(one.document)] = one.document;
      missing.emplace(one.url, std::move(one));
    }
    return {};
  }

  // Sources that other sources led to may be owed by a night that was interrupted.
  Result<void> read_sources() {
    led_to.clear();
    const auto known = rows.sources();
    if (!known) return tl::unexpected(known.error());
    for (const NightSource& row : *known) {
      if (const auto kind = source_kind_named(row.kind)) {
        sources.try_emplace(page_of(row.url), Source{*kind, row.url});
      }
    }
    return {};
  }

  // After a clock that ran ahead was set back, nothing would be due for long.
  Result<void> heal_clock(Time moment) {
    const auto job = rows.job();
    if (!job) return tl::unexpected(job.error());
    if (!job->begun || *job->begun <= moment + kClockSlack) return {};
    result.warnings.push_back(
        fmt::format("the clock was set back: the last night began on {}; everything that was seen "
                    "since then counts as due",
                    to_iso8601(*job->begun)));
    std::vector<std::pair<std::string, NightVisit>> ahead;
    const auto scanned = rows.each_visit([&](auto page, const NightVisit& visit) {
      if (visit.checked > moment + kClockSlack) ahead.emplace_back(page, visit);
      return true;
    });
    if (!scanned) return scanned;
    for (auto& [page, visit] : ahead) {
      const NightVisit before = visit;
      visit.checked = visit.files_checked = {};
      visit.past.first = std::min(visit.past.first, moment);
      if (visit.past.changed) visit.past.changed = std::min(*visit.past.changed, moment);
      if (visit.next) visit.next = moment;
      keep(page, visit, before);
    }
    return {};
  }

  Result<std::vector<OwedUrl>> leads() {
    const std::lock_guard lock(mutex);
    const Time moment = now();
    if (auto healed = heal_clock(moment); !healed) return tl::unexpected(healed.error());
    if (auto read = read_missing(moment); !read) return tl::unexpected(read.error());
    if (auto read = read_sources(); !read) return tl::unexpected(read.error());
    std::vector<OwedUrl> leads;
    for (const auto& [page, url] : look_again) leads.push_back(lead_to(url, ""));
    std::set<std::string> told;
    for (const auto& [page, visit] : notes->visits) {
      if (visit.next && told.insert(page).second) leads.push_back(lead_to(visit.url, visit.source));
    }
    Result<void> read;
    const auto scanned = rows.each_due(moment, [&](std::string_view page) {
      if (told.contains(std::string(page))) return true;
      const auto visit = visit_of(std::string(page));
      if (!visit) read = tl::unexpected(visit.error());
      if (visit && *visit) leads.push_back(lead_to((*visit)->url, (*visit)->source));
      return read.has_value();
    });
    if (!scanned) return tl::unexpected(scanned.error());
    if (!read) return tl::unexpected(read.error());
    return leads;
  }

  static OwedUrl lead_to(const std::string& url, const std::string& source) {
    return {.url = url, .document = source, .policy = ReferrerPolicy::kNoReferrer};
  }

  // ---- turns

  CrawlTurn turn_of(const OwedUrl& owed) {
    const std::lock_guard lock(mutex);
    const Time moment = now();
    const std::string host = host_of(owed.url);
    const bool is_source = is_page(owed) && sources.contains(page_of(owed.url));
    if (auto over = over_budget(host, moment, is_source); !over.empty()) {
      if (is_page(owed) && !is_source) owe_next_night(owed, moment);
      return leave(owed, std::move(over), is_page(owed) && !is_source);
    }
    CrawlTurn turn = is_page(owed) ? turn_of_page(owed, moment) : turn_of_file(owed, moment);
    if (turn.how != How::kLeave) hosts.try_emplace(host, HostUse{.first = moment});
    return turn;
  }

  // A page that nobody would lead to again is remembered.
  void owe_next_night(const OwedUrl& owed, Time moment) {
    const std::string page = page_of(owed.url);
    const auto before = visit_of(page);
    if (!before || *before) return;
    NightVisit visit;
    visit.url = owed.url;
    visit.source = owed.document;
    visit.past.first = moment;
    visit.next = moment;
    keep(page, visit, *before);
  }

  std::string over_budget(const std::string& host, Time moment, bool is_source) const {
    if (const auto silent = options.silent_hosts.find(host); silent != options.silent_hosts.end()) {
      return silent->second;
    }
    const auto use = hosts.find(host);
    if (use == hosts.end() || is_source) return {};
    if (options.host_bytes > 0 && use->second.bytes >= options.host_bytes) {
      return fmt::format("--host-bytes {} is used up for tonight", options.host_bytes);
    }
    const bool is_late =
        options.host_time.count() > 0 && moment - use->second.first > options.host_time;
    return is_late ? fmt::format("--host-time {} is used up for tonight", options.host_time.count())
                   : "";
  }

  // `is_rule`: nothing is missing, it is only not its time.
  CrawlTurn leave(const OwedUrl& owed, std::string reason, bool is_rule) {
    left.insert(key_of(owed));
    return {.how = How::kLeave,
            .known_since = {},
            .outcome = {.denied = is_rule, .reason = std::move(reason), .final_url = owed.url}};
  }

  static std::string key_of(const OwedUrl& owed) {
    return is_page(owed) ? page_of(owed.url) : "f " + owed.url;
  }

  CrawlTurn turn_of_page(const OwedUrl& owed, Time moment) {
    const std::string page = page_of(owed.url);
    if (sources.contains(page)) return {.how = How::kAsk};
    const auto visit = visit_of(page);
    if (!visit || !*visit) return {.how = How::kAsk};
    const bool is_wanted = starts.contains(page) || wanted.contains(page);
    if (is_wanted || ((*visit)->next && (*visit)->next <= moment)) {
      const bool is_believed = !(*visit)->lies && (*visit)->confirmed < options.whole_every;
      return {.how = is_believed ? How::kAsk : How::kAskWhole};
    }
    if (look_again.contains(page)) return {.how = How::kTakeKnown};
    // It may be the page that another one names as its own address.
    const bool is_had = (*visit)->failures == 0 && !(*visit)->digest.empty();
    if (is_had) return {.how = How::kTakeKnown};
    if (!(*visit)->next) {
      return leave(owed, fmt::format("given up: {}", (*visit)->reason), true);
    }
    return leave(owed, fmt::format("not due before {}", to_iso8601(*(*visit)->next)), true);
  }

  CrawlTurn turn_of_file(const OwedUrl& owed, Time moment) {
    const auto lost = missing.find(owed.url);
    if (lost != missing.end()) {
      const NightMissing& one = lost->second;
      if (!one.next) {
        return leave(owed,
                     fmt::format("given up after {} tries since {}: {}", one.tries,
                                 to_iso8601(one.first).substr(0, 10), one.reason),
                     false);
      }
      if (*one.next > moment && one.last <= moment + kClockSlack) {
        return leave(owed, one.reason, false);
      }
      return {.how = How::kAsk};
    }
    if (owed.is_guess) return {.how = How::kTakeKnown};
    if (changed_bodies.contains(page_of(owed.document))) return {.how = How::kAsk};
    return {.how = How::kTakeKnown, .known_since = moment - options.file_age};
  }

  // ---- sources

  struct Source {
    SourceKind kind = SourceKind::kFeed;
    std::string url;
  };

  Result<std::vector<OwedUrl>> read_source(const OwedUrl& owed, const CaptureOutcome& outcome) {
    Source source;
    {
      const std::lock_guard lock(mutex);
      source = sources.at(page_of(owed.url));
    }
    auto row = source_row(source);
    if (!row) return tl::unexpected(row.error());
    const std::string digest = outcome.digest.hex() + " " + scope_name;
    if (row->digest == digest && row->children == 0) {
      answered(*row, outcome);
      return std::vector<OwedUrl>();
    }
    const auto list = read_source_list(archive, source.kind, outcome, options.scope);
    if (!list) {
      const bool is_its_own =
          list.error().code == ErrorCode::kInvalid || list.error().code == ErrorCode::kTooLarge;
      if (!is_its_own) return tl::unexpected(list.error());
      failed(*row, list.error().message);
      return std::vector<OwedUrl>();
    }
    const std::lock_guard lock(mutex);
    for (const std::string& warning : list->warnings) warn(source.url + ": " + warning);
    auto leads = take_entries(*row, list->pages);
    if (!leads) return leads;
    auto added = add_children(SourceKind::kFeed, list->feeds, source.url, *leads);
    if (added) added = add_children(SourceKind::kSitemap, list->sitemaps, source.url, *leads);
    if (!added) return tl::unexpected(added.error());
    row->children = list->feeds.size() + list->sitemaps.size();
    row->digest = digest;
    row->entries = list->pages.size();
    note_answer(*row, outcome);
    return leads;
  }

  void warn(std::string warning) {
    constexpr size_t kMostWarnings = 1000;
    if (result.warnings.size() < kMostWarnings) result.warnings.push_back(std::move(warning));
  }

  Result<NightSource> source_row(const Source& source) const {
    auto known = rows.source(source.url);
    if (!known) return tl::unexpected(known.error());
    if (*known) return **std::move(known);
    NightSource row;
    row.url = source.url;
    row.kind = to_string(source.kind);
    return row;
  }

  void answered(NightSource& row, const CaptureOutcome& outcome) {
    const std::lock_guard lock(mutex);
    note_answer(row, outcome);
  }

  void note_answer(NightSource& row, const CaptureOutcome& outcome) {
    row.checked = now();
    row.answered = row.checked;
    row.silent = 0;
    row.is_gone = false;
    row.reason.clear();
    row.moved_to.clear();
    if (outcome.final_url != row.url) redirected[row.url] = outcome.final_url;
    keep(row);
  }

  void failed(NightSource& row, const std::string& reason, int status = 0) {
    const std::lock_guard lock(mutex);
    row.checked = now();
    ++row.silent;
    row.reason = reason;
    row.is_gone = status == 410;
    keep(row);
  }

  Result<void> add_children(SourceKind kind, const std::vector<std::string>& urls,
                            const std::string& parent, std::vector<OwedUrl>& leads) {
    for (const std::string& url : urls) {
      if (!led_to.insert(page_of(url)).second) continue;
      leads.push_back(lead_to(url, parent));
      if (!sources.try_emplace(page_of(url), Source{kind, url}).second) continue;
      const auto row = source_row({kind, url});
      if (!row) return tl::unexpected(row.error());
      keep(*row);
    }
    return {};
  }

  // An id that several entries share says nothing.
  static std::map<std::string, size_t> count_ids(const std::vector<SourceEntry>& entries) {
    std::map<std::string, size_t> counts;
    for (const SourceEntry& entry : entries) ++counts[entry.id];
    return counts;
  }

  Result<std::vector<OwedUrl>> take_entries(NightSource& row,
                                            const std::vector<SourceEntry>& entries) {
    const auto ids = count_ids(entries);
    std::map<std::string, std::string> seen;
    std::vector<OwedUrl> leads, changed;
    for (const SourceEntry& entry : entries) {
      const std::string page = page_of(entry.url);
      if (sources.contains(page)) continue;
      const bool has_id = !entry.id.empty() && ids.at(entry.id) == 1;
      if (has_id && has_only_moved(row, entry)) {
        seen[short_hash(entry.id)] = row.ids.at(short_hash(entry.id));
        continue;
      }
      if (has_id) seen[short_hash(entry.id)] = short_hash(entry.url) + short_hash(entry.title);
      auto taken = take_entry(row.url, page, entry, leads, changed);
      if (!taken) return tl::unexpected(taken.error());
    }
    row.ids = std::move(seen);
    // Dates of today for all that was ever published say nothing.
    const bool is_news = changed.size() <= kFewChanges || 2 * changed.size() <= entries.size();
    if (!is_news) return leads;
    for (OwedUrl& one : changed) {
      wanted.insert(page_of(one.url));
      leads.push_back(std::move(one));
    }
    return leads;
  }

  // The same entry, with the same title, under another address than the night before.
  static bool has_only_moved(const NightSource& row, const SourceEntry& entry) {
    const auto known = row.ids.find(short_hash(entry.id));
    if (known == row.ids.end() || entry.title.empty()) return false;
    return known->second != short_hash(entry.url) + short_hash(entry.title) &&
           known->second.ends_with(short_hash(entry.title));
  }

  Result<void> take_entry(const std::string& source, const std::string& page,
                          const SourceEntry& entry, std::vector<OwedUrl>& leads,
                          std::vector<OwedUrl>& changed) {
    const auto before = visit_of(page);
    if (!before) return tl::unexpected(before.error());
    if (facts.size() < kMostFacts && !entry.facts.url.empty()) facts[page] = entry.facts;
    const std::string stamp = short_hash(entry.title + "\n" + entry.date);
    const bool has_stamp = !entry.title.empty() || !entry.date.empty();
    NightVisit visit = before->value_or(NightVisit());
    if (!*before) {
      visit.url = entry.url;
      visit.source = source;
      visit.past.first = now();
      visit.next = visit.past.first;
    }
    if (!*before) {
      leads.push_back(lead_to(entry.url, source));
    } else if (has_stamp && !visit.stamp.empty() && visit.stamp != stamp) {
      changed.push_back(lead_to(entry.url, source));
    } else if (!has_stamp || visit.stamp == stamp) {
      return {};
    }
    if (has_stamp) visit.stamp = stamp;
    keep(page, visit, *before);
    return {};
  }

  // ---- pages and files that came

  std::optional<CrawlResult> settled(const OwedUrl& owed, const CaptureOutcome& outcome) {
    const std::lock_guard lock(mutex);
    const std::string page = page_of(owed.url);
    const auto visit = visit_of(page);
    if (!visit || !*visit) return std::nullopt;
    const NightVisit& last = **visit;
    const bool is_same = last.digest == outcome.digest.hex();
    if (!is_same && !last.digest.empty()) changed_bodies.insert(page);
    const bool files_due = last.files_checked + options.file_age <= now();
    if (!is_same || last.scope != scope_name || look_again.contains(page)) return std::nullopt;
    CrawlResult before;
    before.other = last.other;
    before.fingerprint = last.fingerprint;
    if (last.step == to_string(Step::kArticle) && !files_due) {
      before.step = Step::kArticle;
    } else if (last.step == to_string(Step::kFile)) {
      before.step = Step::kFile;
    } else if (last.step == to_string(Step::kAlias)) {
      before.step = Step::kAlias;
    } else {
      return std::nullopt;
    }
    settled_pages.insert(page);
    return before;
  }

  // An article that the user let go is looked through, so that it comes again.
  std::optional<Shown> shown(const OwedUrl& owed, const CaptureOutcome& outcome) const {
    const std::lock_guard lock(mutex);
    const std::string page = page_of(owed.url);
    const auto visit = visit_of(page);
    if (!visit || !*visit || outcome.origin == Origin::kKnown) return std::nullopt;
    const NightVisit& last = **visit;
    const bool is_same = last.digest == outcome.digest.hex() && last.scope == scope_name;
    const bool is_article = last.step == to_string(Step::kArticle);
    if (!is_same || !is_article || look_again.contains(page)) return std::nullopt;
    auto row = rows.shown(page, owed);
    if (!row || !*row || (*row)->body != short_key(outcome.digest)) return std::nullopt;
    const auto is_there = archive.articles().contains(article_id(outcome.final_url));
    if (!is_there.value_or(false)) return std::nullopt;
    Shown known{.page = {}, .files = std::move((*row)->files)};
    known.page.step = Step::kArticle;
    known.page.other = last.other;
    known.page.fingerprint = last.fingerprint;
    return known;
  }

  void shows(const OwedUrl& owed, const Digest& body, const std::vector<ShownFile>* files) {
    const std::lock_guard lock(mutex);
    const NightShown row{short_key(body), files ? *files : std::vector<ShownFile>()};
    // Where it cannot be read, the page is looked through again, no more.
    const auto put = rows.put_shown(notes->batch, page_of(owed.url), owed, files ? &row : nullptr);
    notes->has_any = notes->has_any || put.value_or(false);
  }

  Result<bool> keeps(Article& article, const OwedUrl& owed) {
    const std::lock_guard lock(mutex);
    const std::string page = page_of(owed.url);
    const auto visit = visit_of(page);
    if (!visit) return tl::unexpected(visit.error());
    if (*visit && !(*visit)->source.empty()) article.source = (*visit)->source;
    if (const auto entry = facts.find(page); entry != facts.end()) {
      complete_facts(article.facts, entry->second);
    }
    note_missing(article, owed);
    const auto before = archive.articles().get(article.id);
    if (!before && before.error().code != ErrorCode::kNotFound) {
      return tl::unexpected(before.error());
    }
    Kept& known = kept[page];
    known.dated = article.facts.date;
    NightArticle told{.id = article.id,
                      .url = article.url,
                      .title = article.facts.title,
                      .source = article.source,
                      .captured_at = article.captured_at,
                      .before = {},
                      .changes = {}};
    if (!before) {
      note_kept(article.id, false);
      ++result.new_articles;
      tell(std::move(told));
      return true;
    }
    told.before = before->captured_at;
    told.changes = compare(*before, article);
    if (told.changes.none()) return false;
    note_kept(article.id, true);
    result.found += told.changes.found.size();
    known.changed = is_seen_by_readers(told.changes);
    if (!known.changed && told.changes.found.empty() && told.changes.lost.empty()) {
      ++result.around;
      return true;
    }
    result.changed_articles += known.changed;
    tell(std::move(told));
    return true;
  }

  void note_kept(const std::string& id, bool is_revised) {
    if (result.kept.size() >= kMostKept) return;
    result.kept.push_back(id);
    if (is_revised) result.revised.push_back(id);
  }

  void tell(NightArticle article) {
    if (result.articles.size() < NightResult::kMostListed) {
      result.articles.push_back(std::move(article));
    }
  }

  // What the article lacks is looked for again, by way of the article.
  void note_missing(const Article& article, const OwedUrl& owed) {
    const Time moment = now();
    for (const ArchivedReference& reference : article.references) {
      if (reference.outcome != Outcome::kMissing) continue;
      const auto url = Url::parse(reference.url);
      if (!url || !url->is_http()) continue;
      const std::string address = url->href_without_fragment();
      const auto known = missing.find(address);
      if (known != missing.end()) {
        if (known->second.document == owed.url) continue;
        NightMissing one = known->second;
        one.document = owed.url;
        keep(one);
        continue;
      }
      if (missing.size() >= kMostMissing) return;
      keep(NightMissing{.url = address,
                        .document = owed.url,
                        .first = moment,
                        .last = moment,
                        .next = next_try(1, moment, options.limits),
                        .tries = 1,
                        .reason = reference.reason});
    }
  }

  void ended(const OwedUrl& owed, const CrawlResult& outcome) {
    const std::lock_guard lock(mutex);
    if (left.erase(key_of(owed)) > 0) {
      const auto source = is_page(owed) ? sources.find(page_of(owed.url)) : sources.end();
      if (source != sources.end()) source_ended(source->second, outcome);
      return;
    }
    if (outcome.outcome.origin == Origin::kAnswer) {
      hosts[host_of(owed.url)].bytes += outcome.outcome.size;
    }
    is_page(owed) ? page_ended(owed, outcome) : file_ended(owed, outcome);
  }

  void file_ended(const OwedUrl& owed, const CrawlResult& outcome) {
    if (owed.is_guess) return;
    const auto known = missing.find(owed.url);
    if (outcome.step == Step::kFile) {
      if (known == missing.end()) return;
      rows.remove_missing(notes->batch, owed.url);
      notes->has_any = true;
      missing.erase(known);
      return;
    }
    const Time moment = now();
    NightMissing one = known == missing.end() ? NightMissing() : known->second;
    if (known == missing.end()) {
      if (missing.size() >= kMostMissing) return;
      one.url = owed.url;
      one.document = owed.document;
      one.first = moment;
    }
    one.last = moment;
    ++one.tries;
    one.reason = outcome.outcome.reason;
    one.next = next_try(one.tries, moment, options.limits);
    if (!one.next) {
      ++result.newly_given_up;
      newly_given_up.insert(one.url);
    }
    keep(one);
  }

  void page_ended(const OwedUrl& owed, const CrawlResult& outcome) {
    const std::string page = page_of(owed.url);
    if (const auto source = sources.find(page); source != sources.end()) {
      return source_ended(source->second, outcome);
    }
    const auto before = visit_of(page);
    if (!before) return;
    NightVisit visit = before->value_or(NightVisit());
    if (!*before) {
      visit.url = owed.url;
      visit.source = owed.document;
      visit.past.first = now();
    }
    const bool is_had = outcome.step == Step::kArticle || outcome.step == Step::kFile ||
                        outcome.step == Step::kAlias;
    is_had ? page_came(page, visit, outcome) : page_failed(visit, outcome);
    keep(page, visit, *before);
  }

  void page_came(const std::string& page, NightVisit& visit, const CrawlResult& outcome) {
    const Time moment = now();
    const bool is_settled = settled_pages.erase(page) > 0;
    const Kept known = kept.contains(page) ? kept.at(page) : Kept();
    kept.erase(page);
    if (!is_settled) visit.files_checked = moment;
    if (known.dated) visit.past.dated = known.dated;
    if (outcome.outcome.origin == Origin::kKnown && visit.checked != Time{}) return;
    ++result.asked;
    const std::string digest = outcome.outcome.digest.hex();
    const bool is_same = visit.digest == digest;
    const bool was_known = visit.checked != Time{} && !visit.digest.empty();
    result.unchanged += is_same && was_known;
    const bool changed = known.changed || (!is_same && was_known && outcome.step == Step::kFile);
    if (was_known) {
      ++visit.past.checks;
      visit.past.changes += changed;
      const bool was_asked_whole =
          options.whole_every > 0 && visit.confirmed >= options.whole_every;
      if (!is_same && was_asked_whole) note_lie(visit);
    }
    if (changed) visit.past.changed = moment;
    visit.confirmed = outcome.outcome.origin == Origin::kConfirmed ? visit.confirmed + 1 : 0;
    visit.checked = moment;
    visit.digest = digest;
    visit.step = to_string(outcome.step);
    visit.other = outcome.other;
    visit.fingerprint = outcome.fingerprint;
    visit.scope = scope_name;
    visit.failures = 0;
    visit.reason.clear();
    visit.since.reset();
    visit.next = next_visit(visit.past, moment, options.limits, page);
  }

  void note_lie(NightVisit& visit) {
    visit.lies = true;
    warn(
        fmt::format("{}: the server said again and again that it had not changed, and it had; its "
                    "word is not taken any more",
                    visit.url));
  }

  void page_failed(NightVisit& visit, const CrawlResult& outcome) {
    const Time moment = now();
    ++result.asked;
    ++result.failed_pages;
    ++visit.failures;
    visit.checked = moment;
    visit.reason = outcome.outcome.reason;
    if (!visit.since) visit.since = moment;
    const bool is_gone = outcome.outcome.status == 410;
    visit.next = is_gone ? std::nullopt : next_try(visit.failures, moment, options.limits);
    if (result.failures.size() >= NightResult::kMostListed) return;
    result.failures.push_back(
        {visit.url, visit.source, visit.reason, visit.since, !visit.next.has_value()});
  }

  void source_ended(const Source& source, const CrawlResult& outcome) {
    if (outcome.step == Step::kFile) return;  // read_source() told
    auto row = rows.source(source.url);
    if (!row) return;
    NightSource known = row->value_or(NightSource());
    known.url = source.url;
    known.kind = to_string(source.kind);
    known.checked = now();
    ++known.silent;
    known.reason = outcome.outcome.reason;
    known.is_gone = outcome.outcome.status == 410;
    keep(known);
  }

  // ---- writing

  std::function<Result<void>()> take_notes() {
    const std::lock_guard lock(mutex);
    while (!unwritten.empty() && unwritten.front()->is_written) unwritten.pop_front();
    if (!notes->has_any) return nullptr;
    const auto going = std::exchange(notes, std::make_shared<Notes>());
    unwritten.push_back(going);
    return [this, going]() -> Result<void> {
      auto written = archive.database().write(std::move(going->batch), false);
      going->is_written = true;
      return written;
    };
  }

  // Those that say that they have moved for good.
  Result<void> look_at_redirected() {
    for (const auto& [url, target] : redirected) {
      const auto latest = archive.captures().latest(url);
      if (!latest) return tl::unexpected(latest.error());
      if (!*latest || ((*latest)->status != 301 && (*latest)->status != 308)) continue;
      NightSource row = source_rows.at(url);
      row.moved_to = target;
      keep(row);
    }
    return {};
  }

  Result<NightResult> finish() {
    if (auto looked = look_at_redirected(); !looked) return tl::unexpected(looked.error());
    if (auto write = take_notes()) {
      if (auto written = write(); !written) return tl::unexpected(written.error());
    }
    const std::lock_guard lock(mutex);
    for (const auto& [url, one] : missing) {
      ++(one.next ? result.missing_files : result.given_up_files);
      const bool is_told = one.next || newly_given_up.contains(url);
      if (is_told && result.missing.size() < NightResult::kMostListed) {
        result.missing.push_back(one);
      }
    }
    for (const auto& [url, row] : source_rows) result.sources.push_back(row);
    return std::move(result);
  }

  Archive& archive;
  const NightOptions options;
  const NightRows rows;
  const std::string scope_name;

  mutable std::mutex mutex;               // of the following
  std::map<std::string, Source> sources;  // by page
  std::set<std::string> led_to;           // sources that others led to in this crawl
  std::set<std::string> starts;           // pages
  std::map<std::string, NightMissing> missing;
  std::map<std::string, std::string> look_again;  // pages that show what is looked for: URLs
  std::set<std::string> wanted;                   // pages of which a source says that they changed
  std::set<std::string> left, settled_pages, changed_bodies, newly_given_up;
  std::map<std::string, Kept> kept;
  std::map<std::string, FeedEntry> facts;
  std::map<std::string, HostUse> hosts;
  std::map<std::string, NightSource> source_rows;  // of tonight, by URL
  std::map<std::string, std::string> redirected;   // sources, and where they led
  std::shared_ptr<Notes> notes = std::make_shared<Notes>();
  std::deque<std::shared_ptr<Notes>> unwritten;
  mutable RecentMap<NightVisit> recent_visits{kRecentVisits};
  NightResult result;
};

NightGuide::NightGuide(Archive& archive, NightOptions options)
    : parts_(std::make_unique<Parts>(archive, std::move(options))) {}
NightGuide::~NightGuide() = default;

Result<std::vector<OwedUrl>> NightGuide::leads() { return parts_->leads(); }
CrawlTurn NightGuide::turn_of(const OwedUrl& owed) { return parts_->turn_of(owed); }

bool NightGuide::is_source(const OwedUrl& owed) const {
  const std::lock_guard lock(parts_->mutex);
  return is_page(owed) && parts_->sources.contains(page_of(owed.url));
}

Result<std::vector<OwedUrl>> NightGuide::read_source(const OwedUrl& owed,
                                                     const CaptureOutcome& outcome) {
  return parts_->read_source(owed, outcome);
}

std::optional<CrawlResult> NightGuide::settled(const OwedUrl& owed, const CaptureOutcome& outcome) {
  return parts_->settled(owed, outcome);
}

std::optional<CrawlGuide::Shown> NightGuide::shown(const OwedUrl& owed,
                                                   const CaptureOutcome& outcome) {
  return parts_->shown(owed, outcome);
}

void NightGuide::shows(const OwedUrl& owed, const Digest& body,
                       const std::vector<ShownFile>* files) {
  parts_->shows(owed, body, files);
}

Result<bool> NightGuide::keeps(Article& article, const OwedUrl& owed) {
  return parts_->keeps(article, owed);
}

void NightGuide::ended(const OwedUrl& owed, const CrawlResult& result) {
  parts_->ended(owed, result);
}

std::function<Result<void>()> NightGuide::notes() { return parts_->take_notes(); }
Result<NightResult> NightGuide::result() { return parts_->finish(); }

}  // namespace halftone
