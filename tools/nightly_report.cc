#include "tools/nightly_report.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "store/formats/describe.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;

// A source that is silent for so many nights needs a person.
constexpr unsigned kManyNights = 3;
// Fewer days of room left than that.
constexpr double kFewDays = 30;
constexpr size_t kMostInText = 50;

std::string many(uint64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

Json time_or_null(const std::optional<Time>& time) {
  return time ? Json(to_iso8601(*time)) : Json(nullptr);
}

Json entry_of(const NightArticle& article) {
  Json entry = {{"id", article.id},
                {"url", article.url},
                {"title", article.title},
                {"source", article.source},
                {"captured_at", to_iso8601(article.captured_at)},
                {"before", time_or_null(article.before)}};
  if (!article.before) return entry;
  const ArticleChanges& changes = article.changes;
  entry["changes"] = changes.summary();
  entry["title_changed"] = changes.title;
  entry["text_changed"] = changes.text;
  entry["images_added"] = changes.images_added;
  entry["images_removed"] = changes.images_removed;
  entry["images_replaced"] = changes.images_replaced;
  entry["found"] = changes.found;
  entry["lost"] = changes.lost;
  return entry;
}

Json articles_of(const NightRun& run, bool is_new) {
  Json list = Json::array();
  for (const NightArticle& article : run.result.articles) {
    if (article.before.has_value() != is_new) list.push_back(entry_of(article));
  }
  return list;
}

Json missing_of(const NightRun& run) {
  Json list = Json::array();
  for (const NightMissing& one : run.result.missing) {
    list.push_back({{"url", one.url},
                    {"document", one.document},
                    {"since", to_iso8601(one.first)},
                    {"tries", one.tries},
                    {"reason", one.reason},
                    {"next", time_or_null(one.next)},
                    {"given_up", !one.next}});
  }
  return list;
}

Json failures_of(const NightRun& run) {
  Json list = Json::array();
  for (const NightFailure& one : run.result.failures) {
    list.push_back({{"url", one.url},
                    {"source", one.source},
                    {"reason", one.reason},
                    {"since", time_or_null(one.since)},
                    {"given_up", one.is_given_up}});
  }
  return list;
}

Json sources_of(const NightRun& run) {
  Json list = Json::array();
  for (const NightSource& source : run.result.sources) {
    Json entry = {{"url", source.url},
                  {"kind", source.kind},
                  {"entries", source.entries},
                  {"answered", time_or_null(source.answered)},
                  {"silent_nights", source.silent}};
    if (!source.reason.empty()) entry["reason"] = source.reason;
    if (!source.moved_to.empty()) entry["moved_to"] = source.moved_to;
    if (source.is_gone) entry["gone"] = true;
    list.push_back(std::move(entry));
  }
  return list;
}

Json steps_of(const NightRun& run) {
  Json list = Json::array();
  for (const NightStep& step : run.steps) {
    list.push_back(
        {{"step", step.name}, {"code", static_cast<int>(step.code)}, {"text", step.text}});
  }
  return list;
}

Json json_of(const NightRun& run) {
  const NightResult& night = run.result;
  Json entry = {{"job", run.job},
                {"archive", run.archive},
                {"begun", to_iso8601(run.begun)},
                {"ended", to_iso8601(run.ended)},
                {"outcome", end_of_night(run)},
                {"code", static_cast<int>(run.code)}};
  if (!run.failure.empty()) entry["failure"] = run.failure;
  if (!run.end.limit.empty()) entry["limit"] = run.end.limit;
  entry.update(Json{
      {"troubles", troubles_of(run)},
      {"pages_asked", night.asked},
      {"pages_unchanged", night.unchanged},
      {"pages_failed", night.failed_pages},
      {"new_articles", night.new_articles},
      {"changed_articles", night.changed_articles},
      {"changed_around", night.around},
      {"files_found", night.found},
      {"files_missing", night.missing_files},
      {"files_given_up", night.given_up_files},
      {"requests", run.counts.requests},
      {"confirmed", run.counts.confirmed},
      {"bytes_fetched", run.counts.bytes_fetched},
      {"new_blobs", run.counts.new_blobs},
      {"new_bytes", run.counts.new_bytes},
      {"owed", run.end.owed},
      {"disk_bytes", run.disk_after},
      {"disk_grown", static_cast<int64_t>(run.disk_after) - static_cast<int64_t>(run.disk_before)},
      {"disk_free", run.disk_free}});
  const auto days = days_left(run);
  entry["days_left"] = days ? Json(*days) : Json(nullptr);
  entry["new"] = articles_of(run, true);
  entry["changed"] = articles_of(run, false);
  entry["failures"] = failures_of(run);
  entry["missing"] = missing_of(run);
  entry["sources"] = sources_of(run);
  entry["steps"] = steps_of(run);
  entry["warnings"] = night.warnings;
  return entry;
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// As many lines as anybody reads.
class Lines {
 public:
  void head(const std::string& text) { text_ += "\n" + text + "\n"; }
  void add(const std::string& text) {
    if (++listed_ <= kMostInText) text_ += "  " + text + "\n";
  }
  void end() {
    if (listed_ > kMostInText) {
      text_ += fmt::format("  … and {} more, in the report\n", listed_ - kMostInText);
    }
    listed_ = 0;
  }
  void plain(const std::string& text) { text_ += text + "\n"; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  size_t listed_ = 0;
};

void tell_articles(const NightRun& run, Lines& lines) {
  const auto& articles = run.result.articles;
  const auto is_new = [](const NightArticle& one) { return !one.before; };
  if (std::ranges::any_of(articles, is_new)) {
    lines.head("New:");
    for (const NightArticle& one : articles) {
      if (!one.before) lines.add(one.title + "\n    " + one.url);
    }
    lines.end();
  }
  if (!std::ranges::all_of(articles, is_new)) {
    lines.head("Changed:");
    for (const NightArticle& one : articles) {
      if (one.before) lines.add(one.title + ": " + one.changes.summary() + "\n    " + one.url);
    }
    lines.end();
  }
}

void tell_missing(const NightRun& run, Lines& lines) {
  if (!run.result.failures.empty()) {
    lines.head("Pages that were not had:");
    for (const NightFailure& one : run.result.failures) lines.add(one.url + ": " + one.reason);
    lines.end();
  }
  if (!run.result.missing.empty()) {
    lines.head("Missing:");
    for (const NightMissing& one : run.result.missing) {
      lines.add(fmt::format("{}: {} (since {}{})", one.url, one.reason, describe_date(one.first),
                            one.next ? "" : ", given up"));
    }
    lines.end();
  }
}

}  // namespace

std::optional<double> days_left(const NightRun& run) {
  if (run.marks.size() < 2 || run.disk_free == 0) return std::nullopt;
  const NightMark &first = run.marks.front(), &last = run.marks.back();
  const double days = std::chrono::duration<double>(last.time - first.time).count() / 86400;
  if (days < 1 || last.disk_bytes <= first.disk_bytes) return std::nullopt;
  return static_cast<double>(run.disk_free) /
         (static_cast<double>(last.disk_bytes - first.disk_bytes) / days);
}

std::string end_of_night(const NightRun& run) {
  if (!run.failure.empty()) return "failed";
  if (run.end.why == CrawlEnd::Why::kInterrupted) return "interrupted";
  return run.end.why == CrawlEnd::Why::kLimit ? "limit" : "done";
}

std::vector<std::string> troubles_of(const NightRun& run) {
  std::vector<std::string> troubles;
  if (!run.failure.empty()) troubles.push_back(run.failure);
  for (const NightSource& source : run.result.sources) {
    if (source.is_gone) {
      troubles.push_back(fmt::format("the {} {} is gone (410)", source.kind, source.url));
    } else if (source.silent >= kManyNights) {
      troubles.push_back(fmt::format("the {} {} has given nothing for {} nights: {}", source.kind,
                                     source.url, source.silent, source.reason));
    }
    if (!source.moved_to.empty()) {
      troubles.push_back(fmt::format("the {} {} has moved for good: {}", source.kind, source.url,
                                     source.moved_to));
    }
  }
  if (run.code == ExitCode::kFailed && run.failure.empty()) {
    troubles.emplace_back("nothing answered");
  }
  if (run.result.newly_given_up > 0) {
    troubles.push_back(many(run.result.newly_given_up, "missing file") + " given up tonight");
  }
  for (const NightStep& step : run.steps) {
    if (step.code != ExitCode::kOk && step.code != ExitCode::kIncomplete) {
      troubles.push_back(step.name + ": " + step.text);
    }
  }
  if (const auto days = days_left(run); days && *days < kFewDays) {
    troubles.push_back(fmt::format("the disk will be full in {:.0f} days", *days));
  }
  return troubles;
}

std::string summary_line(const NightRun& run) {
  if (!run.failure.empty()) return run.job + ": " + run.failure;
  const NightResult& night = run.result;
  std::string line = fmt::format("{}: {}, {} changed; {} of {} as before", run.job,
                                 many(night.new_articles, "new article"), night.changed_articles,
                                 night.unchanged, many(night.asked, "page"));
  if (night.failed_pages > 0) line += fmt::format("; {} not had", night.failed_pages);
  if (night.missing_files > 0) {
    line += fmt::format("; {} missing", many(night.missing_files, "file"));
  }
  line += fmt::format("; {}, {} new", many(run.counts.new_blobs, "new file"),
                      describe_bytes(run.counts.new_bytes));
  if (end_of_night(run) == "limit") line += "; stopped at " + run.end.limit;
  if (end_of_night(run) == "interrupted") line += "; interrupted, the next night goes on";
  return line;
}

std::string to_json(const NightRun& run) { return dumped(json_of(run)); }

std::string to_json(const std::vector<EndedJob>& ended, ExitCode code) {
  Json jobs = Json::array();
  for (const EndedJob& one : ended) jobs.push_back(json_of(one.run));
  return dumped({{"run", "nightly"}, {"code", static_cast<int>(code)}, {"jobs", std::move(jobs)}});
}

std::string to_text(const NightRun& run) {
  Lines lines;
  lines.plain(summary_line(run));
  const auto troubles = troubles_of(run);
  if (!troubles.empty()) {
    lines.head("Needs a person:");
    for (const std::string& trouble : troubles) lines.add(trouble);
    lines.end();
  }
  tell_articles(run, lines);
  tell_missing(run, lines);
  if (!run.steps.empty()) {
    lines.head("Afterwards:");
    for (const NightStep& step : run.steps) lines.add(step.name + ": " + step.text);
    lines.end();
  }
  for (const std::string& warning : run.result.warnings) lines.add(warning);
  lines.end();
  if (!run.page_path.empty()) lines.head("Report: " + run.page_path);
  return lines.take();
}

Result<void> write_night_reports(Archive& archive, NightRun& run) {
  const std::string name = fmt::format("nightly-{}-{}", run.job, to_digits(run.ended));
  const auto json = archive.write_report(name, to_json(run));
  if (!json) return tl::unexpected(json.error());
  run.json_path = *json;
  const auto page = archive.write_report(name, to_html(run, archive), "html");
  if (!page) return tl::unexpected(page.error());
  run.page_path = *page;
  return {};
}

}  // namespace halftone
