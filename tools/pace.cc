#include "tools/pace.h"

#include <fmt/format.h>

namespace halftone {

namespace {

constexpr std::chrono::seconds kRemembered{30}, kApart{1}, kEnough{2};

}  // namespace

void Pace::note(uint64_t done, Clock::time_point now) {
  if (moments_.size() > 1 && now - moments_[moments_.size() - 2].at < kApart) {
    moments_.back() = {now, done};
  } else {
    moments_.push_back({now, done});
  }
  while (moments_.size() > 2 && now - moments_[1].at >= kRemembered) moments_.pop_front();
}

std::optional<std::chrono::seconds> Pace::until(uint64_t total) const {
  if (moments_.empty()) return std::nullopt;
  const Moment &first = moments_.front(), &last = moments_.back();
  if (last.at - first.at < kEnough || last.done <= first.done) return std::nullopt;
  const uint64_t left = total > last.done ? total - last.done : 0;
  const std::chrono::duration<double> seen = last.at - first.at;
  const double seconds =
      static_cast<double>(left) * seen.count() / static_cast<double>(last.done - first.done);
  return std::chrono::seconds(static_cast<int64_t>(seconds + 0.5));
}

std::string describe_wait(std::chrono::seconds wait) {
  const int64_t seconds = wait.count();
  if (seconds < 100) return fmt::format("{} s", seconds);
  const int64_t minutes = (seconds + 30) / 60;
  if (minutes < 100) return fmt::format("{} min", minutes);
  return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

}  // namespace halftone
