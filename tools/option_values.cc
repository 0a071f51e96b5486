#include "tools/option_values.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include "store/retention.h"

namespace halftone {

std::istream& operator>>(std::istream& in, Size& size) {
  std::string text;
  in >> text;
  const auto bytes = parse_size(text);
  if (bytes) {
    size.bytes = *bytes;
  } else {
    in.setstate(std::ios::failbit);
  }
  return in;
}

std::istream& operator>>(std::istream& in, Natural& number) {
  std::string text;
  in >> text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.value);
  if (error != std::errc() || end != text.data() + text.size()) in.setstate(std::ios::failbit);
  return in;
}

std::istream& operator>>(std::istream& in, Keep& keep) {
  std::string text;
  in >> text;
  if (text == "unlimited") {
    keep.count = RetentionRules::kUnlimited;
    return in;
  }
  Natural number;
  std::istringstream digits(text);
  if (digits >> number) {
    keep.count = number.value;
  } else {
    in.setstate(std::ios::failbit);
  }
  return in;
}

std::istream& operator>>(std::istream& in, Duration& duration) {
  std::string text;
  in >> text;
  if (const auto seconds = parse_duration(text)) {
    duration.seconds = *seconds;
  } else {
    in.setstate(std::ios::failbit);
  }
  return in;
}

std::optional<uint64_t> parse_size(std::string_view text) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || number < 0 || !std::isfinite(number)) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  constexpr std::string_view kUnits = "kmgt";
  double factor = 1;
  if (!unit.empty()) {
    const char letter = static_cast<char>(std::tolower(static_cast<unsigned char>(unit[0])));
    const size_t power = kUnits.find(letter);
    if (power == std::string_view::npos || unit.size() > 1) return std::nullopt;
    factor = std::pow(1024.0, static_cast<double>(power + 1));
  }
  const double bytes = number * factor;
  if (bytes >= 9e18) return std::nullopt;
  return static_cast<uint64_t>(bytes);
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  if (unit.empty() || unit == "s") return std::chrono::seconds(number);
  if (unit == "m") return std::chrono::minutes(number);
  if (unit == "h") return std::chrono::hours(number);
  if (unit == "d") return std::chrono::hours(24) * number;
  return std::nullopt;
}

}  // namespace halftone
