// How dates are read: a text eaten from the front, and the parts that several forms share.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "media/ascii.h"

namespace halftone {

// What a text said of a moment; whether there is one is for date_parser.cc to check.
struct DateFields {
  int year = 0, month = 0, day = 1;
  int hour = 0, minute = 0, second = 0, micros = 0;
  int offset = 0;          // minutes east of UTC
  bool us_summer = false;  // an hour more while the United States keep daylight saving time
};

// Eats a text from the front.
class DateCursor {
 public:
  explicit DateCursor(std::string_view text) : rest_(text) {}

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

  // Letters of ASCII; of Latin, Cyrillic and Arabic script, too, with `any`.
  std::string_view take_letters(bool any = false) {
    size_t size = 0;
    while (size < rest_.size() && is_letter(size, any)) ++size;
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

  std::string_view rest() const { return rest_; }

 private:
  // The bytes of U+00C0 … U+024F, of Cyrillic and of Arabic in UTF-8.
  bool is_letter(size_t at, bool any) const {
    const auto c = static_cast<unsigned char>(rest_[at]);
    if (is_alpha(rest_[at])) return true;
    if (!any || c < 0x80) return false;
    const bool leads = (c >= 0xC3 && c <= 0xC9) || (c >= 0xD0 && c <= 0xDB);
    return leads || (c < 0xC0 && at > 0 && static_cast<unsigned char>(rest_[at - 1]) >= 0xC3);
  }

  std::string_view rest_;
};

// A month by its name or three letters of it or more: English, German, French, Spanish, Italian,
// Portuguese, Dutch, Russian, Arabic.
bool take_month_name(DateCursor& cursor, int& month);

// A weekday says nothing that the date does not. False where a word stands that is none.
bool skip_weekday(DateCursor& cursor);

// "星期五", "(金)", "금요일", where there is one.
void skip_eastern_weekday(DateCursor& cursor);

// What follows a date: nothing, or a time and a zone.
bool take_rest(DateCursor& cursor, DateFields& fields);

// The time of ISO 8601 in its basic and its extended form, with its zone.
bool take_iso_time(DateCursor& cursor, DateFields& fields);
bool take_zone(DateCursor& cursor, DateFields& fields);

// 2022年1月9日 上午11:28, 二〇二二年一月九日, 民國111年1月9日, 令和4年1月9日(日), 2022년 1월 9일
// 오전 11:28
bool read_eastern(DateCursor& cursor, DateFields& fields);

}  // namespace halftone
