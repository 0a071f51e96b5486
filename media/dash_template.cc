#include "media/dash_template.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kLongest = 4096;
constexpr size_t kWidest = 20;  // as many digits as 64 bits have

// "Number" or "Number%05d" for the value of "Number".
std::optional<std::string> formatted(std::string_view value, std::string_view format) {
  if (format.empty()) return std::string(value);
  if (!format.starts_with("%0") || format.back() != 'd') return std::nullopt;
  size_t width = 0;
  for (const char c : format.substr(2, format.size() - 3)) {
    if (!is_digit(c) || width > kWidest) return std::nullopt;
    width = width * 10 + static_cast<size_t>(c - '0');
  }
  width = std::min(width, kWidest);
  return std::string(width - std::min(width, value.size()), '0') + std::string(value);
}

std::optional<std::string> identified(std::string_view name, const DashIdentifiers& from) {
  if (name.empty()) return "$";
  if (name == "RepresentationID") return from.representation;
  const size_t percent = std::min(name.find('%'), name.size());
  const std::string_view format = name.substr(percent);
  name = name.substr(0, percent);
  if (name == "Number") return formatted(std::to_string(from.number), format);
  if (name == "Time") return formatted(std::to_string(from.time), format);
  if (name == "Bandwidth") return formatted(from.bandwidth, format);
  return std::nullopt;
}

// How often a run of the timeline repeats: to the begin of the next one, or to the period's end.
std::optional<uint64_t> repeats(const DashRun& run, uint64_t time, const DashRun* next,
                                std::optional<double> end) {
  if (run.repeat >= 0) return static_cast<uint64_t>(run.repeat);
  double until = 0;
  if (next && next->time) {
    until = static_cast<double>(*next->time);
  } else if (end && !next) {
    until = *end;
  } else {
    return std::nullopt;
  }
  const double count =
      std::ceil((until - static_cast<double>(time)) / static_cast<double>(run.duration));
  return count < 1 ? 0 : static_cast<uint64_t>(std::min(count - 1, 1e18));
}

DashCount count_timeline(const DashTemplate& text, std::optional<double> period,
                         DashIdentifiers identifiers,
                         const std::function<bool(const DashIdentifiers&)>& take) {
  const std::vector<DashRun>& runs = *text.timeline;
  const auto end =
      period ? std::optional(*period * static_cast<double>(text.timescale)) : std::nullopt;
  identifiers.time = 0;
  for (size_t i = 0; i < runs.size(); ++i) {
    const DashRun& run = runs[i];
    if (run.time) identifiers.time = *run.time;
    if (run.duration == 0) continue;
    const DashRun* next = i + 1 < runs.size() ? &runs[i + 1] : nullptr;
    const auto more = repeats(run, identifiers.time, next, end);
    if (!more) return DashCount::kUnknown;
    for (uint64_t n = 0; n <= *more; ++n) {
      if (text.end_number && identifiers.number > *text.end_number) return DashCount::kWhole;
      if (!take(identifiers)) return DashCount::kStopped;
      ++identifiers.number;
      identifiers.time += run.duration;
    }
  }
  return DashCount::kWhole;
}

}  // namespace

std::optional<std::string> expand_dash(std::string_view text, const DashIdentifiers& identifiers) {
  std::string out;
  while (out.size() <= kLongest) {
    const size_t from = text.find('$');
    out += text.substr(0, std::min(from, kLongest + 1));
    if (from == text.npos) break;
    const size_t to = text.find('$', from + 1);
    if (to == text.npos) return std::nullopt;
    const auto value = identified(text.substr(from + 1, to - from - 1), identifiers);
    if (!value) return std::nullopt;
    out += value->substr(0, kLongest + 1);
    text.remove_prefix(to + 1);
  }
  return out.size() <= kLongest ? std::optional(std::move(out)) : std::nullopt;
}

DashCount for_each_segment(const DashTemplate& text, std::optional<double> period,
                           DashIdentifiers identifiers,
                           const std::function<bool(const DashIdentifiers&)>& take) {
  identifiers.number = text.start_number;
  if (text.timeline) return count_timeline(text, period, std::move(identifiers), take);
  double count = 0;
  if (text.end_number) {
    if (*text.end_number < text.start_number) return DashCount::kWhole;
    count = static_cast<double>(*text.end_number - text.start_number) + 1;
  } else if (text.duration > 0 && period) {
    // Half a millionth of a segment is an error of rounding.
    count = std::ceil(
        *period * static_cast<double>(text.timescale) / static_cast<double>(text.duration) - 5e-7);
  } else {
    return DashCount::kUnknown;
  }
  for (double n = 0; n < count; ++n) {
    if (!take(identifiers)) return DashCount::kStopped;
    ++identifiers.number;
    identifiers.time += text.duration;
  }
  return DashCount::kWhole;
}

std::optional<double> read_duration(std::string_view text) {
  text = trim(text);
  if (!text.starts_with('P')) return std::nullopt;
  double seconds = 0;
  bool in_time = false;
  for (text.remove_prefix(1); !text.empty();) {
    if (text[0] == 'T') {
      in_time = true;
      text.remove_prefix(1);
      continue;
    }
    double value = 0;
    const auto result =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    const auto size = static_cast<size_t>(result.ptr - text.data());
    if (result.ec != std::errc() || size == text.size() || !(value >= 0)) return std::nullopt;
    const char unit = text[size];
    const double day = 86400;
    if (in_time && unit == 'H')
      seconds += value * 3600;
    else if (in_time && unit == 'M')
      seconds += value * 60;
    else if (in_time && unit == 'S')
      seconds += value;
    else if (!in_time && unit == 'D')
      seconds += value * day;
    else if (!in_time && unit == 'M')
      seconds += value * 30 * day;
    else if (!in_time && unit == 'Y')
      seconds += value * 365 * day;
    else
      return std::nullopt;
    text.remove_prefix(size + 1);
  }
  return std::isfinite(seconds) ? std::optional(seconds) : std::nullopt;
}

}  // namespace halftone
