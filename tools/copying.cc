#include "tools/copying.h"

#include <nlohmann/json.hpp>

#include "store/formats/describe.h"
#include "tools/interrupt.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;

Json members_of(const CopyCounts& counts, double seconds) {
  return {{"files_copied", counts.files_copied},
          {"bytes_copied", counts.bytes_copied},
          {"files_linked", counts.files_linked},
          {"bytes_linked", counts.bytes_linked},
          {"seconds", seconds}};
}

// Paths may be any bytes.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

bool ByteLine::operator()(uint64_t done, uint64_t total) {
  constexpr auto kEvery = std::chrono::milliseconds(100);
  const auto now = Clock::now();
  if (is_shown_ && now - shown_ >= kEvery) {
    shown_ = now;
    line_.show(total == 0 ? fmt::format("{}: {}", doing_, describe_bytes(done))
                          : fmt::format("{}: {} of {}", doing_, describe_bytes(done),
                                        describe_bytes(total)));
  }
  return !interrupted();
}

double ByteLine::seconds() const {
  return std::chrono::duration<double>(Clock::now() - begun_).count();
}

std::string describe(const CopyCounts& counts, double seconds) {
  std::string text = describe_bytes(counts.bytes_copied) + " copied";
  if (counts.files_linked > 0) {
    text += fmt::format(", {} shared with the one before it", describe_bytes(counts.bytes_linked));
  }
  return text + fmt::format(", in {:.1f} s", seconds);
}

std::string backup_entry(const BackupReport& report, double seconds) {
  Json entry = {{"generation", report.generation}};
  entry.update(members_of(report.counts, seconds));
  entry["removed"] = report.removed;
  return dumped(entry);
}

std::string restore_entry(const RestoreOptions& options, const CopyCounts& counts, double seconds) {
  Json entry = {{"archive", options.archive}, {"from", options.from}};
  entry.update(members_of(counts, seconds));
  return dumped(entry);
}

}  // namespace halftone
