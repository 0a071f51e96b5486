// Values of options as people write them.
#pragma once

#include <chrono>
#include <cstdint>
#include <istream>
#include <optional>
#include <string_view>

namespace halftone {

// 500, 64k, 10M, 4G, 1.5G: bytes, in powers of 1024 as curl and wget read them.
std::optional<uint64_t> parse_size(std::string_view text);

// 90, 90s, 15m, 12h, 2d: seconds.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

// A size, for Program_options.
struct Size {
  uint64_t bytes = 0;
};
std::istream& operator>>(std::istream& in, Size& size);

// A count or a number of seconds; a minus sign is no part of one.
struct Natural {
  unsigned value = 0;
};
std::istream& operator>>(std::istream& in, Natural& number);

// How many versions a rule keeps: a number or "unlimited".
struct Keep {
  unsigned count = 0;
};
std::istream& operator>>(std::istream& in, Keep& keep);

// A stretch of time.
struct Duration {
  std::chrono::seconds seconds{0};
};
std::istream& operator>>(std::istream& in, Duration& duration);

}  // namespace halftone
