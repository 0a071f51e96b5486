#include "media/time.h"

#include <fmt/format.h>

#include "media/ascii.h"

namespace halftone {
namespace {

using namespace std::chrono;

struct Parts {
  int year, month, day, hour, minute, second, micros;
};

Parts split(Time time) {
  const auto midnight = floor<days>(time);
  const year_month_day date(midnight);
  const hh_mm_ss clock(time - midnight);
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()),
          static_cast<int>(clock.subseconds().count())};
}

}  // namespace

Time now() { return floor<microseconds>(system_clock::now()); }

std::string to_iso8601(Time time) {
  const Parts p = split(time);
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", p.year, p.month, p.day,
                                p.hour, p.minute, p.second);
  if (p.micros != 0) {
    out += fmt::format(".{:06}", p.micros);
    while (out.back() == '0') out.pop_back();
  }
  return out + 'Z';
}

std::string to_digits(Time time) {
  const Parts p = split(time);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}{:06}", p.year, p.month, p.day, p.hour,
                     p.minute, p.second, p.micros);
}

std::optional<Time> from_digits(std::string_view digits) {
  if (digits.size() != 20 || !std::all_of(digits.begin(), digits.end(), is_digit))
    return std::nullopt;
  const auto number = [&](size_t at, size_t size) {
    int value = 0;
    for (const char c : digits.substr(at, size)) value = value * 10 + (c - '0');
    return value;
  };
  const year_month_day date{year(number(0, 4)), month(static_cast<unsigned>(number(4, 2))),
                            day(static_cast<unsigned>(number(6, 2)))};
  const int hour = number(8, 2), minute = number(10, 2), second = number(12, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return Time(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second) +
         microseconds(number(14, 6));
}

}  // namespace halftone
