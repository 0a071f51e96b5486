#include "crawler/url_shape.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/html_tag.h"

namespace halftone {
namespace {

constexpr size_t kShortestId = 8;  // hexadecimal digits
constexpr size_t kUuid = 36;       // characters

size_t run_of(std::string_view text, bool (*belongs)(char)) {
  return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), belongs) - text.begin());
}

bool is_hex_digit(char c) { return is_hex(c); }
bool is_word_byte(char c) { return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80; }

bool is_uuid(std::string_view text) {
  if (text.size() < kUuid) return false;
  for (size_t i = 0; i < kUuid; ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

bool is_hex_id(std::string_view word) {
  return word.size() >= kShortestId && std::ranges::all_of(word, is_hex_digit) &&
         std::ranges::any_of(word, is_digit) && std::ranges::any_of(word, is_alpha);
}

void append_word(std::string& out, std::string_view word) {
  if (is_hex_id(word)) {
    out += '%';
    return;
  }
  for (size_t i = 0; i < word.size(); ++i) {
    if (!is_digit(word[i])) {
      out += word[i];
    } else if (i == 0 || !is_digit(word[i - 1])) {
      out += '#';
    }
  }
}

void append_shape(std::string& out, std::string_view text) {
  while (!text.empty()) {
    size_t size = 1;
    if (text[0] == '%') {  // an escape says the same wherever it stands
      size = std::min<size_t>(3, text.size());
      out += text.substr(0, size);
    } else if (is_uuid(text)) {
      size = kUuid;
      out += '%';
    } else if (is_word_byte(text[0])) {
      size = run_of(text, is_word_byte);
      append_word(out, text.substr(0, size));
    } else {
      out += text[0];
    }
    text.remove_prefix(size);
  }
}

// 0 where `text` is not of digits alone, `least` to `most` of them.
unsigned number_of(std::string_view text, size_t least, size_t most) {
  unsigned number = 0;
  if (text.size() < least || text.size() > most || !std::ranges::all_of(text, is_digit)) return 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

unsigned month_of(std::string_view text) {
  const unsigned month = number_of(text, 1, 2);
  return month <= 12 ? month : 0;
}

unsigned day_of(std::string_view text) {
  const unsigned day = number_of(text, 1, 2);
  return day <= 31 ? day : 0;
}

// 2026-11, 2026-11-05, with a time behind; / and . and %2F for -.
std::optional<CalendarDate> written_date(std::string_view text) {
  const auto skip_mark = [&text] {
    const bool escaped = starts_with_ignoring_case(text, "%2f");
    if (!escaped && (text.empty() || std::string_view("-/.").find(text[0]) == text.npos)) {
      return false;
    }
    text.remove_prefix(escaped ? 3 : 1);
    return true;
  };
  if (run_of(text, is_digit) != 4) return std::nullopt;
  CalendarDate date{static_cast<int>(number_of(text.substr(0, 4), 4, 4)), 0, 0};
  text.remove_prefix(4);
  if (!skip_mark()) return std::nullopt;
  size_t digits = run_of(text, is_digit);
  date.month = month_of(text.substr(0, digits));
  if (date.month == 0) return std::nullopt;
  text.remove_prefix(digits);
  if (text.empty()) return date;
  if (!skip_mark()) return std::nullopt;
  digits = run_of(text, is_digit);
  date.day = day_of(text.substr(0, digits));
  text.remove_prefix(digits);
  const bool ends = text.empty() || std::string_view("T+% ").find(text[0]) != text.npos;
  return date.day != 0 && ends ? std::optional(date) : std::nullopt;
}

// 202611, 20261105.
std::optional<CalendarDate> compact_date(std::string_view text) {
  if ((text.size() != 6 && text.size() != 8) || !std::ranges::all_of(text, is_digit)) {
    return std::nullopt;
  }
  const CalendarDate date{static_cast<int>(number_of(text.substr(0, 4), 4, 4)),
                          month_of(text.substr(4, 2)), day_of(text.substr(6))};
  return date.month != 0 && (text.size() == 6 || date.day != 0) ? std::optional(date)
                                                                : std::nullopt;
}

// What may follow the date of a calendar's page.
constexpr std::string_view kViews = "page list day week month year events calendar all today";
// What tells that numbers behind it are a date.
constexpr std::string_view kCalendars =
    "calendar calendars archive archives events event date dates agenda month monthly day daily "
    "week diary kalender termine veranstaltungen calendrier agenda evenements calendario eventos "
    "archivo archiv blog schedule";

bool is_view(std::string_view segment, std::string_view before) {
  return segment.empty() || has_word(kViews, segment) ||
         starts_with_ignoring_case(segment, "index.") ||
         (number_of(segment, 1, 4) != 0 && has_word(kViews, before));
}

std::optional<CalendarDate> date_of_path(std::string_view path) {
  std::vector<std::string_view> segments = path_segments(path);
  while (!segments.empty() &&
         is_view(segments.back(), segments.size() > 1 ? segments[segments.size() - 2] : "")) {
    segments.pop_back();
  }
  if (segments.empty()) return std::nullopt;
  if (const auto date = written_date(segments.back())) return date;

  // Years and months apart: only years that a calendar comes by on its way to all others.
  const auto date_from = [&](size_t at, bool has_day) -> std::optional<CalendarDate> {
    const CalendarDate date{static_cast<int>(number_of(segments[at], 4, 4)),
                            month_of(segments[at + 1]), has_day ? day_of(segments[at + 2]) : 0};
    const bool is_date = date.year >= 1800 && date.year < 2200 && date.month != 0;
    return is_date && (!has_day || date.day != 0) ? std::optional(date) : std::nullopt;
  };
  const size_t size = segments.size();
  if (size >= 3) {
    if (const auto date = date_from(size - 3, true)) return date;
  }
  if (size < 2) return std::nullopt;
  const bool is_calendar =
      size == 2 || std::any_of(segments.begin(), segments.end() - 2, [](std::string_view segment) {
        return has_word(kCalendars, segment);
      });
  return is_calendar ? date_from(size - 2, false) : std::nullopt;
}

constexpr std::string_view kYears = "year yr yyyy cal_year calyear jahr annee ano";
constexpr std::string_view kMonths = "month mon mo m mm cal_month calmonth monat mois mes";
constexpr std::string_view kDays = "day d dd cal_day calday tag jour dia";
constexpr std::string_view kDates = "date month m ym d dt day cal calendar cal_date yearmonth";

std::optional<CalendarDate> date_of_query(std::string_view search) {
  CalendarDate date;
  bool may_be_year = false;  // a lone y is a coordinate
  for (const auto& [name, value] : query_parameters(search)) {
    if (const auto written = written_date(value)) return written;
    if (has_word(kDates, name)) {
      if (const auto compact = compact_date(value)) return compact;
    }
    if (has_word(kYears, name) || equals_ignoring_case(name, "y")) {
      date.year = static_cast<int>(number_of(value, 4, 4));
      may_be_year = name.size() == 1;
    } else if (has_word(kMonths, name)) {
      date.month = month_of(value);
    } else if (has_word(kDays, name)) {
      date.day = day_of(value);
    }
  }
  if (date.month == 0) date.day = 0;
  const bool is_date = date.year != 0 && (date.month != 0 || !may_be_year);
  return is_date ? std::optional(date) : std::nullopt;
}

}  // namespace

std::vector<std::string_view> path_segments(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/', 1), path.size());
    segments.push_back(path.substr(1, end - 1));
    path.remove_prefix(end);
  }
  return segments;
}

std::vector<QueryParameter> query_parameters(std::string_view search) {
  std::vector<QueryParameter> parameters;
  while (!search.empty()) {
    const size_t end = std::min(search.find('&', 1), search.size());
    const std::string_view piece = search.substr(1, end - 1);
    const size_t mark = std::min(piece.find('='), piece.size());
    if (!piece.empty()) {
      parameters.push_back({piece.substr(0, mark), piece.substr(std::min(mark + 1, piece.size()))});
    }
    search.remove_prefix(end);
  }
  return parameters;
}

std::string url_shape(const Url& url) {
  std::string shape = url.host();
  append_shape(shape, url.pathname());
  char mark = '?';
  const std::string search = url.search();
  for (const QueryParameter& parameter : query_parameters(search)) {
    shape += mark;
    append_shape(shape, parameter.name);
    mark = '&';
  }
  return shape;
}

std::string CalendarDate::text() const {
  if (day != 0) return fmt::format("{:04}-{:02}-{:02}", year, month, day);
  return month != 0 ? fmt::format("{:04}-{:02}", year, month) : fmt::format("{:04}", year);
}

std::optional<CalendarDate> calendar_date(const Url& url) {
  const std::string path = url.pathname(), search = url.search();
  const auto date = date_of_query(search);
  return date ? date : date_of_path(path);
}

}  // namespace halftone
