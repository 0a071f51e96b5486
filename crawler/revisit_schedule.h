// When something that is archived is asked for again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "media/time.h"

namespace halftone {

struct RevisitLimits {
  // Less than a day, so that a job that runs every night finds due what it saw the night before.
  std::chrono::seconds shortest{std::chrono::hours(20)};
  std::chrono::seconds longest{std::chrono::hours(24) * 90};
  unsigned most_tries = 8;  // of what is missing; then it is given up
};

// What is known of a page's past.
struct RevisitHistory {
  Time first{};                      // seen by us
  std::optional<Time> changed;       // last, as far as we saw
  std::optional<Time> dated;         // published, as it says
  uint32_t checks = 0, changes = 0;  // how often it was asked for, and had changed
};

// A quarter of the time for which the page has been as it is, and less where it often changed when
// it was asked for. A page whose date lies in the future, or that has none, is as old as we know it
// for. Pages that would come together are spread by a tenth, by `name`.
Time next_visit(const RevisitHistory& history, Time now, const RevisitLimits& limits,
                std::string_view name);

// After so many tries in vain (one at least): a day, then twice as long each time; nothing where it
// is given up.
std::optional<Time> next_try(unsigned tries, Time now, const RevisitLimits& limits);

}  // namespace halftone
