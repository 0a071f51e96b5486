// halftone nightly: jobs that run every night, and only tell of it when something needs a person.
#include <nlohmann/json.hpp>

#include "crawler/night_rows.h"
#include "store/formats/describe.h"
#include "tools/commands.h"
#include "tools/interrupt.h"
#include "tools/job_file.h"
#include "tools/log.h"
#include "tools/nightly_plan.h"
#include "tools/nightly_report.h"
#include "tools/nightly_telling.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// ---- --check

void say_mistakes(const Plan& plan, bool json) {
  for (const JobMistake& mistake : plan.mistakes) {
    if (!json) {
      tell("{}\n", describe(mistake));
      continue;
    }
    say_json(dumped({{"file", mistake.file},
                     {"line", mistake.line},
                     {"key", mistake.key},
                     {"mistake", mistake.text}}));
  }
}

Result<ExitCode> check(const Plan& plan, const Arguments& args) {
  say_mistakes(plan, args.json);
  if (!plan.mistakes.empty()) return ExitCode::kUsage;
  if (!args.quiet) {
    tell("{} job{}, no mistake\n", plan.jobs.size(), plan.jobs.size() == 1 ? "" : "s");
  }
  return ExitCode::kOk;
}

// ---- --status

struct JobStatus {
  NightJob job;
  std::vector<NightSource> sources;
  size_t missing = 0, given_up = 0;
};

Result<JobStatus> status_of(Archive& archive, const std::string& name) {
  const NightRows rows(archive.database(), name);
  JobStatus status;
  auto job = rows.job();
  if (!job) return tl::unexpected(job.error());
  status.job = *std::move(job);
  auto sources = rows.sources();
  if (!sources) return tl::unexpected(sources.error());
  status.sources = *std::move(sources);
  const auto missing = rows.missing(SIZE_MAX);
  if (!missing) return tl::unexpected(missing.error());
  for (const NightMissing& one : *missing) ++(one.next ? status.missing : status.given_up);
  return status;
}

Json json_of(const JobStatus& status) {
  const auto time = [](const std::optional<Time>& moment) {
    return moment ? Json(to_iso8601(*moment)) : Json(nullptr);
  };
  Json sources = Json::array();
  for (const NightSource& source : status.sources) {
    sources.push_back({{"url", source.url},
                       {"kind", source.kind},
                       {"answered", time(source.answered)},
                       {"silent_nights", source.silent},
                       {"reason", source.reason}});
  }
  const NightJob& job = status.job;
  return {{"job", job.name},        {"begun", time(job.begun)},  {"ended", time(job.ended)},
          {"outcome", job.outcome}, {"code", job.code},          {"summary", job.summary},
          {"report", job.report},   {"missing", status.missing}, {"given_up", status.given_up},
          {"sources", sources}};
}

void print(const JobStatus& status) {
  const NightJob& job = status.job;
  if (!job.ended) return say("{}: no night has ended yet\n", job.name);
  say("{}  {} (status {})\n              {}\n", describe_time(*job.ended), job.outcome, job.code,
      job.summary);
  if (status.missing + status.given_up > 0) {
    say("              {} files are looked for, {} given up\n", status.missing, status.given_up);
  }
  for (const NightSource& source : status.sources) {
    if (source.silent == 0) continue;
    say("              {} nights without an answer: {}: {}\n", source.silent, source.url,
        source.reason);
  }
  if (!job.report.empty()) say("              {}\n", job.report);
}

// Of the jobs named, or of all that the archive knows.
Result<ExitCode> show_status(const Plan& plan, const Arguments& args) {
  std::vector<std::pair<std::string, std::string>> wanted;  // archive, job
  for (const Job& job : plan.jobs) wanted.emplace_back(job.args.archive, job.name);
  if (args.operands.empty()) {
    const auto archive = Archive::open_for_reading(args.archive);
    if (!archive) return tl::unexpected(archive.error());
    const auto names = NightRows::jobs((*archive)->database());
    if (!names) return tl::unexpected(names.error());
    for (const std::string& name : *names) wanted.emplace_back(args.archive, name);
  }
  if (wanted.empty() && !args.json) say("no job has run on {} yet\n", args.archive);
  for (const auto& [folder, name] : wanted) {
    const auto archive = Archive::open_for_reading(folder);
    if (!archive) return tl::unexpected(archive.error());
    const auto status = status_of(**archive, name);
    if (!status) return tl::unexpected(status.error());
    if (args.json) {
      say_json(dumped(json_of(*status)));
    } else {
      print(*status);
    }
  }
  return ExitCode::kOk;
}

// ---- the night

bool is_given(const Arguments& args, std::string_view option) {
  for (const std::string& word : args.words) {
    if (word == option || word.starts_with(std::string(option) + "=")) return true;
  }
  return false;
}

NightPlan shared_plan(const Arguments& args) {
  const CrawlOptions& crawl = args.mirror.crawl;
  return {is_given(args, "--max-time") ? crawl.max_time : std::chrono::seconds(0),
          is_given(args, "--max-bytes") ? crawl.max_bytes : 0};
}

// What a job came to: a line for each thing that its owner should know.
void tell_end(const NightRun& run, const Arguments& args) {
  const bool as_log = args.nightly.log_format == "json";
  const auto line = [&](const std::string& text, bool is_trouble) {
    if (!as_log) return tell("{}\n", text);
    is_trouble ? log_warning(text) : log_info(text);
  };
  if (!args.quiet || !run.failure.empty()) line(summary_line(run), !run.failure.empty());
  if (args.quiet) return;
  for (const std::string& trouble : troubles_of(run)) {
    if (trouble != run.failure) line(run.job + ": " + trouble, true);
  }
}

Result<ExitCode> run_plan(const Plan& plan, const Arguments& args) {
  watch_for_interrupts();
  if (args.nightly.log_format == "json") {
    log_as_json();
    if (args.log_level == "warning") set_log_level("info");
  }
  NightPlan shared = shared_plan(args);
  const auto ended = run_jobs(plan.jobs, args.nightly.at_once, shared,
                              [&](const NightRun& run) { tell_end(run, args); });
  ExitCode code = interrupted() ? ExitCode::kInterrupted : ExitCode::kOk;
  for (const EndedJob& one : ended) code = worse(code, one.run.code);
  if (!tell_of_nights(ended)) code = worse(code, ExitCode::kFailed);
  if (args.json) say_json(to_json(ended, code));
  return code;
}

}  // namespace

Result<ExitCode> run_nightly(const Arguments& args) {
  if (args.operands.empty() && !args.nightly.status) {
    return fail(ErrorCode::kUsage,
                "nightly needs a job file, or a folder of them (see halftone nightly --help)");
  }
  if (args.nightly.log_format != "text" && args.nightly.log_format != "json") {
    return fail(ErrorCode::kUsage, "--log-format {}: text and json are", args.nightly.log_format);
  }
  const Plan plan = read_plan(args);
  if (args.nightly.check) return check(plan, args);
  if (args.nightly.status) return show_status(plan, args);
  if (!plan.mistakes.empty()) {
    say_mistakes(plan, args.json);
    return fail(ErrorCode::kUsage, "nothing was done: {} to be mended",
                plan.mistakes.size() == 1 ? std::string("a mistake has")
                                          : fmt::format("{} mistakes have", plan.mistakes.size()));
  }
  return run_plan(plan, args);
}

}  // namespace halftone
