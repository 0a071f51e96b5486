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

// Reads the dates that articles carry: RFC 822 (feeds, HTTP), RFC 850, asctime and other forms with
// the names of months in nine languages; ISO 8601 in its basic and extended forms, by day, week or
// day of the year, with or without time and zone; the Chinese, Japanese and Korean forms with their
// eras (2022年1月9日 11:28, 令和4年1月9日, 2022년 1월 9일); numbers with the year first, or last
// where that leaves no doubt; seconds or milliseconds since 1970. Nothing where the text is no
// date, where there is no such moment, or where numbers leave open which is the month. Years are 1
// to 9999.
//
// A date without a zone is taken as UTC, though its writer meant the local time of a place that
// nothing names: it may be off by up to 14 hours. A date without a time is its midnight.
std::optional<Time> parse_date(std::string_view text);

// The first date in a line that says other things, too ("By Jane | Jan 9, 2022 | City"), after
// 1970. Bare numbers count for nothing here. Lines are looked at for 400 bytes.
std::optional<Time> find_date(std::string_view line);

}  // namespace halftone
