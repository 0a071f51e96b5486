#include "media/date_cursor.h"

#include <optional>
#include <utility>

namespace halftone {
namespace {

// Minutes east of UTC: RFC 822's zones, and abbreviations that only one place uses, or one far more
// than others. CST is Chicago's, as RFC 822 has it, though China and Cuba write it, too; where an
// offset stands beside it, that counts.
std::optional<int> named_offset(std::string_view name) {
  struct Zone {
    std::string_view name;
    int minutes;
  };
  constexpr Zone kZones[] = {
      {"Z", 0},      {"UT", 0},      {"UTC", 0},     {"GMT", 0},    {"EST", -300}, {"EDT", -240},
      {"CST", -360}, {"CDT", -300},  {"MST", -420},  {"MDT", -360}, {"PST", -480}, {"PDT", -420},
      {"WET", 0},    {"WEST", 60},   {"CET", 60},    {"CEST", 120}, {"EET", 120},  {"EEST", 180},
      {"BST", 60},   {"MSK", 180},   {"HKT", 480},   {"SGT", 480},  {"JST", 540},  {"KST", 540},
      {"ACST", 570}, {"AKST", -540}, {"AKDT", -480}, {"HST", -600}, {"AEST", 600}, {"AEDT", 660},
      {"NZST", 720}, {"NZDT", 780},
  };
  for (const Zone& zone : kZones)
    if (equals_ignoring_case(zone.name, name)) return zone.minutes;
  // RFC 2822, 4.3: nobody knows what the military zones meant.
  const bool military = name.size() == 1 && to_lower(name[0]) != 'j';
  return military ? std::optional(0) : std::nullopt;
}

// The zones of the United States as their press writes them, whatever the season.
std::optional<int> seasonal_offset(std::string_view name) {
  for (const auto& [zone, minutes] :
       {std::pair{"ET", -300}, {"CT", -360}, {"MT", -420}, {"PT", -480}}) {
    if (equals_ignoring_case(zone, name)) return minutes;
  }
  return std::nullopt;
}

// +08:00, +0800, +8
bool take_numeric_offset(DateCursor& cursor, int& offset) {
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

}  // namespace

// True also where there is no zone. A name may stand before the offset ("GMT+8") or after it
// ("+0800 CST"), and then only repeats it.
bool take_zone(DateCursor& cursor, DateFields& fields) {
  cursor.skip_space();
  DateCursor ahead = cursor;
  if (const auto name = ahead.take_letters(); !name.empty()) {
    const auto seasonal = seasonal_offset(name);
    const auto offset = seasonal ? seasonal : named_offset(name);
    if (!offset) return false;
    fields.offset = *offset;
    fields.us_summer = seasonal.has_value();
    cursor = ahead;
    int more = 0;
    if (take_numeric_offset(ahead, more)) {
      fields.offset = more;
      fields.us_summer = false;
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

bool take_fraction(DateCursor& cursor, int& micros) {
  if (!cursor.take_one_of({".", ","})) return true;
  if (!cursor.at_digit()) return false;
  micros = 0;
  for (int place = 100000, digit = 0; cursor.take_digits(digit, 1); place /= 10)
    micros += digit * place;
  return true;
}

namespace {

constexpr int kMicros = 1'000'000;

// ".5" of a part that lasts `seconds`.
bool take_fraction(DateCursor& cursor, DateFields& fields, int seconds) {
  DateCursor ahead = cursor;
  if (!ahead.take_one_of({".", ","}) || !ahead.at_digit()) return true;
  int64_t micros = 0;
  int64_t place = int64_t{seconds} * kMicros;
  for (int digit = 0; ahead.take_digits(digit, 1);) {
    place /= 10;
    micros += digit * place;
  }
  fields.second += static_cast<int>(micros / kMicros) % 60;
  fields.minute += static_cast<int>(micros / kMicros) / 60;
  fields.micros = static_cast<int>(micros % kMicros);
  cursor = ahead;
  return true;
}

enum class Half { kUnsaid, kMorning, kAfternoon };

Half take_half(DateCursor& cursor) {
  if (cursor.take_one_of({"a.m.", "am", "上午", "凌晨", "早上", "清晨", "午前", "오전"}))
    return Half::kMorning;
  if (cursor.take_one_of(
          {"p.m.", "pm", "下午", "晚上", "傍晚", "中午", "夜间", "晚间", "午後", "오후"}))
    return Half::kAfternoon;
  return Half::kUnsaid;
}

// "下午 15:00" is written too, and means 15:00.
bool apply_half(Half half, int& hour) {
  if (half == Half::kMorning && hour == 12) hour = 0;
  if (half == Half::kAfternoon && hour < 12) hour += 12;
  return half != Half::kMorning || hour < 12;
}

// 11时28分30秒, 11시 28분, 10h30; the hour is taken.
bool take_named_clock(DateCursor& cursor, DateFields& fields) {
  const auto part = [&](int& value, std::initializer_list<std::string_view> units) {
    DateCursor ahead = cursor;
    ahead.skip_space();
    if (!ahead.at_digit()) return true;
    if (!ahead.take_number(value, 1, 2) || !ahead.take_one_of(units)) return false;
    cursor = ahead;
    return true;
  };
  if (cursor.take("半")) fields.minute = 30;
  return part(fields.minute, {"分", "분"}) && part(fields.second, {"秒", "초"});
}

// 11:28, 11:28:37.5, 11:28 PM, 下午 3:28, 11.28 Uhr
bool take_clock(DateCursor& cursor, DateFields& fields) {
  Half half = take_half(cursor);
  cursor.skip_space();
  if (!cursor.take_number(fields.hour, 1, 2)) return false;
  DateCursor ahead = cursor;
  ahead.skip_space();
  if (ahead.take_one_of({"时", "時", "点", "點", "시"})) {
    cursor = ahead;
    if (!take_named_clock(cursor, fields)) return false;
  } else if (cursor.take("h")) {
    if (cursor.at_digit() && !cursor.take_number(fields.minute, 2, 2)) return false;
  } else if (half = half == Half::kUnsaid ? take_half(ahead) : half;
             half != Half::kUnsaid && !cursor.rest().starts_with(':') &&
             !cursor.rest().starts_with("：")) {
    cursor = ahead;  // 3 PM
    return apply_half(half, fields.hour);
  } else {
    const bool dotted = cursor.rest().starts_with('.');
    if (!cursor.take_one_of({":", "：", "."}) ||
        !cursor.take_number(fields.minute, dotted ? 2 : 1, 2)) {
      return false;
    }
    if (!dotted && cursor.take_one_of({":", "："}) &&
        (!cursor.take_number(fields.second, 1, 2) || !take_fraction(cursor, fields, 1))) {
      return false;
    }
    DateCursor uhr = cursor;
    uhr.skip_space();
    if (uhr.take("Uhr")) {
      cursor = uhr;
    } else if (dotted) {
      return false;
    }
  }
  ahead = cursor;
  ahead.skip_space();
  if (half == Half::kUnsaid && (half = take_half(ahead)) != Half::kUnsaid) cursor = ahead;
  return apply_half(half, fields.hour);
}

}  // namespace

bool take_rest(DateCursor& cursor, DateFields& fields) {
  cursor.take_one_of({","});
  cursor.skip_space();
  if (cursor.at_end()) return true;
  if (cursor.take_one_of({"at ", "um ", "à ", "a las ", "alle ", "às ", "в ", "om ", "- ", "– "})) {
    cursor.skip_space();
  }
  return take_clock(cursor, fields) && take_zone(cursor, fields);
}

bool take_iso_time(DateCursor& cursor, DateFields& fields) {
  const size_t digits = cursor.digits_ahead();
  if (digits != 2 && digits != 4 && digits != 6) return false;
  int seconds = 3600;  // that the last part lasts
  cursor.take_digits(fields.hour, 2);
  if (digits >= 4 || (digits == 2 && cursor.take(":"))) {
    if (!cursor.take_digits(fields.minute, 2)) return false;
    seconds = 60;
  }
  if (digits == 6 || (digits == 2 && seconds == 60 && cursor.take(":"))) {
    if (!cursor.take_digits(fields.second, 2)) return false;
    seconds = 1;
  }
  return !cursor.at_digit() && take_fraction(cursor, fields, seconds) && take_zone(cursor, fields);
}

}  // namespace halftone
