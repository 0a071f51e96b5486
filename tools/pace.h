// How long work will still take, judged by how it went lately.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace halftone {

// Counts what is done. Only the last half minute tells the pace: what was found done already, at
// the start of a resumed run, says nothing about the rest.
class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  // `done` so far, at this moment; moments do not go back.
  void note(uint64_t done, Clock::time_point now);

  // Nothing: too little was seen, or nothing moves.
  std::optional<std::chrono::seconds> until(uint64_t total) const;

 private:
  struct Moment {
    Clock::time_point at;
    uint64_t done;
  };
  std::deque<Moment> moments_;  // oldest first, a second or more apart, but for the last
};

// "45 s", "12 min", "3 h 05 min".
std::string describe_wait(std::chrono::seconds wait);

}  // namespace halftone
