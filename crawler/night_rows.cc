#include "crawler/night_rows.h"

#include <type_traits>

#include <nlohmann/json.hpp>

namespace halftone {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "nightly ";
constexpr std::string_view kInLine = "1";  // the value of a row that only has a key
constexpr size_t kDigits = 20;

void set(json& value, const char* name, const std::string& text) {
  if (!text.empty()) value[name] = text;
}
void set(json& value, const char* name, const std::optional<Time>& time) {
  if (time) value[name] = to_digits(*time);
}
void set(json& value, const char* name, Time time) {
  if (time != Time{}) value[name] = to_digits(time);
}
template <class Number>
requires std::is_integral_v<Number>
void set(json& value, const char* name, Number number) {
  if (number != Number{}) value[name] = number;
}

std::optional<Time> time_of(const json& value, const char* name) {
  const auto found = value.find(name);
  return found == value.end() ? std::nullopt : from_digits(found->get<std::string>());
}

std::string text_of(const json& value, const char* name) { return value.value(name, ""); }

std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// A row of JSON as `read` makes it; nothing where it is damaged.
template <class Read>
auto parsed(std::string_view text, const Read& read) -> std::optional<decltype(read(json()))> {
  try {
    return read(json::parse(text));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

json to_json(const NightVisit& visit) {
  json value = {{"url", visit.url}};
  set(value, "source", visit.source);
  set(value, "first", visit.past.first);
  set(value, "changed", visit.past.changed);
  set(value, "dated", visit.past.dated);
  set(value, "checks", visit.past.checks);
  set(value, "changes", visit.past.changes);
  set(value, "checked", visit.checked);
  set(value, "next", visit.next);
  set(value, "files_checked", visit.files_checked);
  set(value, "digest", visit.digest);
  set(value, "step", visit.step);
  set(value, "other", visit.other);
  set(value, "fingerprint", visit.fingerprint);
  set(value, "scope", visit.scope);
  set(value, "stamp", visit.stamp);
  set(value, "confirmed", visit.confirmed);
  set(value, "lies", visit.lies);
  set(value, "failures", visit.failures);
  set(value, "reason", visit.reason);
  set(value, "since", visit.since);
  return value;
}

NightVisit read_visit(const json& value) {
  NightVisit visit;
  value.at("url").get_to(visit.url);
  visit.source = text_of(value, "source");
  visit.past = {.first = time_of(value, "first").value_or(Time{}),
                .changed = time_of(value, "changed"),
                .dated = time_of(value, "dated"),
                .checks = value.value("checks", 0U),
                .changes = value.value("changes", 0U)};
  visit.checked = time_of(value, "checked").value_or(Time{});
  visit.next = time_of(value, "next");
  visit.files_checked = time_of(value, "files_checked").value_or(Time{});
  visit.digest = text_of(value, "digest");
  visit.step = text_of(value, "step");
  visit.other = text_of(value, "other");
  visit.fingerprint = value.value("fingerprint", uint64_t{0});
  visit.scope = text_of(value, "scope");
  visit.stamp = text_of(value, "stamp");
  visit.confirmed = value.value("confirmed", 0U);
  visit.lies = value.value("lies", false);
  visit.failures = value.value("failures", 0U);
  visit.reason = text_of(value, "reason");
  visit.since = time_of(value, "since");
  return visit;
}

json to_json(const NightSource& source) {
  json value = {{"url", source.url}, {"kind", source.kind}, {"ids", source.ids}};
  set(value, "checked", source.checked);
  set(value, "answered", source.answered);
  set(value, "silent", source.silent);
  set(value, "reason", source.reason);
  set(value, "moved_to", source.moved_to);
  set(value, "entries", source.entries);
  set(value, "children", source.children);
  set(value, "digest", source.digest);
  set(value, "gone", source.is_gone);
  return value;
}

NightSource read_source(const json& value) {
  return {.url = value.at("url").get<std::string>(),
          .kind = value.at("kind").get<std::string>(),
          .checked = time_of(value, "checked").value_or(Time{}),
          .answered = time_of(value, "answered"),
          .silent = value.value("silent", 0U),
          .reason = text_of(value, "reason"),
          .moved_to = text_of(value, "moved_to"),
          .entries = value.value("entries", uint64_t{0}),
          .children = value.value("children", uint64_t{0}),
          .digest = text_of(value, "digest"),
          .is_gone = value.value("gone", false),
          .ids = value.at("ids").get<std::map<std::string, std::string>>()};
}

json to_json(const NightMissing& missing) {
  json value = {{"url", missing.url}, {"tries", missing.tries}};
  set(value, "document", missing.document);
  set(value, "first", missing.first);
  set(value, "last", missing.last);
  set(value, "next", missing.next);
  set(value, "reason", missing.reason);
  return value;
}

NightMissing read_missing(const json& value) {
  return {.url = value.at("url").get<std::string>(),
          .document = text_of(value, "document"),
          .first = time_of(value, "first").value_or(Time{}),
          .last = time_of(value, "last").value_or(Time{}),
          .next = time_of(value, "next"),
          .tries = value.at("tries").get<unsigned>(),
          .reason = text_of(value, "reason")};
}

json to_json(const NightJob& job) {
  json value = {{"code", job.code}, {"marks", json::array()}};
  set(value, "begun", job.begun);
  set(value, "ended", job.ended);
  set(value, "outcome", job.outcome);
  set(value, "summary", job.summary);
  set(value, "report", job.report);
  set(value, "whole_verify", job.whole_verify);
  if (!job.silent_hosts.empty()) value["silent_hosts"] = job.silent_hosts;
  for (const NightMark& mark : job.marks) {
    value["marks"].push_back({to_digits(mark.time), mark.disk_bytes});
  }
  return value;
}

NightJob read_job(const json& value) {
  NightJob job;
  value.at("code").get_to(job.code);
  job.begun = time_of(value, "begun");
  job.ended = time_of(value, "ended");
  job.outcome = text_of(value, "outcome");
  job.summary = text_of(value, "summary");
  job.report = text_of(value, "report");
  job.whole_verify = time_of(value, "whole_verify");
  job.silent_hosts = value.value("silent_hosts", std::set<std::string>());
  for (const json& mark : value.at("marks")) {
    job.marks.push_back(
        {from_digits(mark.at(0).get<std::string>()).value(), mark.at(1).get<uint64_t>()});
  }
  return job;
}

}  // namespace

NightRows::NightRows(Database& database, std::string job)
    : database_(database), name_(std::move(job)), prefix_(std::string(kPrefix) + name_ + " ") {}

std::string NightRows::key(char letter, std::string_view rest) const {
  return fmt::format("{}{} {}", prefix_, letter, rest);
}

Result<std::optional<NightVisit>> NightRows::visit(std::string_view page) const {
  const auto row = database_.get(Table::kRun, key('p', page));
  if (!row) return tl::unexpected(row.error());
  return *row ? parsed(**row, read_visit) : std::nullopt;
}

void NightRows::put(WriteBatch& batch, std::string_view page, const NightVisit& visit,
                    const std::optional<NightVisit>& before) const {
  const auto place = [&](Time due) { return key('d', fmt::format("{} {}", to_digits(due), page)); };
  if (before && before->next && before->next != visit.next) {
    batch.remove(Table::kRun, place(*before->next));
  }
  if (visit.next) batch.put(Table::kRun, place(*visit.next), kInLine);
  batch.put(Table::kRun, key('p', page), dumped(to_json(visit)));
}

Result<void> NightRows::each_visit(
    const std::function<bool(std::string_view page, const NightVisit&)>& visit) const {
  const std::string from = key('p');
  return database_.scan(Table::kRun, from, [&](auto row_key, auto value) {
    const auto row = parsed(value, read_visit);
    return !row || visit(row_key.substr(from.size()), *row);
  });
}

Result<void> NightRows::each_due(Time now,
                                 const std::function<bool(std::string_view page)>& visit) const {
  const std::string from = key('d');
  const std::string to = key('d', to_digits(now + std::chrono::microseconds(1)));
  return database_.scan_range(Table::kRun, from, to, [&](auto row_key, auto) {
    const auto rest = row_key.substr(from.size());
    return rest.size() <= kDigits || visit(rest.substr(kDigits + 1));
  });
}

Result<std::optional<NightShown>> NightRows::shown(std::string_view page,
                                                   const OwedUrl& owed) const {
  const auto row = database_.get(Table::kRun, key('f', page));
  if (!row) return tl::unexpected(row.error());
  return *row ? decode_shown(**row, owed) : std::nullopt;
}

Result<bool> NightRows::put_shown(WriteBatch& batch, std::string_view page, const OwedUrl& owed,
                                  const NightShown* shown) const {
  const std::string place = key('f', page);
  const auto before = database_.get(Table::kRun, place);
  if (!before) return tl::unexpected(before.error());
  const auto row = shown ? std::optional(encode(*shown, owed)) : std::nullopt;
  if (*before == row) return false;
  row ? batch.put(Table::kRun, place, *row) : batch.remove(Table::kRun, place);
  return true;
}

Result<std::optional<NightSource>> NightRows::source(std::string_view url) const {
  const auto row = database_.get(Table::kRun, key('s', url));
  if (!row) return tl::unexpected(row.error());
  return *row ? parsed(**row, halftone::read_source) : std::nullopt;
}

void NightRows::put(WriteBatch& batch, const NightSource& source) const {
  batch.put(Table::kRun, key('s', source.url), dumped(to_json(source)));
}

Result<std::vector<NightSource>> NightRows::sources() const {
  std::vector<NightSource> sources;
  const auto scanned = database_.scan(Table::kRun, key('s'), [&](auto, auto value) {
    if (auto row = parsed(value, halftone::read_source)) sources.push_back(*std::move(row));
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return sources;
}

Result<std::vector<NightMissing>> NightRows::missing(size_t most) const {
  std::vector<NightMissing> rows;
  const auto scanned = database_.scan(Table::kRun, key('m'), [&](auto, auto value) {
    if (auto row = parsed(value, read_missing)) rows.push_back(*std::move(row));
    return rows.size() < most;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return rows;
}

Result<std::optional<NightMissing>> NightRows::missing_file(std::string_view url) const {
  const auto row = database_.get(Table::kRun, key('m', url));
  if (!row) return tl::unexpected(row.error());
  return *row ? parsed(**row, read_missing) : std::nullopt;
}

void NightRows::put(WriteBatch& batch, const NightMissing& missing) const {
  batch.put(Table::kRun, key('m', missing.url), dumped(to_json(missing)));
}

void NightRows::remove_missing(WriteBatch& batch, std::string_view url) const {
  batch.remove(Table::kRun, key('m', url));
}

Result<NightJob> NightRows::job() const {
  const auto row = database_.get(Table::kRun, key('j'));
  if (!row) return tl::unexpected(row.error());
  NightJob job = *row ? parsed(**row, read_job).value_or(NightJob()) : NightJob();
  job.name = name_;
  return job;
}

Result<void> NightRows::keep(const NightJob& job) const {
  WriteBatch batch;
  batch.put(Table::kRun, key('j'), dumped(to_json(job)));
  return database_.write(std::move(batch), true);
}

Result<std::vector<std::string>> NightRows::jobs(const Database& database) {
  std::vector<std::string> names;
  std::string from(kPrefix);
  while (true) {  // from job to job, past all that each of them has
    std::string name;
    const auto scanned =
        database.scan_range(Table::kRun, from, "nightly!", [&](auto row_key, auto) {
          const auto rest = row_key.substr(kPrefix.size());
          name = rest.substr(0, rest.find(' '));
          return false;
        });
    if (!scanned) return tl::unexpected(scanned.error());
    if (name.empty()) return names;
    from = fmt::format("{}{}!", kPrefix, name);
    names.push_back(std::move(name));
  }
}

}  // namespace halftone
