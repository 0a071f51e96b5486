#include "tools/gc_report.h"

#include <nlohmann/json.hpp>

#include "store/archive_marker.h"
#include "store/formats/describe.h"
#include "tools/progress.h"

namespace halftone {

Result<std::unique_ptr<Archive>> open_existing_for_writing(const std::string& folder) {
  const auto format = read_format(folder);
  if (!format) return tl::unexpected(format.error());
  if (!*format) return fail(ErrorCode::kNotFound, "there is no archive in {}", folder);
  return Archive::open_for_writing(folder);
}

Result<Garbage> collect_with_progress(Archive& archive, const Arguments& args) {
  WorkProgress progress(args.quiet);
  return collect_garbage(
      archive, {.dry_run = args.dry_run, .progress = [&](const std::string& stage, uint64_t done) {
                  progress.report(stage, done);
                }});
}

std::string describe(const Garbage& garbage, bool dry_run, uint64_t returned) {
  if (garbage.bodies == 0 && garbage.blobs == 0 && garbage.images == 0) {
    return fmt::format("nothing to take away; {} files are needed", garbage.blobs_kept);
  }
  std::string text =
      fmt::format("{} file{} that nothing leads to {}, {} of stored bytes; {} are needed",
                  garbage.blobs, garbage.blobs == 1 ? "" : "s", dry_run ? "would go" : "went",
                  describe_bytes(garbage.bytes), garbage.blobs_kept);
  if (!dry_run) text += fmt::format("; {} returned to the disk", describe_bytes(returned));
  if (garbage.bytes_left > 0) {
    text += fmt::format(", {} will when more of what lies around them goes",
                        describe_bytes(garbage.bytes_left));
  }
  return text;
}

std::string gc_entry(const Garbage& garbage, bool dry_run, uint64_t returned) {
  const nlohmann::ordered_json entry = {{"dry_run", dry_run},
                                        {"blobs", garbage.blobs},
                                        {"bodies", garbage.bodies},
                                        {"bytes", garbage.bytes},
                                        {"bytes_left", garbage.bytes_left},
                                        {"images", garbage.images},
                                        {"blobs_kept", garbage.blobs_kept},
                                        {"returned", returned}};
  return entry.dump();
}

}  // namespace halftone
