// What the addresses of one kind of page have in common, read off them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/url.h"

namespace halftone {

// "example.org/item/#?page&sort" for https://example.org/item/17?page=2&sort=a: host and path with
// # for each run of digits and % for each id in hexadecimal digits (eight or more of both kinds, or
// a UUID), and the names of the parameters.
std::string url_shape(const Url& url);

// The date that a page of a calendar or of an archive by date is for. Months and days are 0 where
// the address has none.
struct CalendarDate {
  int year = 0;
  unsigned month = 0, day = 0;

  std::string text() const;  // 2026-11-05, 2026-11, 2026
};

// Of addresses whose path ends in a date (/2026/11/, /events/2026-11-05/, /calendar/2026/11/page/2)
// or whose query has one (?date=2026-11, ?year=2026&month=11, ?m=202611). A date that a title
// follows is of an article, and no calendar's: /2026/11/05/lanterns. Numbers that may be anything
// (/thread/2026/11) are no dates.
std::optional<CalendarDate> calendar_date(const Url& url);

// The segments of a path, "/a//b/" being "a", "", "b", "".
std::vector<std::string_view> path_segments(std::string_view path);

struct QueryParameter {
  std::string_view name, value;  // as written
};

// Of a search with its question mark; empty pieces are left out.
std::vector<QueryParameter> query_parameters(std::string_view search);

}  // namespace halftone
