#include "crawler/disk_watch.h"

#include <sys/statvfs.h>

#include "store/formats/describe.h"

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLookEvery = std::chrono::milliseconds(500);
// Free space comes and goes; so much more than the least before the crawl goes on.
constexpr double kEnough = 1.05;

uint64_t free_space(const std::string& folder) {
  struct statvfs disk {};
  if (statvfs(folder.c_str(), &disk) != 0) return UINT64_MAX;
  return uint64_t{disk.f_bavail} * disk.f_frsize;
}

}  // namespace

std::optional<std::string> DiskWatch::look() {
  if (least_ == 0 || Clock::now() - looked_at_ < kLookEvery) return std::nullopt;
  looked_at_ = Clock::now();
  const uint64_t free = free_space(folder_);
  const auto enough = static_cast<uint64_t>(static_cast<double>(least_) * kEnough);
  if (is_short_ ? free < enough : free >= least_) return std::nullopt;
  is_short_ = !is_short_;
  if (!is_short_)
    return fmt::format("going on: {} free on the archive's disk", describe_bytes(free));
  return fmt::format(
      "paused: {} free on the archive's disk, less than --min-free {}; going on when there is room",
      describe_bytes(free), describe_bytes(least_));
}

}  // namespace halftone
