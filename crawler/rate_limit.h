// How many bytes a second all transfers may take together.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace halftone {

// A bucket that fills with `rate` bytes a second and holds one second's worth. libcurl slows long
// bodies down, each by its share, but reads short ones in one gulp; so what was taken too much is
// made up for before the next request starts.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RateLimit(uint64_t rate) : rate_(static_cast<double>(rate)) {}  // 0: unlimited

  void spend(uint64_t bytes) { credit_ -= static_cast<double>(bytes); }

  // True when a request may start.
  bool is_open(Clock::time_point now) {
    if (rate_ == 0) return true;
    const std::chrono::duration<double> passed = now - filled_;
    credit_ = std::min(rate_, credit_ + rate_ * passed.count());
    filled_ = now;
    return credit_ >= 0;
  }

 private:
  double rate_;
  double credit_ = 0;
  Clock::time_point filled_ = Clock::now();
};

}  // namespace halftone
