// SegmentTemplate of DASH counted out (ISO/IEC 23009-1, 5.3.9.4 to 5.3.9.6).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// <S t d r>: r + 1 segments that last d, the first from t on; a negative r goes on to what follows.
struct DashRun {
  std::optional<uint64_t> time;
  uint64_t duration = 0;
  int64_t repeat = 0;
};

// What SegmentTemplate and its timeline say; an inner one goes on from the outer one.
struct DashTemplate {
  std::string media, initialization, index, bitstream_switching;  // with "$" in them, else empty
  uint64_t timescale = 1, duration = 0, start_number = 1;
  std::optional<uint64_t> end_number;
  std::shared_ptr<std::vector<DashRun>> timeline;
};

struct DashIdentifiers {
  std::string representation, bandwidth;
  uint64_t number = 0, time = 0;
};

// 5.3.9.4.4: `text` with its $identifiers$ put in. Nothing where one is unknown or too much would
// come out.
std::optional<std::string> expand_dash(std::string_view text, const DashIdentifiers& identifiers);

enum class DashCount { kWhole, kUnknown, kStopped };

// Calls take(identifiers) for each segment of `text` in a period of that many seconds (where it is
// known) until it says false. kUnknown: nothing tells where they end.
DashCount for_each_segment(const DashTemplate& text, std::optional<double> period,
                           DashIdentifiers identifiers,
                           const std::function<bool(const DashIdentifiers&)>& take);

// PT1H2M3.5S in seconds (XML Schema, xs:duration); nothing where it is none.
std::optional<double> read_duration(std::string_view text);

}  // namespace halftone
