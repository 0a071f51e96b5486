#include "crawler/facets.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "crawler/url_shape.h"
#include "media/ascii.h"
#include "media/html_tag.h"

namespace halftone {
namespace {

constexpr size_t kMostNames = 16;           // whose values are counted
constexpr size_t kFilterParameters = 3;     // a query of fewer multiplies little
constexpr size_t kLongestChoice = 32;       // bytes
constexpr std::string_view kDateName = "";  // under which dates are counted

// By which scripts choose among their pages: Discuz, MediaWiki, SMF, Joomla, Yii.
constexpr std::string_view kChoices =
    "mod action act do app ac r route module controller view op cmd option task ctl";

// FNV-1a (RFC draft eastlake-fnv), mixed: a path has only itself to confuse.
uint32_t hash_of(std::string_view text, uint64_t seed = 0) {
  uint64_t hash = 0xCBF29CE484222325 ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
  return static_cast<uint32_t>(hash >> 32);
}

bool is_choice(const QueryParameter& parameter) {
  const auto fits = [](char c) { return is_alpha(c) || c == '_' || c == '-' || c == '/'; };
  return has_word(kChoices, parameter.name) && parameter.value.size() <= kLongestChoice &&
         std::ranges::all_of(parameter.value, fits);
}

// Without digits and what stands in brackets: "f[0]" and "f[1]" are one filter.
std::string plain_name(std::string_view name) {
  std::string plain(name.substr(0, std::min(name.find('['), name.find("%5B"))));
  std::erase_if(plain, is_digit);
  return plain;
}

uint32_t hash_of_sorted(std::vector<uint32_t> hashes) {
  std::ranges::sort(hashes);
  uint32_t all = 0;
  for (const uint32_t hash : hashes) all = hash_of({}, (uint64_t{all} << 32) | hash);
  return all;
}

// A query, as numbers.
struct Query {
  uint32_t name_set = 0, combination = 0;
  std::vector<std::pair<uint32_t, uint32_t>> values;  // under names
  size_t size = 0;                                    // parameters
};

Query read(const Url& url) {
  Query query;
  std::vector<uint32_t> names, pairs;
  const std::string search = url.search();
  for (const QueryParameter& parameter : query_parameters(search)) {
    if (is_choice(parameter)) continue;
    const uint32_t name = hash_of(plain_name(parameter.name));
    const uint32_t value = hash_of(parameter.value);
    names.push_back(name);
    pairs.push_back(hash_of({}, (uint64_t{name} << 32) | value));
    query.values.emplace_back(name, value);
  }
  if (const auto date = calendar_date(url)) {
    query.values.emplace_back(hash_of(kDateName), hash_of(date->text()));
  }
  query.size = names.size();
  query.combination = hash_of_sorted(std::move(pairs));
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  query.name_set = hash_of_sorted(std::move(names));
  return query;
}

}  // namespace

void DistinctCount::add(uint32_t hash) {
  const auto place = std::ranges::lower_bound(least_, hash);
  if (place == least_.end() ? least_.size() == kKept : *place == hash) return;
  least_.insert(place, hash);
  if (least_.size() > kKept) least_.pop_back();
}

uint64_t DistinctCount::count() const {
  if (least_.size() < kKept) return least_.size();
  constexpr double kRange = 4294967296.0;
  return static_cast<uint64_t>((kKept - 1) * kRange / std::max<uint32_t>(1, least_.back()));
}

std::optional<DistinctCount> DistinctCount::of(std::vector<uint32_t> kept) {
  const bool ascends = std::ranges::adjacent_find(kept, std::greater_equal()) == kept.end();
  if (kept.size() > kKept || !ascends) return std::nullopt;
  DistinctCount count;
  count.least_ = std::move(kept);
  return count;
}

std::string Facets::path_of(const Url& url) {
  std::string path = url.host() + url.pathname();
  const std::string search = url.search();
  for (const QueryParameter& parameter : query_parameters(search)) {
    if (is_choice(parameter)) path += fmt::format("?{}={}", parameter.name, parameter.value);
  }
  return path;
}

uint64_t Facets::most_values() const {
  uint64_t most = 0;
  for (const auto& [name, values] : values_) most = std::max(most, values.count());
  return most;
}

std::optional<std::string> Facets::judge(const Url& url) {
  const Query query = read(url);
  if (query.size == 0) return std::nullopt;
  const auto place = std::ranges::lower_bound(name_sets_, query.name_set);
  if (place == name_sets_.end() || *place != query.name_set) {
    if (name_sets_.size() >= kMostNameSets) {
      return fmt::format("more than {} sets of parameters", kMostNameSets);
    }
    name_sets_.insert(place, query.name_set);
  }
  for (const auto& [name, value] : query.values) {
    if (values_.size() < kMostNames || values_.contains(name)) values_[name].add(value);
  }
  if (query.size < kFilterParameters) return std::nullopt;
  if (combinations_.count() > kFreeCombinations + kCombinationsPerValue * most_values()) {
    return "ever more combinations of parameters";
  }
  combinations_.add(query.combination);
  return std::nullopt;
}

// The sets of names, the combinations, and of each name that name and then its values.
std::vector<std::vector<uint32_t>> Facets::save() const {
  std::vector<std::vector<uint32_t>> rows = {name_sets_, combinations_.kept()};
  for (const auto& [name, values] : values_) {
    rows.push_back({name});
    rows.push_back(values.kept());
  }
  return rows;
}

std::optional<Facets> Facets::load(std::span<const std::vector<uint32_t>> rows) {
  if (rows.size() < 2 || rows.size() % 2 != 0 || rows.size() > 2 + 2 * kMostNames) {
    return std::nullopt;
  }
  Facets facets;
  facets.name_sets_ = rows[0];
  const auto combinations = DistinctCount::of(rows[1]);
  if (rows[0].size() > kMostNameSets || !std::ranges::is_sorted(rows[0]) || !combinations) {
    return std::nullopt;
  }
  facets.combinations_ = *combinations;
  for (size_t i = 2; i < rows.size(); i += 2) {
    auto values = DistinctCount::of(rows[i + 1]);
    if (rows[i].size() != 1 || !values) return std::nullopt;
    facets.values_[rows[i][0]] = std::move(*values);
  }
  return facets;
}

}  // namespace halftone
