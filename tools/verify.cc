// halftone verify: is everything still there, and unaltered?
#include "store/verify.h"

#include <chrono>
#include <cmath>

#include "crawler/curl_fetcher.h"
#include "crawler/web_source.h"
#include "media/url.h"
#include "store/archive.h"
#include "store/fixity_log.h"
#include "store/formats/describe.h"
#include "store/repair.h"
#include "tools/commands.h"
#include "tools/interrupt.h"
#include "tools/progress.h"
#include "tools/terminal.h"
#include "tools/verify_report.h"

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;

// "5%" or "5": into how many parts that divides the whole.
std::optional<uint32_t> parts_of(const std::string& percentage) {
  char* end = nullptr;
  const double percent = std::strtod(percentage.c_str(), &end);
  const std::string rest = end;
  if (end == percentage.c_str() || (!rest.empty() && rest != "%")) return std::nullopt;
  if (!(percent >= 0.001 && percent <= 100)) return std::nullopt;
  return static_cast<uint32_t>(std::floor(100 / percent + 1e-9));
}

std::string id_of(const std::string& named) {
  const auto url = Url::parse(named);
  const bool is_address = url && (url->is_http() || url->scheme() == "file");
  return is_address ? article_id(url->without_credentials().href_without_fragment()) : named;
}

Result<VerifyScope> scope_of(const Arguments& args) {
  VerifyScope scope;
  const VerifyArguments& verify = args.verify;
  if (!verify.sample.empty()) {
    const auto parts = parts_of(verify.sample);
    if (!parts) return fail(ErrorCode::kUsage, "--sample {} is no part; 5% is one", verify.sample);
    scope.sample = {*parts, next_sample(args.archive, *parts)};
  }
  if (!verify.since.empty()) {
    scope.since = parse_date(verify.since);
    if (!scope.since) {
      return fail(ErrorCode::kUsage, "--since {} is no date; 2026-01-09 is one", verify.since);
    }
  }
  if (!verify.article.empty()) scope.article = id_of(verify.article);
  return scope;
}

// "blobs: 1.2 GB of 3.4 GB, 12 s left".
class VerifyLine {
 public:
  explicit VerifyLine(bool quiet) : is_shown_(!quiet && LiveLine::is_possible()) {}

  bool operator()(const VerifyProgress& progress) {
    if (is_shown_) line_.show(text_of(progress));
    return !interrupted();
  }

 private:
  std::string text_of(const VerifyProgress& progress) const {
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    const uint64_t total = std::max(progress.total, progress.done);
    std::string text = fmt::format("{}: {} of {}", progress.stage, describe_bytes(progress.done),
                                   describe_bytes(total));
    if (seconds > 1 && progress.done > 0) {
      const double speed = static_cast<double>(progress.done) / seconds;
      text += fmt::format(", {:.0f} s left", static_cast<double>(total - progress.done) / speed);
    }
    return text;
  }

  const bool is_shown_;
  LiveLine line_;
  Clock::time_point begin_ = Clock::now();
};

void keep_record(const std::string& folder, const FixityEntry& entry) {
  const auto kept = append_fixity(folder, entry);
  if (!kept) tell("halftone: no line in the log of checks: {}\n", kept.error().message);
}

void say_entry(const FixityEntry& entry, const std::string& broken) {
  if (!broken.empty()) return say("a line of the log is not to be trusted: {}\n", broken);
  say("{}  {}  {}  {}: {} files, {} blobs of {}, {} captures, {} article versions in {:.1f} s, "
      "{}{}\n",
      to_iso8601(entry.time), entry.by, entry.version, entry.scope, entry.files, entry.blobs,
      describe_bytes(entry.blob_bytes), entry.captures, entry.articles, entry.seconds,
      entry.damaged == 0 ? "sound" : fmt::format("{} damaged", entry.damaged),
      entry.repaired == 0 ? "" : fmt::format(", {} repaired", entry.repaired));
}

Result<ExitCode> show_log(const Arguments& args) {
  if (auto found = Archive::check_marker(args.archive); !found) {
    return tl::unexpected(found.error());
  }
  size_t lines = 0, broken_lines = 0;
  const auto read = read_fixity(args.archive, [&](const FixityEntry& entry, const auto& broken) {
    ++lines;
    broken_lines += broken.empty() ? 0 : 1;
    if (args.json) {
      say_json(fixity_line_entry(entry, broken));
    } else {
      say_entry(entry, broken);
    }
  });
  if (!read) return tl::unexpected(read.error());
  if (!args.quiet) {
    tell("{} checks, {}\n", lines,
         broken_lines == 0 ? "an unbroken chain"
                           : fmt::format("the chain is broken at {} of them", broken_lines));
  }
  return broken_lines == 0 ? ExitCode::kOk : ExitCode::kDamage;
}

Result<ExitCode> say_result(const Arguments& args, const VerifyResult& result,
                            const RepairResult* repaired) {
  if (args.json) {
    say_json(verify_entry(result, repaired));
  } else {
    if (repaired) say_repairs(*repaired);
    say_damages(result);
  }
  if (!args.quiet) tell_summary(result, repaired);
  return result.is_sound() ? ExitCode::kOk : ExitCode::kDamage;
}

Result<ExitCode> run_repair(const Arguments& args) {
  std::vector<std::unique_ptr<RepairSource>> sources;
  std::unique_ptr<Fetcher> fetcher;
  for (const std::string& from : args.verify.repair) {
    if (from == "web") {
      auto made = make_curl_fetcher(args.fetch);
      if (!made) return tl::unexpected(made.error());
      fetcher = *std::move(made);
      sources.push_back(make_web_source(*fetcher, [] { return !interrupted(); }));
      continue;
    }
    auto opened = open_repair_source(from);
    if (!opened) return tl::unexpected(opened.error());
    for (auto& source : *opened) sources.push_back(std::move(source));
  }
  Result<RepairResult> done = [&] {
    VerifyLine line(args.quiet);
    return repair(args.archive, sources,
                  [&](const VerifyProgress& progress) { return line(progress); });
  }();
  if (!done) return tl::unexpected(done.error());
  FixityEntry entry = fixity_entry(done->after);
  entry.repaired = done->count();
  keep_record(args.archive, entry);
  return say_result(args, done->after, &*done);
}

}  // namespace

Result<VerifyResult> verify_on_record(const std::string& folder, const VerifyScope& scope,
                                      bool quiet) {
  VerifyLine line(quiet);
  auto result =
      verify(folder, scope, [&](const VerifyProgress& progress) { return line(progress); });
  if (result) keep_record(folder, fixity_entry(*result));
  return result;
}

Result<ExitCode> run_verify(const Arguments& args) {
  if (args.verify.log) return show_log(args);
  watch_for_interrupts();
  if (!args.verify.repair.empty()) return run_repair(args);
  const auto scope = scope_of(args);
  if (!scope) return tl::unexpected(scope.error());
  const auto result = verify_on_record(args.archive, *scope, args.quiet);
  if (!result) return tl::unexpected(result.error());
  return say_result(args, *result, nullptr);
}

}  // namespace halftone
