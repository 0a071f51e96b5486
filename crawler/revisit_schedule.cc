#include "crawler/revisit_schedule.h"

#include <algorithm>
#include <functional>

namespace halftone {

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

// Shorter waits are not spread: the job that runs every night must find them due.
constexpr hours kSpreadFrom{72};

seconds spread(seconds wait, std::string_view name) {
  if (wait < kSpreadFrom) return wait;
  const auto part = static_cast<int64_t>(std::hash<std::string_view>()(name) % 201) - 100;
  return wait + wait * part / 1000;
}

}  // namespace

Time next_visit(const RevisitHistory& history, Time now, const RevisitLimits& limits,
                std::string_view name) {
  const Time seen = std::min(history.first, now);
  const Time published = std::min(history.dated.value_or(seen), seen);
  const Time since = std::min(history.changed.value_or(published), now);
  const double often = history.checks == 0
                           ? 0
                           : std::min(1.0, static_cast<double>(history.changes) / history.checks);
  const auto age = duration_cast<seconds>(now - since);
  const auto wait =
      seconds(static_cast<int64_t>(static_cast<double>(age.count()) / 4 * (1 - 0.75 * often)));
  const seconds longest = std::max(limits.shortest, limits.longest);
  return now + std::clamp(spread(wait, name), limits.shortest, longest);
}

std::optional<Time> next_try(unsigned tries, Time now, const RevisitLimits& limits) {
  if (tries >= limits.most_tries) return std::nullopt;
  const unsigned doublings = std::min(tries == 0 ? 0 : tries - 1, 12U);
  return now +
         std::min(limits.shortest * (1 << doublings), std::max(limits.shortest, limits.longest));
}

}  // namespace halftone
