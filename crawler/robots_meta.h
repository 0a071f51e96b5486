// What a page or a file asks robots not to do with it: X-Robots-Tag and <meta name=robots>.
//
// The vocabulary is that of Google ("Robots meta tag, data-nosnippet, and X-Robots-Tag
// specifications"), as far as it means anything to an archive; Bing's nocache is noarchive.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "media/time.h"

namespace halftone {

struct RobotsMeta {
  bool noarchive = false;                 // keep no copy
  bool nofollow = false;                  // follow no links of it
  bool noindex = false;                   // do not list it
  bool noimageindex = false;              // do not list its pictures
  std::optional<Time> unavailable_after;  // the earliest one named

  // What either asks for: rules add up, whoever they are for and wherever they stand.
  RobotsMeta& operator|=(const RobotsMeta& other);
  friend bool operator==(const RobotsMeta&, const RobotsMeta&) = default;
};

// Of the values of all X-Robots-Tag fields. A value may begin with an agent's name and a colon
// ("googlebot: noarchive"), which the rules behind it are for, up to the next name; those for
// others than halftone are left out.
RobotsMeta robots_from_headers(std::span<const std::string_view> values);

// Of the meta elements called "robots" or "halftone" in an HTML document: of its first 64 KiB, up
// to the end of its head. `html`: in an encoding that ASCII is part of, as nearly all are.
RobotsMeta robots_from_html(std::string_view html);

}  // namespace halftone
