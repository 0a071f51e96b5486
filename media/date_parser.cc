#include <initializer_list>
#include <iterator>

#include "media/ascii.h"
#include "media/time.h"

namespace halftone {
namespace {

using namespace std::chrono;

constexpr size_t kLongest = 100;  // of a date with its comments, in bytes

// What a text said; checked as a whole in to_time().
struct Fields {
  int year = 0, month = 0, day = 1;
  int hour = 0, minute = 0, second = 0, micros = 0;
  int offset = 0;  // minutes east of UTC
};

// Eats a text from the front.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool at_digit() const { return !at_end() && is_digit(rest_[0]); }

  bool take(std::string_view word) {
    if (!starts_with_ignoring_case(rest_, word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool take_one_of(std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [this](auto word) { return take(word); });
  }

  // A whole run of digits, `least` to `most` of them.
  bool take_number(int& value, size_t least, size_t most) {
    size_t digits = 0;
    while (digits < rest_.size() && is_digit(rest_[digits])) ++digits;
    return digits <= most && take_digits(value, std::max(digits, least));
  }

  // Exactly `count` digits, whatever follows.
  bool take_digits(int& value, size_t count) {
    if (count == 0 || rest_.size() < count) return false;
    int number = 0;
    for (const char c : rest_.substr(0, count)) {
      if (!is_digit(c)) return false;
      number = number * 10 + (c - '0');
    }
    value = number;
    rest_.remove_prefix(count);
    return true;
  }

  std::string_view take_letters() {
    size_t size = 0;
    while (size < rest_.size() && is_alpha(rest_[size])) ++size;
    const auto letters = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return letters;
  }

  size_t digits_ahead() const {
    return std::min(rest_.find_first_not_of("0123456789"), rest_.size());
  }

  // Blanks, also the ideographic and the one that does not break.
  bool skip_space() {
    const size_t before = rest_.size();
    while (take_one_of({" ", "\t", "\n", "\r", "\u3000", "\u00A0"})) {
    }
    return rest_.size() < before;
  }

  // "(China Standard Time)", "[Asia/Shanghai]" at the very end.
  void skip_comment() {
    skip_space();
    const bool round = rest_.starts_with('(') && rest_.ends_with(')');
    const bool square = rest_.starts_with('[') && rest_.ends_with(']');
    if (round || square) rest_ = {};
  }

 private:
  std::string_view rest_;
};

// Whether `word` is one of `names`, abbreviated to three letters or more; its index then, else -1.
int find_name(std::string_view word, std::initializer_list<std::string_view> names) {
  if (word.size() < 3) return -1;
  int index = 0;
  for (const auto name : names) {
    if (starts_with_ignoring_case(name, word)) return index;
    ++index;
  }
  return -1;
}

bool take_month_name(Cursor& cursor, int& month) {
  std::string_view word = cursor.take_letters();
  if (equals_ignoring_case(word, "sept")) word = "sep";
  month = 1 + find_name(word, {"january", "february", "march", "april", "may", "june", "july",
                               "august", "september", "october", "november", "december"});
  cursor.take(".");
  return month > 0;
}

// A weekday says nothing that the date does not; it only must be one.
bool skip_weekday(Cursor& cursor) {
  Cursor ahead = cursor;
  const auto word = ahead.take_letters();
  if (find_name(word,
                {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}) < 0)
    return true;
  const bool marked = ahead.take_one_of({",", "."});
  const bool spaced = ahead.skip_space();
  cursor = ahead;
  return marked || spaced;
}

// Hours east of UTC. RFC 822's zones, and abbreviations that only one place uses.
std::optional<int> named_offset(std::string_view name) {
  struct Zone {
    std::string_view name;
    int minutes;
  };
  constexpr Zone kZones[] = {
      {"Z", 0},      {"UT", 0},     {"UTC", 0},    {"GMT", 0},    {"EST", -300}, {"EDT", -240},
      {"CST", -360}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420},
      {"WET", 0},    {"WEST", 60},  {"CET", 60},   {"CEST", 120}, {"EET", 120},  {"EEST", 180},
      {"BST", 60},   {"MSK", 180},  {"HKT", 480},  {"SGT", 480},  {"JST", 540},  {"KST", 540},
      {"AEST", 600}, {"AEDT", 660}, {"NZST", 720}, {"NZDT", 780},
  };
  for (const Zone& zone : kZones)
    if (equals_ignoring_case(zone.name, name)) return zone.minutes;
  return std::nullopt;
}

// +08:00, +0800, +8
bool take_numeric_offset(Cursor& cursor, int& offset) {
  const bool west = cursor.take("-") || cursor.take("\u2212");
  if (!west && !cursor.take("+")) return false;
  int hours = 0, minutes = 0;
  if (cursor.digits_ahead() == 4) {
    if (!cursor.take_digits(hours, 2) || !cursor.take_digits(minutes, 2)) return false;
  } else {
    if (!cursor.take_number(hours, 1, 2)) return false;
    if (cursor.take(":") && !cursor.take_number(minutes, 2, 2)) return false;
  }
  offset = (west ? -1 : 1) * (hours * 60 + minutes);
  return hours < 24 && minutes < 60;
}

// True also where there is no zone. A name may stand before the offset ("GMT+8") or after it
// ("+0800 CST"), and then only repeats it.
bool take_zone(Cursor& cursor, Fields& fields) {
  cursor.skip_space();
  Cursor ahead = cursor;
  if (const auto name = ahead.take_letters(); !name.empty()) {
    const auto offset = named_offset(name);
    if (!offset) return false;
    fields.offset = *offset;
    cursor = ahead;
    int more = 0;
    if (take_numeric_offset(ahead, more)) {
      fields.offset = more;
      cursor = ahead;
    }
    return true;
  }
  if (!take_numeric_offset(ahead, fields.offset)) return true;
  cursor = ahead;
  ahead.skip_space();
  if (ahead.take_letters().size() >= 3) cursor = ahead;
  return true;
}

bool take_fraction(Cursor& cursor, int& micros) {
  if (!cursor.take_one_of({".", ","})) return true;
  if (!cursor.at_digit()) return false;
  micros = 0;
  for (int place = 100000, digit = 0; cursor.take_digits(digit, 1); place /= 10)
    micros += digit * place;
  return true;
}

enum class Half { kUnsaid, kMorning, kAfternoon };

Half take_half(Cursor& cursor) {
  if (cursor.take_one_of({"a.m.", "am", "上午", "凌晨", "早上"})) return Half::kMorning;
  if (cursor.take_one_of({"p.m.", "pm", "下午", "晚上", "傍晚", "中午"})) return Half::kAfternoon;
  return Half::kUnsaid;
}

// "下午 15:00" is written too, and means 15:00.
bool apply_half(Half half, int& hour) {
  if (half == Half::kMorning && hour == 12) hour = 0;
  if (half == Half::kAfternoon && hour < 12) hour += 12;
  return half != Half::kMorning || hour < 12;
}

// 11时28分30秒, whose hour is taken.
bool take_chinese_clock(Cursor& cursor, Fields& fields) {
  if (!cursor.at_digit()) return true;
  if (!cursor.take_number(fields.minute, 1, 2) || !cursor.take("分")) return false;
  if (!cursor.at_digit()) return true;
  return cursor.take_number(fields.second, 1, 2) && cursor.take("秒");
}

// 11:28, 11:28:37.5, 11:28 PM, 下午 3:28
bool take_clock(Cursor& cursor, Fields& fields) {
  Half half = take_half(cursor);
  cursor.skip_space();
  if (!cursor.take_number(fields.hour, 1, 2)) return false;
  if (cursor.take_one_of({"时", "時", "点", "點"})) {
    if (!take_chinese_clock(cursor, fields)) return false;
  } else {
    if (!cursor.take_one_of({":", "："}) || !cursor.take_number(fields.minute, 2, 2)) return false;
    if (cursor.take_one_of({":", "："}) &&
        (!cursor.take_number(fields.second, 2, 2) || !take_fraction(cursor, fields.micros)))
      return false;
  }
  Cursor ahead = cursor;
  ahead.skip_space();
  if (half == Half::kUnsaid && (half = take_half(ahead)) != Half::kUnsaid) cursor = ahead;
  return apply_half(half, fields.hour);
}

// What follows a date: nothing, or a time and a zone.
bool take_rest(Cursor& cursor, Fields& fields) {
  cursor.skip_space();
  if (cursor.at_end()) return true;
  return take_clock(cursor, fields) && take_zone(cursor, fields);
}

// 2022-01-09, 2022/1/9, 2022.01.09, 2022-01; then "T" or blanks, and the time.
bool read_numeric(Cursor& cursor, Fields& fields) {
  if (!cursor.take_number(fields.year, 4, 4)) return false;
  const std::string_view separator = cursor.take("-") ? "-" : cursor.take("/") ? "/" : ".";
  if (separator == "." && !cursor.take(".")) return false;
  if (!cursor.take_number(fields.month, 1, 2)) return false;
  if (cursor.at_end()) return separator == "-";
  if (!cursor.take(separator) || !cursor.take_number(fields.day, 1, 2)) return false;
  if (cursor.take("T")) return cursor.at_digit() && take_rest(cursor, fields);
  if (cursor.take("Z")) return true;
  return (cursor.at_end() || cursor.skip_space()) && take_rest(cursor, fields);
}

// ISO 8601, basic: 20220109, 20220109T112837Z
bool read_basic(Cursor& cursor, Fields& fields) {
  if (cursor.digits_ahead() != 8 || !cursor.take_digits(fields.year, 4) ||
      !cursor.take_digits(fields.month, 2) || !cursor.take_digits(fields.day, 2))
    return false;
  if (cursor.at_end()) return true;
  const size_t digits = cursor.take("T") ? cursor.digits_ahead() : 0;
  if (digits != 4 && digits != 6) return false;
  cursor.take_digits(fields.hour, 2);
  cursor.take_digits(fields.minute, 2);
  cursor.take_digits(fields.second, digits - 4);
  return take_fraction(cursor, fields.micros) && take_zone(cursor, fields);
}

// 2022年1月9日 星期日 上午 11:28
bool read_chinese(Cursor& cursor, Fields& fields) {
  const auto take = [&](int& value, size_t least, size_t most, std::string_view unit) {
    const bool taken = cursor.take_number(value, least, most);
    cursor.skip_space();
    const bool named = taken && cursor.take(unit);
    cursor.skip_space();
    return named;
  };
  if (!take(fields.year, 4, 4, "年") || !take(fields.month, 1, 2, "月")) return false;
  if (cursor.at_end()) return true;
  if (!cursor.take_number(fields.day, 1, 2)) return false;
  cursor.skip_space();
  if (!cursor.take_one_of({"日", "号", "號"})) return false;
  cursor.skip_space();
  if (cursor.take_one_of({"星期", "周", "週"}) &&
      !cursor.take_one_of({"一", "二", "三", "四", "五", "六", "日", "天"}))
    return false;
  return take_rest(cursor, fields);
}

// Years of two digits as RFC 2822, 4.3 reads them.
bool take_year(Cursor& cursor, int& year) {
  const size_t digits = cursor.digits_ahead();
  if ((digits != 2 && digits != 4) || !cursor.take_digits(year, digits)) return false;
  if (digits == 2) year += year < 50 ? 2000 : 1900;
  return true;
}

// asctime's: Jan  9 03:28:37 2022
bool read_asctime(Cursor& cursor, Fields& fields) {
  if (!skip_weekday(cursor) || !take_month_name(cursor, fields.month)) return false;
  cursor.skip_space();
  if (!cursor.take_number(fields.day, 1, 2) || !cursor.skip_space()) return false;
  if (!take_clock(cursor, fields) || !cursor.skip_space()) return false;
  return cursor.take_number(fields.year, 4, 4);
}

// January 9, 2022, 11:28 AM; Sun Jan 09 2022 11:28:37 GMT+0800 (China Standard Time)
bool read_month_first(Cursor& cursor, Fields& fields) {
  if (!skip_weekday(cursor) || !take_month_name(cursor, fields.month)) return false;
  cursor.skip_space();
  if (!cursor.take_number(fields.day, 1, 2)) return false;
  cursor.take_one_of({"st", "nd", "rd", "th"});
  const bool marked = cursor.take(",");
  if (!cursor.skip_space() && !marked) return false;
  if (!cursor.take_number(fields.year, 4, 4)) return false;
  cursor.take(",");
  cursor.skip_space();
  cursor.take("at ");
  return take_rest(cursor, fields);
}

// RFC 822 and RFC 850: Sun, 09 Jan 2022 03:28:37 GMT; Sunday, 09-Jan-22 03:28:37 GMT
bool read_day_first(Cursor& cursor, Fields& fields) {
  if (!skip_weekday(cursor) || !cursor.take_number(fields.day, 1, 2)) return false;
  const auto separate = [&] { return cursor.take("-") || cursor.skip_space(); };
  if (!separate() || !take_month_name(cursor, fields.month)) return false;
  cursor.take(",");
  if (!separate() || !take_year(cursor, fields.year)) return false;
  cursor.take(",");
  return (cursor.at_end() || cursor.skip_space()) && take_rest(cursor, fields);
}

// Nothing where there is no such moment: month 13, February 30, 25:00, a year beyond 9999.
std::optional<Time> to_time(const Fields& fields) {
  const year_month_day date{year(fields.year), month(static_cast<unsigned>(fields.month)),
                            day(static_cast<unsigned>(fields.day))};
  const bool midnight = fields.hour == 24 && fields.minute == 0 && fields.second == 0;
  if (!date.ok() || (fields.hour > 23 && !midnight) || fields.minute > 59 || fields.second > 60)
    return std::nullopt;
  const Time time = Time(sys_days(date)) + hours(fields.hour) +
                    minutes(fields.minute - fields.offset) + seconds(fields.second) +
                    microseconds(fields.micros);
  constexpr Time kFirst{sys_days(year(1) / January / 1)}, kEnd{sys_days(year(10000) / January / 1)};
  return time >= kFirst && time < kEnd ? std::optional(time) : std::nullopt;
}

}  // namespace

std::optional<Time> parse_date(std::string_view text) {
  text = trim(text);
  if (text.size() > kLongest) return std::nullopt;
  for (const auto read :
       {read_numeric, read_basic, read_chinese, read_day_first, read_month_first, read_asctime}) {
    Cursor cursor(text);
    Fields fields;
    if (!read(cursor, fields)) continue;
    cursor.skip_comment();
    if (cursor.at_end()) return to_time(fields);
  }
  return std::nullopt;
}

}  // namespace halftone
