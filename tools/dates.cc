#include "tools/dates.h"

namespace halftone {

Result<Time> begin_of(const std::string& text, std::string_view option) {
  const auto begin = parse_date(text);
  if (begin) return *begin;
  return fail(ErrorCode::kUsage, "{} {} is no date; 2026-01-09T12:30:00Z is one", option, text);
}

Result<Time> end_of(const std::string& text, std::string_view option) {
  const auto begin = begin_of(text, option);
  if (!begin) return begin;
  const bool is_exact = text.find('.') != std::string::npos;
  const bool is_day = text.find(':') == std::string::npos;
  if (is_exact) return begin;
  const Time::duration whole =
      is_day ? Time::duration(std::chrono::hours(24)) : std::chrono::seconds(1);
  return *begin + whole - Time::duration(1);
}

}  // namespace halftone
