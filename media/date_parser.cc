#include <iterator>

#include "media/ascii.h"
#include "media/date_cursor.h"
#include "media/time.h"
#include "media/utf8.h"

namespace halftone {
namespace {

using namespace std::chrono;

constexpr size_t kLongest = 100;      // of a date with its comments, in bytes
constexpr size_t kLongestLine = 400;  // that a date is looked for in
constexpr size_t kLongestFound = 60;

using Cursor = DateCursor;
using Fields = DateFields;

bool set_date(Fields& fields, const year_month_day& date) {
  fields.year = static_cast<int>(date.year());
  fields.month = static_cast<int>(static_cast<unsigned>(date.month()));
  fields.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return date.ok();
}

// "T" or blanks, and the time; or nothing more.
bool take_time_after_date(Cursor& cursor, Fields& fields) {
  if (cursor.take("T")) return take_iso_time(cursor, fields);
  if (cursor.take("Z")) return true;
  if (cursor.at_end() || cursor.rest().starts_with(',')) return take_rest(cursor, fields);
  if (!cursor.skip_space()) {
    const bool zoned = cursor.rest().size() == 6 && cursor.rest()[3] == ':';
    return zoned && take_zone(cursor, fields);  // 2022-01-09+08:00, of XML Schema
  }
  skip_eastern_weekday(cursor);
  cursor.skip_space();
  return take_rest(cursor, fields);
}

// 2022-01-09, 2022/1/9, 2022.01.09, 2022. 1. 9., 2022-01; then the time.
bool read_numeric(Cursor& cursor, Fields& fields) {
  if (!cursor.take_number(fields.year, 4, 4)) return false;
  const std::string_view separator = cursor.take("-") ? "-" : cursor.take("/") ? "/" : ".";
  if (separator == "." && !cursor.take(".")) return false;
  if (separator == ".") cursor.skip_space();
  if (!cursor.take_number(fields.month, 1, 2)) return false;
  if (cursor.at_end()) return separator == "-";
  if (!cursor.take(separator)) return false;
  if (separator == ".") cursor.skip_space();
  if (!cursor.take_number(fields.day, 1, 2)) return false;
  if (separator == "." && cursor.take(".") && cursor.at_end()) return true;
  skip_eastern_weekday(cursor);
  return take_time_after_date(cursor, fields);
}

// ISO 8601, 4.1.2.2, basic: 20220109, 20220109T112837Z, 20220109112837
bool read_basic(Cursor& cursor, Fields& fields) {
  const size_t digits = cursor.digits_ahead();
  if ((digits != 8 && digits != 14) || !cursor.take_digits(fields.year, 4) ||
      !cursor.take_digits(fields.month, 2) || !cursor.take_digits(fields.day, 2)) {
    return false;
  }
  return digits == 14 ? take_iso_time(cursor, fields) : take_time_after_date(cursor, fields);
}

// ISO 8601, 4.1.3: the day of the year, 2022-009, 2022009
bool read_ordinal(Cursor& cursor, Fields& fields) {
  const size_t digits = cursor.digits_ahead();
  int day = 0;
  if (digits != 4 && digits != 7) return false;
  if (!cursor.take_digits(fields.year, 4) || (digits == 4 && !cursor.take("-"))) return false;
  if (cursor.digits_ahead() != 3 || !cursor.take_digits(day, 3) || day < 1) return false;
  const year_month_day date(sys_days(year(fields.year) / January / 1) + days(day - 1));
  if (date.year() != year(fields.year)) return false;
  return set_date(fields, date) && take_time_after_date(cursor, fields);
}

// ISO 8601, 4.1.4: the day of the week, 2022-W01-7, 2022W017, 2022-W01
bool read_week(Cursor& cursor, Fields& fields) {
  int week = 0, day = 1;
  if (!cursor.take_number(fields.year, 4, 4)) return false;
  const bool extended = cursor.take("-");
  if (!cursor.take("W") || !cursor.take_digits(week, 2)) return false;
  const bool has_day = extended ? cursor.take("-") : cursor.at_digit();
  if (has_day && (cursor.digits_ahead() != 1 || !cursor.take_digits(day, 1))) return false;
  if (week < 1 || week > 53 || day < 1 || day > 7) return false;
  // Week 1 is that of January 4.
  const auto monday_of_first = [](int number) {
    const sys_days fourth(year(number) / January / 4);
    return fourth - (weekday(fourth) - Monday);
  };
  const sys_days date = monday_of_first(fields.year) + days(7 * (week - 1) + day - 1);
  if (date >= monday_of_first(fields.year + 1)) return false;
  return set_date(fields, year_month_day(date)) && take_time_after_date(cursor, fields);
}

// 21.01.2022 always begins with the day. With other marks it may or may not: only where one of the
// numbers cannot be a month, or both are the same, there is no doubt.
bool read_year_last(Cursor& cursor, Fields& fields) {
  int first = 0, second = 0;
  if (!cursor.take_number(first, 1, 2)) return false;
  const std::string_view separator = cursor.take(".") ? "." : cursor.take("/") ? "/" : "-";
  if (separator == "-" && !cursor.take("-")) return false;
  if (separator == ".") cursor.skip_space();
  if (!cursor.take_number(second, 1, 2) || !cursor.take(separator)) return false;
  if (separator == ".") cursor.skip_space();
  if (!cursor.take_number(fields.year, 4, 4)) return false;
  const bool day_first = separator == "." || first > 12 || first == second;
  if (!day_first && second <= 12) return false;
  fields.day = day_first ? first : second;
  fields.month = day_first ? second : first;
  return take_time_after_date(cursor, fields);
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
  const auto clock = [&] {
    return cursor.take_number(fields.hour, 1, 2) && cursor.take(":") &&
           cursor.take_number(fields.minute, 2, 2) && cursor.take(":") &&
           cursor.take_number(fields.second, 2, 2) && cursor.skip_space();
  };
  if (!clock()) return false;
  if (!cursor.at_digit()) {  // date(1) puts the zone before the year
    Cursor zone(cursor.take_letters());
    if (!take_zone(zone, fields) || !cursor.skip_space()) return false;
  }
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
  return cursor.take_number(fields.year, 4, 4) && take_rest(cursor, fields);
}

// RFC 822 and RFC 850: Sun, 09 Jan 2022 03:28:37 GMT; Sunday, 09-Jan-22 03:28:37 GMT. And 9. Januar
// 2022, 1er janvier 2022, 9 de enero de 2022, 9 января 2022 г.
bool read_day_first(Cursor& cursor, Fields& fields) {
  if (!skip_weekday(cursor)) return false;
  cursor.take_one_of({"le ", "el ", "den "});
  if (!cursor.take_number(fields.day, 1, 2)) return false;
  const bool marked = cursor.take_one_of({"er ", "st ", "nd ", "rd ", "th ", ".", "º ", "° "});
  const auto separate = [&] { return cursor.take("-") || cursor.skip_space(); };
  if (!separate() && !marked) return false;
  cursor.take_one_of({"de ", "of ", "do "});
  if (!take_month_name(cursor, fields.month)) return false;
  cursor.take(",");
  if (!separate()) return false;
  cursor.take_one_of({"de ", "del "});
  if (!take_year(cursor, fields.year)) return false;
  const bool named = cursor.take(" г.") || cursor.take(" года") || cursor.take(" г");
  if (!named && cursor.rest().starts_with(':')) return false;
  if (cursor.at_end() || cursor.take(",")) return take_rest(cursor, fields);
  return cursor.skip_space() && take_rest(cursor, fields);
}

// Seconds or milliseconds since 1970: ten digits or thirteen, from 2001 to 2286.
std::optional<Time> read_unix(std::string_view text) {
  if (text.size() != 10 && text.size() != 13) return std::nullopt;
  int64_t number = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  if (text[0] == '0') return std::nullopt;
  return Time(text.size() == 10 ? microseconds(seconds(number)) : milliseconds(number));
}

// From the second Sunday of March to the first of November, at two o'clock (Energy Policy Act of
// 2005); from 1987 to 2006 from the first Sunday of April to the last of October.
bool is_us_summer(local_seconds moment) {
  const year in = year_month_day(floor<days>(moment)).year();
  const bool now = in >= year(2007);
  const local_days begin(now ? in / March / Sunday[2] : in / April / Sunday[1]);
  const local_days end =
      now ? local_days(in / November / Sunday[1]) : local_days(in / October / Sunday[last]);
  return in >= year(1987) && moment >= begin + hours(2) && moment < end + hours(2);
}

// Nothing where there is no such moment: month 13, February 30, 25:00, a year beyond 9999.
std::optional<Time> to_time(const DateFields& fields) {
  const year_month_day date{year(fields.year), month(static_cast<unsigned>(fields.month)),
                            day(static_cast<unsigned>(fields.day))};
  const bool midnight = fields.hour == 24 && fields.minute == 0 && fields.second == 0;
  if (!date.ok() || (fields.hour > 23 && !midnight) || fields.minute > 59 || fields.second > 60)
    return std::nullopt;
  const local_seconds local = local_days(date) + hours(fields.hour) + minutes(fields.minute);
  const int offset = fields.offset + (fields.us_summer && is_us_summer(local) ? 60 : 0);
  const Time time = Time(sys_days(date)) + hours(fields.hour) + minutes(fields.minute - offset) +
                    seconds(fields.second) + microseconds(fields.micros);
  constexpr Time kFirst{sys_days(year(1) / January / 1)}, kEnd{sys_days(year(10000) / January / 1)};
  return time >= kFirst && time < kEnd ? std::optional(time) : std::nullopt;
}

// Digits of full width as ASCII has them.
std::string with_plain_digits(std::string_view text) {
  constexpr std::string_view kWide = "\xEF\xBC";  // U+FF10 is EF BC 90
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool wide = text.substr(i, 2) == kWide && i + 2 < text.size();
    const int digit = wide ? static_cast<unsigned char>(text[i + 2]) - 0x90 : -1;
    if (digit >= 0 && digit <= 9) {
      out += static_cast<char>('0' + digit);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<Time> parse_plain(std::string_view text) {
  for (const auto read : {read_numeric, read_basic, read_ordinal, read_week, read_eastern,
                          read_day_first, read_month_first, read_asctime, read_year_last}) {
    Cursor cursor(text);
    Fields fields;
    if (!read(cursor, fields)) continue;
    cursor.skip_comment();
    if (cursor.at_end()) return to_time(fields);
  }
  return std::nullopt;
}

// Where a date may begin: at a number or a word, not inside of one.
bool may_begin(std::string_view line, size_t at) {
  const auto is_word = [](char c) { return is_alnum(c); };
  const auto c = static_cast<unsigned char>(line[at]);
  if (at > 0 && is_word(line[at - 1])) return false;
  return is_word(line[at]) || c >= 0xC3;
}

}  // namespace

std::optional<Time> parse_date(std::string_view text) {
  text = trim(text);
  if (text.size() > kLongest) return std::nullopt;
  if (const auto time = read_unix(text)) return time;
  return text.find("\xEF\xBC") == text.npos ? parse_plain(text)
                                            : parse_plain(with_plain_digits(text));
}

// How many bytes from `from` on, at least, hold what a date with its year needs: three digits, or
// something that is not ASCII, as digits and numerals of other scripts are. 0: there is no such.
static size_t least_size(std::string_view line, size_t from) {
  constexpr int kFewestDigits = 3;  // 9/1/26 has four, Jan 9 '26 three
  int digits = 0;
  for (size_t at = from; at < line.size(); ++at) {
    digits += is_digit(line[at]);
    if (digits == kFewestDigits || static_cast<uint8_t>(line[at]) >= 0x80) return at + 1 - from;
  }
  return 0;
}

std::optional<Time> find_date(std::string_view line) {
  line = utf8_head(line, kLongestLine);
  constexpr size_t kLeast = 8;  // bytes of a date with its year
  for (size_t from = 0; from + kLeast <= line.size(); ++from) {
    if (!may_begin(line, from)) continue;
    const size_t most = std::min(line.size() - from, kLongestFound);
    const size_t needed = least_size(line.substr(0, from + most), from);
    if (needed == 0) continue;
    for (size_t size = most; size >= std::max(kLeast, needed); --size) {
      const bool ends = from + size == line.size() || !is_alnum(line[from + size]) ||
                        !is_alnum(line[from + size - 1]);
      if (!ends || is_space(line[from + size - 1])) continue;
      const std::string_view part = line.substr(from, size);
      if (std::all_of(part.begin(), part.end(), is_digit)) continue;
      const auto date = parse_date(part);
      if (date && *date >= sys_days(year(1970) / January / 1)) return date;
    }
  }
  return std::nullopt;
}

}  // namespace halftone
