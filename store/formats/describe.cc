#include "store/formats/describe.h"

#include <array>

#include <fmt/format.h>

namespace halftone {

std::string describe_bytes(uint64_t bytes) {
  constexpr std::array<const char*, 5> units = {"kB", "MB", "GB", "TB", "PB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1000;
  size_t unit = 0;
  // 999.95 would be rounded to a fourth digit.
  while (value >= 999.95 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

std::string describe_time(Time time) {
  const std::string iso = to_iso8601(time);
  return fmt::format("{} {} UTC", iso.substr(0, 10), iso.substr(11, 5));
}

std::string describe_date(Time time) { return to_iso8601(time).substr(0, 10); }

std::string describe(const Completeness& completeness) {
  return fmt::format("{}/{} references, {} image{}, {}, {} missing", completeness.archived,
                     completeness.references, completeness.images,
                     completeness.images == 1 ? "" : "s", describe_bytes(completeness.bytes),
                     completeness.missing);
}

}  // namespace halftone
