#include "crawler/traps.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crawler/canonical_url.h"
#include "crawler/text_fingerprint.h"
#include "crawler/url_shape.h"
#include "media/ascii.h"
#include "media/utf8.h"

namespace halftone {
namespace {

using nlohmann::json;

constexpr size_t kShapes = 20'000, kPaths = 500, kBodies = 50'000;
constexpr size_t kLongestSave = size_t{32} << 20;  // bytes
constexpr int kDeepestSave = 6;
constexpr size_t kMostTimesOnEnd = 3, kMostTimesOfNumbers = 5, kMostTimesInAll = 5;
constexpr std::string_view kVersion = "halftone traps 1";

std::string shown(std::string_view text) {
  constexpr size_t kShown = 120;
  return text.size() <= kShown ? std::string(text) : std::string(utf8_head(text, kShown)) + "…";
}

bool is_number(std::string_view segment) {
  return !segment.empty() && std::ranges::all_of(segment, is_digit);
}

// How often the `size` segments at `at` stand there on end.
size_t times_on_end(const std::vector<std::string_view>& segments, size_t at, size_t size) {
  const auto first = segments.begin() + static_cast<ptrdiff_t>(at);
  size_t times = 1;
  for (size_t next = at + size; next + size <= segments.size(); next += size, ++times) {
    if (!std::equal(first, first + static_cast<ptrdiff_t>(size),
                    segments.begin() + static_cast<ptrdiff_t>(next))) {
      break;
    }
  }
  return times;
}

// Of at most kMostSegments.
std::optional<std::string> repetition_in(const std::vector<std::string_view>& segments) {
  for (size_t size = 1; size * kMostTimesOnEnd <= segments.size(); ++size) {
    for (size_t at = 0; at + size * kMostTimesOnEnd <= segments.size(); ++at) {
      const auto first = segments.begin() + static_cast<ptrdiff_t>(at);
      const bool numbers = std::all_of(first, first + static_cast<ptrdiff_t>(size), is_number);
      const size_t most = numbers ? kMostTimesOfNumbers : kMostTimesOnEnd;
      if (times_on_end(segments, at, size) < most) continue;
      std::string text;
      for (size_t i = at; i < at + size; ++i) text.append("/").append(segments[i]);
      return text;
    }
  }
  std::map<std::string_view, size_t> times;
  for (const std::string_view segment : segments) {
    if (!is_number(segment) && ++times[segment] == kMostTimesInAll) {
      return "/" + std::string(segment);
    }
  }
  return std::nullopt;
}

std::optional<std::string> judge_form(const Url& page) {
  const size_t length = page.href_without_fragment().size();
  if (length > Traps::kLongestUrl) {
    return fmt::format("long address: {} characters", length);
  }
  const std::string path = page.pathname(), search = page.search();
  const auto segments = path_segments(path);
  if (segments.size() > Traps::kMostSegments) {
    return fmt::format("deep path: {} segments", segments.size());
  }
  const size_t parameters = query_parameters(search).size();
  if (parameters > Traps::kMostParameters) {
    return fmt::format("long query: {} parameters", parameters);
  }
  if (const auto repeated = repetition_in(segments)) {
    return fmt::format("folders repeat: {}", shown(*repeated));
  }
  return std::nullopt;
}

std::string hex(const ShortKey& key) {
  std::string text;
  for (const uint8_t byte : key) text += fmt::format("{:02x}", byte);
  return text;
}

// Throws where the text is no key.
ShortKey key_from(const std::string& text) {
  ShortKey key;
  if (text.size() != 2 * key.size() || !std::ranges::all_of(text, is_hex)) {
    throw std::invalid_argument("no key");
  }
  for (size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<uint8_t>(hex_value(text[2 * i]) * 16 + hex_value(text[2 * i + 1]));
  }
  return key;
}

// Throws where the value is no unsigned number or does not fit.
template <class Number>
Number number_from(const json& value) {
  const auto number = value.is_number_unsigned() ? value.get<uint64_t>() : ~uint64_t{0};
  const bool fits = value.is_number_unsigned() && number <= std::numeric_limits<Number>::max();
  if (!fits) throw std::invalid_argument("no number");
  return static_cast<Number>(number);
}

Facets facets_from(const json& value) {
  std::vector<std::vector<uint32_t>> rows;
  for (const json& row : value) {
    rows.emplace_back();
    for (const json& number : row) rows.back().push_back(number_from<uint32_t>(number));
  }
  auto facets = Facets::load(rows);
  if (!facets) throw std::invalid_argument("no facets");
  return std::move(*facets);
}

}  // namespace

Traps::Traps(Time now) : now_(now), shapes_(kShapes), paths_(kPaths), bodies_(kBodies) {}

std::optional<std::string> Traps::judge_calendar(const Url& page, uint32_t alike) const {
  const auto date = calendar_date(page);
  if (!date) return std::nullopt;
  // A month or a year lies ahead when all of it does.
  using namespace std::chrono;
  const year_month_day today{floor<days>(now_)};
  const auto first =
      year{date->year} / month{std::max(date->month, 1U)} / day{std::max(date->day, 1U)};
  if (first > (today.year() + years{1}) / today.month() / today.day()) {
    return fmt::format("endless calendar: {}", date->text());
  }
  if (date->year < 1970 && alike >= kAlikePagesOfThePast) {
    return fmt::format("endless calendar: {}, like the {} pages before", date->text(), alike);
  }
  if (alike >= kAlikeCalendarPages) {
    return fmt::format("pages alike: the last {} of the calendar {} hardly differ", alike,
                       shown(url_shape(page)));
  }
  return std::nullopt;
}

std::optional<std::string> Traps::judge(const Url& page) {
  if (!page.is_http()) return std::nullopt;
  if (auto reason = judge_form(page)) return reason;
  const std::string shape = url_shape(page);
  const Row* const row = shapes_.find(short_key(shape));
  const uint32_t alike = row != nullptr ? row->alike : 0;
  if (auto reason = judge_calendar(page, alike)) return reason;
  if (alike >= kAlikeInARow) {
    return fmt::format("pages alike: the last {} of {} hardly differ", alike, shown(shape));
  }
  if (page.search().size() < 2) return std::nullopt;
  const std::string path = Facets::path_of(page);
  if (auto reason = paths_.use(short_key(path)).judge(page)) {
    return fmt::format("endless filters: {} of {}", *reason, shown(path));
  }
  return std::nullopt;
}

bool Traps::saw(const Url& page, uint64_t text_fingerprint, const Digest& body) {
  const ShortKey name = short_key(page_key(page)), digest = short_key(body);
  const ShortKey* const known = bodies_.find(digest);
  if (known != nullptr && *known == name) return false;  // the same page again
  const bool repeats = known != nullptr;
  ShortKey& first = bodies_.use(digest);
  if (!repeats) first = name;

  if (text_fingerprint == 0 && !repeats) return false;
  Row& row = shapes_.use(short_key(url_shape(page)));
  const bool alike = repeats || is_nearly_same(row.fingerprint, text_fingerprint);
  row.alike = alike ? std::min(row.alike + 1, kAlikeInARow) : 1;
  if (text_fingerprint != 0) row.fingerprint = text_fingerprint;
  return repeats;
}

std::string Traps::save() const {
  json shapes = json::array(), paths = json::array(), bodies = json::array();
  shapes_.for_each([&](const ShortKey& key, const Row& row) {
    shapes.push_back({hex(key), row.fingerprint, row.alike});
  });
  paths_.for_each([&](const ShortKey& key, const Facets& facets) {
    paths.push_back({hex(key), facets.save()});
  });
  bodies_.for_each([&](const ShortKey& key, const ShortKey& page) {
    bodies.push_back({hex(key), hex(page)});
  });
  return json{{"format", kVersion}, {"shapes", shapes}, {"paths", paths}, {"bodies", bodies}}
      .dump();
}

// Throws, or returns false, where it is none of ours.
bool Traps::read(std::string_view saved) {
  const json value = json::parse(saved, [](int depth, json::parse_event_t, const json&) {
    if (depth > kDeepestSave) throw std::invalid_argument("too deep");
    return true;
  });
  if (value.at("format") != kVersion) return false;
  for (const json& row : value.at("shapes")) {
    shapes_.use(key_from(row.at(0))) = {number_from<uint64_t>(row.at(1)),
                                        number_from<uint32_t>(row.at(2))};
  }
  for (const json& row : value.at("paths")) {
    paths_.use(key_from(row.at(0))) = facets_from(row.at(1));
  }
  for (const json& row : value.at("bodies")) {
    bodies_.use(key_from(row.at(0))) = key_from(row.at(1));
  }
  return true;
}

Traps Traps::load(std::string_view saved, Time now) {
  Traps traps(now);
  try {
    if (saved.size() <= kLongestSave && traps.read(saved)) return traps;
  } catch (const std::exception&) {  // of json, and ours
  }
  return Traps(now);
}

}  // namespace halftone
