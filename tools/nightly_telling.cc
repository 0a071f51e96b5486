#include "tools/nightly_telling.h"

#include <map>

#include "crawler/curl_messenger.h"
#include "store/files.h"
#include "tools/nightly_report.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

struct Metric {
  const char* name;
  const char* help;
  double (*value)(const NightRun&);
};

double seconds_of(Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

size_t silent_sources(const NightRun& run) {
  size_t count = 0;
  for (const NightSource& source : run.result.sources) count += source.silent > 0;
  return count;
}

constexpr Metric kMetrics[] = {
    {"last_run_timestamp_seconds", "When the last night ended.",
     [](const NightRun& run) { return seconds_of(run.ended); }},
    {"last_run_duration_seconds", "How long it took.",
     [](const NightRun& run) { return seconds_of(run.ended) - seconds_of(run.begun); }},
    {"last_run_exit_code", "Its exit status.",
     [](const NightRun& run) { return static_cast<double>(run.code); }},
    {"troubles", "What needs a person.",
     [](const NightRun& run) { return static_cast<double>(troubles_of(run).size()); }},
    {"pages_asked", "Pages that were asked for.",
     [](const NightRun& run) { return static_cast<double>(run.result.asked); }},
    {"pages_unchanged", "Of them, those that were as before.",
     [](const NightRun& run) { return static_cast<double>(run.result.unchanged); }},
    {"pages_failed", "Of them, those that were not had.",
     [](const NightRun& run) { return static_cast<double>(run.result.failed_pages); }},
    {"articles_new", "New articles.",
     [](const NightRun& run) { return static_cast<double>(run.result.new_articles); }},
    {"articles_changed", "Articles that changed.",
     [](const NightRun& run) { return static_cast<double>(run.result.changed_articles); }},
    {"files_missing", "Files that are looked for again and again.",
     [](const NightRun& run) { return static_cast<double>(run.result.missing_files); }},
    {"files_given_up", "Files that were given up.",
     [](const NightRun& run) { return static_cast<double>(run.result.given_up_files); }},
    {"sources_silent", "Sources that gave nothing.",
     [](const NightRun& run) { return static_cast<double>(silent_sources(run)); }},
    {"requests", "Requests.",
     [](const NightRun& run) { return static_cast<double>(run.counts.requests); }},
    {"bytes_fetched", "Bytes that came over the network.",
     [](const NightRun& run) { return static_cast<double>(run.counts.bytes_fetched); }},
    {"archive_disk_bytes", "What the archive takes on disk.",
     [](const NightRun& run) { return static_cast<double>(run.disk_after); }},
    {"disk_free_bytes", "What is free on that disk.",
     [](const NightRun& run) { return static_cast<double>(run.disk_free); }},
};

bool is_wanted(const NightlyArguments& how, const NightRun& run) {
  if (how.notify == "never") return false;
  return how.notify == "always" || !troubles_of(run).empty();
}

Result<void> mail(const NightlyArguments& how, const NightRun& run) {
  const std::string sender = how.mail_from.empty() ? how.mail_to.front() : how.mail_from;
  const bool is_trouble = !troubles_of(run).empty();
  return send_mail(
      {.server = how.mail_server,
       .from = sender,
       .to = how.mail_to,
       .subject = (is_trouble ? "halftone needs you: " : "halftone: ") + summary_line(run),
       .text = to_text(run)});
}

}  // namespace

std::string metrics_of(const std::vector<const NightRun*>& runs) {
  std::string text;
  for (const Metric& metric : kMetrics) {
    text += fmt::format("# HELP halftone_nightly_{0} {1}\n# TYPE halftone_nightly_{0} gauge\n",
                        metric.name, metric.help);
    for (const NightRun* run : runs) {
      text += fmt::format("halftone_nightly_{}{{job=\"{}\"}} {}\n", metric.name, run->job,
                          metric.value(*run));
    }
  }
  return text;
}

bool tell_of_nights(const std::vector<EndedJob>& ended) {
  bool all_told = true;
  const auto check = [&](const Result<void>& told) {
    if (told) return;
    all_told = false;
    tell("halftone: {}\n", told.error().message);
  };
  std::map<std::string, std::vector<const NightRun*>> metrics;
  for (const auto& [job, run] : ended) {
    const NightlyArguments& how = job->args.nightly;
    if (!how.metrics.empty()) metrics[how.metrics].push_back(&run);
    if (!is_wanted(how, run)) continue;
    if (!how.webhook.empty()) check(post_json(how.webhook, to_json(run)));
    if (!how.mail_to.empty()) check(mail(how, run));
  }
  for (const auto& [file, told] : metrics) check(write_file(file, metrics_of(told)));
  return all_told;
}

}  // namespace halftone
