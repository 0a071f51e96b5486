// Moments, and the ways in which documents write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace halftone {

// Microseconds since 1970, UTC.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

Time now();

// 2026-01-09T03:28:37Z, with a fraction only where there is one (RFC 3339).
std::string to_iso8601(Time time);

// Twenty digits, 20260109032837000000: sorts as text, as archive keys need.
std::string to_digits(Time time);
std::optional<Time> from_digits(std::string_view digits);

// Reads the dates that articles carry: RFC 822 (feeds, HTTP) and other forms with English month
// names, ISO 8601 with or without time and zone, also with "/" or "." or blanks in it, and Chinese
// forms (2022年1月9日 11:28). A date without a zone is UTC. Nothing where the text is no date, or
// where numbers without a year in front leave open which is the month.
std::optional<Time> parse_date(std::string_view text);

}  // namespace halftone
