// halftone merge: what other archives have and this one has not.
#include "store/merge.h"

#include <nlohmann/json.hpp>

#include "store/backup.h"
#include "store/formats/describe.h"
#include "tools/commands.h"
#include "tools/copying.h"
#include "tools/interrupt.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;

Json entry_of(const MergeCount& count) {
  return {{"added", count.added},
          {"known", count.known},
          {"different", count.different},
          {"left_out", count.left_out}};
}

Json entry_of(const std::string& from, const MergeReport& report) {
  return {{"from", from},
          {"blobs", entry_of(report.blobs)},
          {"blob_bytes", report.blob_bytes},
          {"captures", entry_of(report.captures)},
          {"articles", entry_of(report.articles)},
          {"images", entry_of(report.images)},
          {"derivatives", entry_of(report.derivatives)},
          {"left_out", report.left_out}};
}

std::string summary_of(const MergeReport& report, bool dry_run) {
  if (report.added() == 0 && report.is_complete()) return "nothing new";
  std::string text =
      fmt::format("{}{} article snapshots, {} captures, {} files of {}, {} derivatives",
                  dry_run ? "would take " : "", report.articles.added, report.captures.added,
                  report.blobs.added, describe_bytes(report.blob_bytes), report.derivatives.added);
  if (!report.is_complete()) {
    text += fmt::format("; left out as damaged: {} article snapshots, {} captures, {} files",
                        report.articles.left_out, report.captures.left_out, report.blobs.left_out);
  }
  return text;
}

void tell_of(const std::string& from, const MergeReport& report, bool dry_run) {
  for (const std::string& text : report.left_out) tell("{}: {}\n", from, text);
  tell("{}: {}\n", from, summary_of(report, dry_run));
  const uint64_t different = report.articles.different + report.captures.different +
                             report.images.different + report.derivatives.different;
  if (different > 0) {
    tell(
        "{}: {} are here with another value, which stays: {} article snapshots, {} captures, {} "
        "facts of images, {} derivatives\n",
        from, different, report.articles.different, report.captures.different,
        report.images.different, report.derivatives.different);
  }
}

// In a dry run the archive is only read, and must be there.
Result<std::unique_ptr<Archive>> open_target(const Arguments& args) {
  return args.dry_run ? Archive::open_for_reading(args.archive)
                      : Archive::open_for_writing(args.archive);
}

// The archives that are meant, before anything is written.
Result<std::vector<std::string>> sources_of(const Arguments& args) {
  std::vector<std::string> sources;
  for (const std::string& named : args.operands) {
    auto found = find_generation(named, std::nullopt);
    if (!found) return tl::unexpected(found.error());
    if (overlap(*found, args.archive)) {
      return fail(ErrorCode::kUsage, "{} and {} are the same archive, or one is inside the other",
                  named, args.archive);
    }
    sources.push_back(*std::move(found));
  }
  return sources;
}

Result<MergeReport> merge_from(Archive& into, const std::string& from, const Arguments& args) {
  const auto other = Archive::open_for_reading(from);
  if (!other) return tl::unexpected(other.error());
  ByteLine line("merging " + from, args.quiet);
  return merge(into, **other, {.dry_run = args.dry_run, .on_read = [&](uint64_t bytes) {
                                 return line(bytes, 0);
                               }});
}

}  // namespace

Result<ExitCode> run_merge(const Arguments& args) {
  watch_for_interrupts();
  const auto sources = sources_of(args);
  if (!sources) return tl::unexpected(sources.error());
  const auto archive = open_target(args);
  if (!archive) return tl::unexpected(archive.error());
  ExitCode code = ExitCode::kOk;
  Json entries = Json::array();
  for (const std::string& from : *sources) {
    const auto report = merge_from(**archive, from, args);
    if (!report) return tl::unexpected(report.error());
    if (!report->is_complete()) code = ExitCode::kDamage;
    entries.push_back(entry_of(from, *report));
    if (!args.quiet) tell_of(from, *report, args.dry_run);
  }
  if (args.json) {
    const Json entry = {{"archive", args.archive}, {"dry_run", args.dry_run}, {"merged", entries}};
    say_json(entry.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return code;
}

}  // namespace halftone
