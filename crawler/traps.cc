#include "crawler/traps.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "crawler/canonical_url.h"
#include "crawler/text_fingerprint.h"
#include "crawler/url_shape.h"
#include "media/ascii.h"
#include "media/byte_reader.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr size_t kShapes = 20'000, kPaths = 500, kBodies = 50'000;
constexpr size_t kLongestSave = size_t{32} << 20;  // bytes
constexpr uint32_t kMostFacetRows = 4096;
constexpr size_t kMostTimesOnEnd = 3, kMostTimesOfNumbers = 5, kMostTimesInAll = 5;
constexpr std::string_view kVersion = "halftone traps 2\n";

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

// Integers are big-endian; a list is its length and then what it holds.
void append_number(std::string& bytes, uint64_t number, size_t size) {
  while (size-- > 0) bytes += static_cast<char>(number >> (8 * size) & 0xFF);
}

void append_key(std::string& bytes, const ShortKey& key) { bytes.append(key.begin(), key.end()); }

ShortKey read_key(ByteReader& bytes) {
  ShortKey key{};
  std::ranges::copy(bytes.piece(key.size()), key.begin());
  return key;
}

void append_facets(std::string& bytes, const Facets& facets) {
  const auto rows = facets.save();
  append_number(bytes, rows.size(), 4);
  for (const auto& row : rows) {
    append_number(bytes, row.size(), 4);
    for (const uint32_t number : row) append_number(bytes, number, 4);
  }
}

std::optional<Facets> read_facets(ByteReader& bytes) {
  std::vector<std::vector<uint32_t>> rows;
  uint32_t left = bytes.u32();
  if (left > kMostFacetRows) return std::nullopt;
  for (; left > 0 && bytes.sound(); --left) {
    rows.emplace_back();
    for (uint32_t more = bytes.u32(); more > 0 && bytes.sound(); --more) {
      rows.back().push_back(bytes.u32());
    }
  }
  return Facets::load(rows);
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
  constexpr size_t kShapeSize = sizeof(ShortKey) + 12, kBodySize = 2 * sizeof(ShortKey);
  std::string bytes(kVersion);
  bytes.reserve(bytes.size() + 12 + shapes_.size() * kShapeSize + bodies_.size() * kBodySize);
  append_number(bytes, shapes_.size(), 4);
  shapes_.for_each([&](const ShortKey& key, const Row& row) {
    append_key(bytes, key);
    append_number(bytes, row.fingerprint, 8);
    append_number(bytes, row.alike, 4);
  });
  append_number(bytes, bodies_.size(), 4);
  bodies_.for_each([&](const ShortKey& key, const ShortKey& page) {
    append_key(bytes, key);
    append_key(bytes, page);
  });
  append_number(bytes, paths_.size(), 4);
  paths_.for_each([&](const ShortKey& key, const Facets& facets) {
    append_key(bytes, key);
    append_facets(bytes, facets);
  });
  return bytes;
}

// False where it is none of ours.
bool Traps::read(std::string_view saved) {
  ByteReader bytes(saved);
  if (bytes.piece(kVersion.size()) != kVersion) return false;
  for (uint32_t left = bytes.u32(); left > 0 && bytes.sound(); --left) {
    Row& row = shapes_.use(read_key(bytes));
    row.fingerprint = bytes.u64();
    row.alike = std::min(bytes.u32(), kAlikeInARow);
  }
  for (uint32_t left = bytes.u32(); left > 0 && bytes.sound(); --left) {
    ShortKey& page = bodies_.use(read_key(bytes));
    page = read_key(bytes);
  }
  for (uint32_t left = bytes.u32(); left > 0 && bytes.sound(); --left) {
    const ShortKey key = read_key(bytes);
    auto facets = read_facets(bytes);
    if (!facets) return false;
    paths_.use(key) = *std::move(facets);
  }
  return bytes.sound() && bytes.rest().empty();
}

Traps Traps::load(std::string_view saved, Time now) {
  Traps traps(now);
  if (saved.size() <= kLongestSave && traps.read(saved)) return traps;
  return Traps(now);
}

}  // namespace halftone
