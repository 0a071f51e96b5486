// halftone forget: old snapshots of articles go by rules, or articles altogether.
#include "store/forget.h"

#include <algorithm>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "store/files.h"
#include "store/formats/describe.h"
#include "tools/commands.h"
#include "tools/find_article.h"
#include "tools/gc_report.h"
#include "tools/progress.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;

Result<ForgetRequest> request_of(Archive& archive, const Arguments& args) {
  ForgetRequest request{.rules = args.forget.keep,
                        .all_versions = args.forget.all_versions,
                        .ids = {},
                        .site = args.selection.site,
                        .source = args.selection.source};
  for (const std::string& named : args.operands) {
    const auto id = archive.articles().whole_id(id_named(named));
    if (!id) return tl::unexpected(id.error());
    request.ids.push_back(*id);
  }
  return request;
}

Json entry_of(const ArticleRetention& article) {
  Json versions = Json::array();
  for (const Retained& version : article.versions) {
    versions.push_back({{"captured_at", to_iso8601(version.time)},
                        {"kept", version.stays()},
                        {"reasons", version.reasons}});
  }
  return {{"id", article.article.id},
          {"url", article.article.url},
          {"title", article.article.title},
          {"snapshots", versions}};
}

bool loses_any(const ArticleRetention& article) {
  return std::any_of(article.versions.begin(), article.versions.end(),
                     [](const Retained& version) { return !version.stays(); });
}

void print(const ArticleRetention& article) {
  if (!loses_any(article)) return;
  say("{}  {}\n              {}\n", article.article.id, article.article.title, article.article.url);
  for (const Retained& version : article.versions) {
    say("  {}  {}{}\n", version.stays() ? "keep  " : "forget", to_iso8601(version.time),
        version.stays() ? fmt::format("  {}", fmt::join(version.reasons, ", ")) : "");
  }
}

// One `forget`, from the plan to what it came to.
class Forget {
 public:
  Forget(Archive& archive, const Arguments& args) : archive_(archive), args_(args) {}

  Result<void> run() {
    const auto request = request_of(archive_, args_);
    if (!request) return tl::unexpected(request.error());
    auto plan = plan_forget(archive_, *request, [&](const ArticleRetention& article) {
      if (args_.json || loses_any(article)) articles_.push_back(entry_of(article));
      if (!args_.json && !args_.quiet) print(article);
    });
    if (!plan) return tl::unexpected(plan.error());
    plan_ = *std::move(plan);
    WorkProgress progress(args_.quiet);
    const auto report = [&](const std::string& stage, uint64_t done) {
      progress.report(stage, done);
    };
    const auto forgotten = args_.dry_run ? forecast_forget(archive_, plan_, report)
                                         : forget_versions(archive_, plan_, report);
    if (!forgotten) return tl::unexpected(forgotten.error());
    forgotten_ = *forgotten;
    if (args_.dry_run) return {};
    if (!args_.forget.no_gc) {
      if (auto collected = collect(); !collected) return collected;
    }
    write_report();
    return {};
  }

  std::string json(std::optional<uint64_t> returned) const {
    Json entry = {{"dry_run", args_.dry_run},  {"forgotten", plan_.going.size()},
                  {"kept", plan_.staying},     {"captures", forgotten_.captures},
                  {"blobs", forgotten_.blobs}, {"bytes", forgotten_.bytes}};
    if (returned) entry["returned"] = *returned;
    entry["articles"] = articles_;
    return entry.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  std::string summary(uint64_t returned) const {
    const size_t going = plan_.going.size();
    std::string text = fmt::format(
        "{} snapshot{} of {} article{} {}, {} stay{}", going, going == 1 ? "" : "s", plan_.articles,
        plan_.articles == 1 ? "" : "s", args_.dry_run ? "would go" : "went", plan_.staying,
        plan_.staying == 1 ? "s" : "");
    if (going > 0) {
      text += fmt::format("; with them {} capture{}", forgotten_.captures,
                          forgotten_.captures == 1 ? "" : "s");
    }
    if (args_.dry_run) {
      text += fmt::format(" and {} files of {}; nothing was changed", forgotten_.blobs,
                          describe_bytes(forgotten_.bytes));
    } else if (args_.forget.no_gc) {
      text += "; halftone gc frees the space";
    } else {
      text += fmt::format("; {} files of {} went, {} returned to the disk", forgotten_.blobs,
                          describe_bytes(forgotten_.bytes), describe_bytes(returned));
    }
    return text;
  }

 private:
  // So that in ten years somebody can tell what was let go, and when. Where there is no space for a
  // report, the space that was freed is worth more.
  void write_report() {
    if (plan_.going.empty()) return;
    const auto path = archive_.write_report("forget-" + to_digits(now()), json({}));
    if (!path) tell("halftone: no report: {}\n", path.error().message);
  }

  Result<void> collect() {
    const auto garbage = collect_with_progress(archive_, args_);
    if (!garbage) return tl::unexpected(garbage.error());
    forgotten_.blobs = garbage->blobs;
    forgotten_.bytes = garbage->bytes;
    return {};
  }

  Archive& archive_;
  const Arguments& args_;
  ForgetPlan plan_;
  Forgotten forgotten_;
  Json articles_ = Json::array();
};

}  // namespace

Result<ExitCode> run_forget(const Arguments& args) {
  auto archive = args.dry_run ? Archive::open_for_reading(args.archive)
                              : open_existing_for_writing(args.archive);
  if (!archive) return tl::unexpected(archive.error());
  const uint64_t before = disk_usage(args.archive);
  Forget forget(**archive, args);
  if (auto done = forget.run(); !done) return tl::unexpected(done.error());
  archive->reset();  // files that are not needed any more go when it closes
  const uint64_t after = disk_usage(args.archive);
  const uint64_t returned = args.dry_run || after > before ? 0 : before - after;
  if (args.json) {
    say_json(forget.json(returned));
  } else if (!args.quiet) {
    say("{}\n", forget.summary(returned));
  }
  return ExitCode::kOk;
}

}  // namespace halftone
