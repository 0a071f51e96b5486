#include "store/retention.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace halftone {

namespace {

using namespace std::chrono;

int64_t hour_of(Time time) { return floor<hours>(time).time_since_epoch().count(); }
int64_t day_of(Time time) { return floor<days>(time).time_since_epoch().count(); }

// Weeks begin on Monday; 1 January 1970 was a Thursday.
int64_t week_of(Time time) {
  const int64_t since_monday = day_of(time) + 3;
  return since_monday >= 0 ? since_monday / 7 : (since_monday - 6) / 7;
}

int64_t month_of(Time time) {
  const year_month_day date(floor<days>(time));
  return int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month());
}

int64_t year_of(Time time) { return static_cast<int>(year_month_day(floor<days>(time)).year()); }

// One rule: so many periods may still have their newest version kept.
struct Rule {
  const char* name;
  unsigned left;
  int64_t (*period_of)(Time);
  std::optional<int64_t> last{};

  // The reason why it keeps this version; empty where it does not.
  std::string reason(Time time, bool is_oldest) {
    if (left == 0) return {};
    const int64_t period = period_of(time);
    const bool is_new = period != last;
    if (!is_new && !is_oldest) return {};
    last = period;
    if (left != RetentionRules::kUnlimited) --left;
    return is_new ? name : fmt::format("oldest {}", name);
  }
};

}  // namespace

std::optional<CalendarSpan> parse_span(std::string_view text) {
  CalendarSpan span;
  const std::array<std::pair<char, unsigned*>, 4> units = {
      {{'y', &span.years}, {'m', &span.months}, {'d', &span.days}, {'h', &span.hours}}};
  size_t next = 0;  // units come from long to short, each once
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (error != std::errc() || number > 100'000 || text.empty()) return std::nullopt;
    while (next < units.size() && units[next].first != text[0]) ++next;
    if (next == units.size()) return std::nullopt;
    *units[next++].second = number;
    text.remove_prefix(1);
  }
  return span;
}

Time before(Time time, const CalendarSpan& span) {
  const auto day = floor<days>(time);
  year_month_day date = year_month_day(day) - years(static_cast<int>(span.years)) -
                        months(static_cast<int>(span.months));
  if (!date.ok()) date = date.year() / date.month() / last;
  return Time(sys_days(date)) + (time - day) - days(span.days) - hours(span.hours);
}

bool RetentionRules::any() const {
  return last > 0 || hourly > 0 || daily > 0 || weekly > 0 || monthly > 0 || yearly > 0 || within;
}

std::vector<Retained> apply(const RetentionRules& rules, std::vector<Time> versions) {
  std::sort(versions.begin(), versions.end(), std::greater<>());
  std::array<Rule, 5> periods = {{{"hourly", rules.hourly, hour_of},
                                  {"daily", rules.daily, day_of},
                                  {"weekly", rules.weekly, week_of},
                                  {"monthly", rules.monthly, month_of},
                                  {"yearly", rules.yearly, year_of}}};
  std::vector<Retained> result;
  result.reserve(versions.size());
  for (size_t i = 0; i < versions.size(); ++i) {
    const Time time = versions[i];
    Retained version{time, {}};
    if (i < rules.last) version.reasons.emplace_back("last");
    for (Rule& rule : periods) {
      std::string reason = rule.reason(time, i + 1 == versions.size());
      if (!reason.empty()) version.reasons.push_back(std::move(reason));
    }
    const bool is_within = rules.within && (i == 0 || time > before(versions[0], *rules.within));
    if (is_within) version.reasons.emplace_back("within");
    result.push_back(std::move(version));
  }
  return result;
}

}  // namespace halftone
