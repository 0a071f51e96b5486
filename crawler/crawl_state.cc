#include "crawler/crawl_state.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "store/digest.h"

namespace halftone {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "crawl ", kTrapsPrefix = "traps ";

std::string key_of(std::vector<std::string> seeds, std::string_view prefix = kPrefix) {
  std::ranges::sort(seeds);
  Sha256 hash;
  for (const std::string& seed : seeds) hash.update(seed + "\n");
  return std::string(prefix) + hash.finish().hex();
}

std::string key_of_job(const std::string& job) {
  return std::string(kPrefix) + sha256("job " + job + "\n").hex();
}

std::string to_value(const CrawlState& state) {
  json value = {{"run", state.run},
                {"seeds", state.seeds},
                {"reach", to_string(state.scope.reach)},
                {"include", state.scope.include},
                {"exclude", state.scope.exclude},
                {"hops", state.scope.hops},
                {"begun", to_digits(state.begun)},
                {"ignored_robots", state.ignored_robots},
                {"more_seeds", state.more_seeds},
                {"requests", state.requests},
                {"bytes_fetched", state.bytes_fetched},
                {"new_blobs", state.new_blobs},
                {"new_bytes", state.new_bytes}};
  if (state.scope.depth) value["depth"] = *state.scope.depth;
  if (state.scope.host_pages > 0) {
    value["most_host_pages"] = state.scope.host_pages;
    value["host_pages"] = state.host_pages;
  }
  if (!state.job.empty()) value["job"] = state.job;
  if (state.ended) value["ended"] = to_digits(*state.ended);
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

CrawlState read_members(const json& value) {
  CrawlState state;
  value.at("run").get_to(state.run);
  value.at("seeds").get_to(state.seeds);
  state.scope.reach = reach_named(value.at("reach").get<std::string>()).value();
  value.at("include").get_to(state.scope.include);
  value.at("exclude").get_to(state.scope.exclude);
  value.at("hops").get_to(state.scope.hops);
  state.begun = from_digits(value.at("begun").get<std::string>()).value();
  value.at("ignored_robots").get_to(state.ignored_robots);
  value.at("more_seeds").get_to(state.more_seeds);
  value.at("requests").get_to(state.requests);
  value.at("bytes_fetched").get_to(state.bytes_fetched);
  value.at("new_blobs").get_to(state.new_blobs);
  value.at("new_bytes").get_to(state.new_bytes);
  if (value.contains("depth")) state.scope.depth = value["depth"].get<size_t>();
  if (value.contains("most_host_pages")) {
    value["most_host_pages"].get_to(state.scope.host_pages);
    value.at("host_pages").get_to(state.host_pages);
  }
  state.job = value.value("job", "");
  if (value.contains("ended")) state.ended = from_digits(value["ended"].get<std::string>()).value();
  return state;
}

// A damaged row only means that the crawl begins anew; verify tells of it.
std::optional<CrawlState> read(std::string_view value) {
  try {
    return read_members(json::parse(value));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

Result<std::optional<CrawlState>> CrawlStates::find(const std::vector<std::string>& seeds) const {
  const auto row = database_.get(Table::kRun, key_of(seeds));
  if (!row) return tl::unexpected(row.error());
  return *row ? read(**row) : std::nullopt;
}

Result<std::optional<CrawlState>> CrawlStates::find_job(const std::string& job) const {
  const auto row = database_.get(Table::kRun, key_of_job(job));
  if (!row) return tl::unexpected(row.error());
  return *row ? read(**row) : std::nullopt;
}

Result<std::vector<CrawlState>> CrawlStates::all() const {
  std::vector<CrawlState> states;
  const auto scanned = database_.scan(Table::kRun, kPrefix, [&](auto, auto value) {
    if (auto state = read(value)) states.push_back(*std::move(state));
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  std::ranges::sort(states, std::greater(), &CrawlState::begun);
  return states;
}

Result<void> CrawlStates::keep(const CrawlState& state, bool durable) {
  WriteBatch batch;
  const std::string key = state.job.empty() ? key_of(state.seeds) : key_of_job(state.job);
  batch.put(Table::kRun, key, to_value(state));
  return database_.write(std::move(batch), durable);
}

Result<std::string> CrawlStates::traps_of(const CrawlState& state) const {
  auto row = database_.get(Table::kRun, key_of(state.seeds, kTrapsPrefix));
  if (!row) return tl::unexpected(row.error());
  if (!*row || !(*row)->starts_with(state.run)) return std::string();
  return (*row)->substr(state.run.size());
}

Result<void> CrawlStates::keep_traps(const CrawlState& state, std::string_view traps) {
  WriteBatch batch;
  std::string row = state.run;
  row += traps;
  batch.put(Table::kRun, key_of(state.seeds, kTrapsPrefix), row);
  return database_.write(std::move(batch), false);
}

}  // namespace halftone
