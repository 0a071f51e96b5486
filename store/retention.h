// Which versions of an article to keep: rules in the spirit of restic's. No archive, no clock.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/time.h"

namespace halftone {

// A stretch of the calendar: "1y6m14d12h" in any part, in this order.
struct CalendarSpan {
  unsigned years = 0, months = 0, days = 0, hours = 0;
  friend bool operator==(const CalendarSpan&, const CalendarSpan&) = default;
};
std::optional<CalendarSpan> parse_span(std::string_view text);

// `time` less the span. Where a month has no such day it is its last: 31 March less a month is the
// end of February.
Time before(Time time, const CalendarSpan& span);

struct RetentionRules {
  static constexpr unsigned kUnlimited = std::numeric_limits<unsigned>::max();

  unsigned last = 0;  // the newest versions, so many
  // The newest version of each hour, day (UTC), week (ISO 8601), month and year, for the newest so
  // many of them that have a version at all.
  unsigned hourly = 0, daily = 0, weekly = 0, monthly = 0, yearly = 0;
  std::optional<CalendarSpan>
      within;  // all that are younger than that, as seen from the newest version

  bool any() const;
};

struct Retained {
  Time time{};
  std::vector<std::string> reasons;  // why it stays: "last", "daily" …; none: it goes

  bool stays() const { return !reasons.empty(); }
};

// What the rules make of the versions of one article, newest first. As long as there is any rule
// the newest version stays. While a rule still has hours, days … to give, the oldest version stays
// too, as "oldest daily": so history reaches as far back as it may.
std::vector<Retained> apply(const RetentionRules& rules, std::vector<Time> versions);

}  // namespace halftone
