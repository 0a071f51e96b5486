// The names of months and weekdays, and the calendars of East Asia.
#include <array>
#include <iterator>
#include <string>

#include "media/date_cursor.h"

namespace halftone {
namespace {

using Months = std::array<std::string_view, 12>;

constexpr Months kMonths[] = {
    {"january", "february", "march", "april", "may", "june", "july", "august", "september",
     "october", "november", "december"},
    {"januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober",
     "november", "dezember"},
    {"jänner", "feber", "maerz", "apr", "mai", "jun", "jul", "aug", "sept", "okt", "nov", "dez"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
     "octobre", "novembre", "décembre"},
    {"janvier", "fevrier", "mrz", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov",
     "decembre"},
    {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
     "octubre", "noviembre", "diciembre"},
    {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
     "ottobre", "novembre", "dicembre"},
    {"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro",
     "outubro", "novembro", "dezembro"},
    {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
     "oktober", "november", "december"},
    {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
     "октября", "ноября", "декабря"},
    {"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь",
     "ноябрь", "декабрь"},
    {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر",
     "نوفمبر", "ديسمبر"},
    {"يناير", "فبراير", "مارس", "ابريل", "ماي", "يونيه", "يوليه", "اغسطس", "سبتمبر", "اكتوبر",
     "نونبر", "دجنبر"},
};

constexpr std::string_view kWeekdays[] = {
    "monday",      "tuesday",     "wednesday", "thursday",   "friday",   "saturday", "sunday",
    "montag",      "dienstag",    "mittwoch",  "donnerstag", "freitag",  "samstag",  "sonnabend",
    "sonntag",     "lundi",       "mardi",     "mercredi",   "jeudi",    "vendredi", "samedi",
    "dimanche",    "lunes",       "martes",    "miércoles",  "jueves",   "viernes",  "sábado",
    "domingo",     "понедельник", "вторник",   "среда",      "четверг",  "пятница",  "суббота",
    "воскресенье", "الاثنين",     "الإثنين",   "الثلاثاء",   "الأربعاء", "الخميس",   "الجمعة",
    "السبت",       "الأحد"};

// Lower case of Latin and Russian letters.
std::string folded(std::string_view word) {
  std::string out;
  for (size_t i = 0; i < word.size(); ++i) {
    const auto c = static_cast<unsigned char>(word[i]);
    const auto next = i + 1 < word.size() ? static_cast<unsigned char>(word[i + 1]) : 0;
    const bool latin = c == 0xC3 && next >= 0x80 && next <= 0x9E;     // À … Þ
    const bool cyrillic = c == 0xD0 && next >= 0x90 && next <= 0x9F;  // А … П
    if (latin || cyrillic) {
      out += word[i++];
      out += static_cast<char>(next + 0x20);
    } else if (c == 0xD0 && next >= 0xA0 && next <= 0xAF) {  // Р … Я
      out += '\xD1';
      out += static_cast<char>(next - 0x20);
      ++i;
    } else {
      out += to_lower(word[i]);
    }
  }
  return out;
}

size_t letters_in(std::string_view word) {
  return static_cast<size_t>(std::count_if(word.begin(), word.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// One of the digits of Chinese, or ten; -1 where none stands.
int take_chinese_digit(DateCursor& cursor) {
  constexpr std::string_view kDigits[] = {"〇", "一", "二", "三", "四", "五", "六",
                                          "七", "八", "九", "十", "零", "○"};
  for (size_t i = 0; i < std::size(kDigits); ++i) {
    if (cursor.take(kDigits[i])) return i > 10 ? 0 : static_cast<int>(i);
  }
  return cursor.take("元") ? 1 : -1;
}

// 二十一, 廿一 are 21; 二〇二二 is 2022.
bool take_chinese_number(DateCursor& cursor, int& value) {
  if (cursor.take("廿")) {
    value = 20 + std::max(0, take_chinese_digit(cursor));
    return true;
  }
  int digits = 0, number = 0;
  for (int digit = take_chinese_digit(cursor); digit >= 0 && ++digits <= 4;
       digit = take_chinese_digit(cursor)) {
    if (digit == 10) {
      number = number == 0 ? 10 : number * 10;
      DateCursor ahead = cursor;
      const int unit = take_chinese_digit(ahead);
      if (unit > 0 && unit < 10) {
        number += unit;
        cursor = ahead;
      }
      break;
    }
    number = number * 10 + digit;
  }
  value = number;
  return digits > 0 && digits <= 4;
}

bool take_eastern_number(DateCursor& cursor, int& value, size_t most) {
  return cursor.at_digit() ? cursor.take_number(value, 1, most)
                           : take_chinese_number(cursor, value);
}

// The year before the first of an era; 0 where none is named.
int take_era(DateCursor& cursor) {
  struct Era {
    std::string_view name;
    int before;
  };
  constexpr Era kEras[] = {{"中華民國", 1911}, {"中华民国", 1911}, {"民國", 1911}, {"民国", 1911},
                           {"令和", 2018},     {"平成", 1988},     {"昭和", 1925}, {"大正", 1911},
                           {"明治", 1867},     {"西暦", 0},        {"公元", 0}};
  for (const Era& era : kEras) {
    if (cursor.take(era.name)) return era.before;
  }
  return 0;
}

}  // namespace

bool take_month_name(DateCursor& cursor, int& month) {
  const std::string word = folded(cursor.take_letters(true));
  cursor.take(".");
  if (letters_in(word) < 3) return false;
  for (const Months& names : kMonths) {
    for (size_t i = 0; i < names.size(); ++i) {
      const bool september = i == 8 && word == "sept";
      if (!names[i].starts_with(word) && !september) continue;
      month = static_cast<int>(i) + 1;
      return true;
    }
  }
  return false;
}

bool skip_weekday(DateCursor& cursor) {
  DateCursor ahead = cursor;
  const std::string word = folded(ahead.take_letters(true));
  const bool known = letters_in(word) >= 2 &&
                     std::any_of(std::begin(kWeekdays), std::end(kWeekdays), [&](auto name) {
                       return name.starts_with(word) && (is_ascii(word) ? word.size() >= 3 : true);
                     });
  // RFC 822 has the date say all: "Di, 07 Sep 2002" is read by its marks, as Python's email.utils
  // does.
  if (!known && letters_in(word) >= 2 && letters_in(word) <= 15 && ahead.take(",") &&
      ahead.skip_space()) {
    cursor = ahead;
  }
  if (!known) return true;
  // "mar" may be a Tuesday in France, and March.
  const bool dotted = ahead.take(".");
  const bool marked = ahead.take_one_of({",", "،"}) || dotted;
  const bool spaced = ahead.skip_space();
  int month = 0;
  DateCursor name = cursor;
  if (!marked && take_month_name(name, month) && word.size() <= 4) return true;
  cursor = ahead;
  return marked || spaced;
}

void skip_eastern_weekday(DateCursor& cursor) {
  DateCursor ahead = cursor;
  ahead.skip_space();
  const bool bracket = ahead.take_one_of({"(", "（"});
  const bool prefix = ahead.take_one_of({"星期", "周", "週", "礼拜", "禮拜"});
  const bool day =
      ahead.take_one_of({"一", "二", "三", "四", "五", "六", "日", "天", "月", "火", "水",
                         "木", "金", "土", "월", "화", "수", "목", "금", "토", "일"});
  const bool suffix = ahead.take_one_of({"曜日", "曜", "요일"});
  if (bracket) ahead.take_one_of({"・祝", "祝"});
  if (bracket && !ahead.take_one_of({")", "）"})) return;
  if (day && (bracket || prefix || suffix)) cursor = ahead;
}

bool read_eastern(DateCursor& cursor, DateFields& fields) {
  const auto take = [&](int& value, size_t most, std::initializer_list<std::string_view> units) {
    cursor.skip_space();
    const bool taken = take_eastern_number(cursor, value, most);
    cursor.skip_space();
    return taken && cursor.take_one_of(units);
  };
  const int before = take_era(cursor);
  const DateCursor at_year = cursor;
  if (!take(fields.year, 4, {"年", "년"})) return false;
  const bool whole_year = at_year.digits_ahead() == 4 || !at_year.at_digit();
  if (before == 0 && (!whole_year || fields.year < 1000)) return false;
  fields.year += before;
  if (!take(fields.month, 2, {"月", "월"})) return false;
  cursor.skip_space();
  if (cursor.at_end()) return true;
  if (!take(fields.day, 2, {"日", "号", "號", "일"})) return false;
  skip_eastern_weekday(cursor);
  return take_rest(cursor, fields);
}

}  // namespace halftone
