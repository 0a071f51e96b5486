// How fast one host is asked: so many requests at once, so long apart, slower when it suffers.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "media/time.h"

namespace halftone {

// What the user allows, for every host alike.
struct PaceLimits {
  size_t most_at_once = 6;
  std::chrono::milliseconds delay{0};  // between the starts of two requests, at least
};

// One host's pace. Begins with few requests at once and adds one after some good answers, up to the
// limit; 429, 503 and answers that take much longer than the best ones did halve it, and below one
// at a time put a growing delay between requests; steady answers take both back. Retry-After and
// Crawl-delay are kept to. No clock of its own, no I/O. One thread at a time.
class HostPace {
 public:
  using Clock = std::chrono::steady_clock;

  explicit HostPace(PaceLimits limits) : limits_(limits) {}

  // A request may be started now.
  bool may_start(Clock::time_point now) const;

  // When may_start() can become true without an answer in between; nothing where every place is
  // taken.
  std::optional<Clock::time_point> next_start() const;

  void started(Clock::time_point now);

  // How a request ended. Every started() is followed by one of these.
  struct Answered {
    int status = 0;  // 0: no answer
    std::chrono::milliseconds first_byte{};
    std::optional<std::chrono::seconds> retry_after;
  };
  void answered(Clock::time_point now, const Answered& answer);

  // The request was given up by us; it says nothing of the host.
  void dropped();

  // Of its robots.txt; more than a minute is taken for a minute.
  void set_crawl_delay(std::chrono::milliseconds delay);

  // Nothing has been answered for so many requests in a row that the rest may as well wait: until
  // when. Each time it comes to that again, longer.
  std::optional<Clock::time_point> silent_until() const;

  size_t active() const { return active_; }
  size_t at_once() const;                   // allowed now
  std::chrono::milliseconds delay() const;  // kept now
  std::string describe() const;             // for people: "2 at once, 1.5 s apart (429)"
};

}  // namespace halftone
