#include "store/forget_captures.h"

#include <algorithm>
#include <set>

#include "store/redirect.h"

namespace halftone {

namespace {

constexpr size_t kMostHops = 20;  // as many redirects as are followed

// As long as an interrupted snapshot may be gone on with.
constexpr auto kLongestSnapshot = std::chrono::hours(24);

struct Window {
  Time from{}, to{};
  bool holds(Time time) const { return time >= from && time <= to; }
};

Window window_of(const Article& version) {
  const bool is_known = version.begun_at != Time();
  return {is_known ? version.begun_at : version.captured_at - kLongestSnapshot,
          version.captured_at};
}

std::string without_fragment(const std::string& url) { return url.substr(0, url.find('#')); }

bool was_asked_for(const ArchivedReference& reference) {
  return reference.outcome == Outcome::kArchived || reference.outcome == Outcome::kMissing ||
         reference.outcome == Outcome::kAbsent;
}

}  // namespace

// The URLs that redirects led to from `url` while the version was taken.
Result<std::vector<std::string>> SeenCaptures::hops_from(const std::string& url,
                                                         const Article& version) const {
  const Window window = window_of(version);
  std::vector<std::string> hops, waiting = {url};
  while (!waiting.empty() && hops.size() < kMostHops) {
    const auto seen = captures_.between(waiting.back(), window.from, window.to);
    if (!seen) return tl::unexpected(seen.error());
    waiting.pop_back();
    for (const Capture& capture : *seen) {
      const auto target = redirect_target(capture);
      if (!target) continue;
      std::string hop = target->href_without_fragment();
      if (hop == url || std::find(hops.begin(), hops.end(), hop) != hops.end()) continue;
      waiting.push_back(hop);
      hops.push_back(std::move(hop));
    }
  }
  return hops;
}

// Every URL that the version names, once. Without `all_hops` redirects are followed only from where
// the record tells of one, or of no good answer.
Result<void> SeenCaptures::visit_urls(
    const Article& version, bool all_hops,
    const std::function<Result<void>(const std::string& url)>& visit) const {
  std::map<std::string, bool> urls;  // whether redirects are to be followed
  const std::string own = without_fragment(version.url);
  urls[own] = all_hops || own != without_fragment(version.base);
  for (const ArchivedReference& reference : version.references) {
    if (!was_asked_for(reference) || reference.url.empty()) continue;
    const bool led_on = !reference.final_url.empty() || reference.outcome != Outcome::kArchived;
    urls[without_fragment(reference.url)] |= led_on || all_hops;
    if (!reference.final_url.empty()) urls.try_emplace(without_fragment(reference.final_url));
  }
  std::set<std::string> all;
  for (const auto& [url, led_on] : urls) {
    all.insert(url);
    if (!led_on) continue;
    const auto hops = hops_from(url, version);
    if (!hops) return tl::unexpected(hops.error());
    all.insert(hops->begin(), hops->end());
  }
  for (const std::string& url : all) {
    if (auto visited = visit(url); !visited) return visited;
  }
  return {};
}

Result<void> SeenCaptures::add(const Article& version, size_t owner) {
  const Window window = window_of(version);
  return visit_urls(version, true, [&](const std::string& url) -> Result<void> {
    const auto captures = captures_.between(url, window.from, window.to);
    if (!captures) return tl::unexpected(captures.error());
    for (const Capture& capture : *captures) {
      std::vector<Seen>& seen = seen_[url];
      const auto at = std::lower_bound(seen.begin(), seen.end(), capture.time,
                                       [](const Seen& a, Time time) { return a.time < time; });
      if (at != seen.end() && at->time == capture.time) {
        at->owner = owner;
      } else {
        seen.insert(at, {capture.time, owner});
        ++count_;
      }
    }
    return {};
  });
}

Result<void> SeenCaptures::keep(const Article& version) {
  if (seen_.empty()) return {};
  const Window window = window_of(version);
  return visit_urls(version, false, [&](const std::string& url) -> Result<void> {
    const auto found = seen_.find(url);
    if (found == seen_.end()) return {};
    for (Seen& seen : found->second) seen.kept = seen.kept || window.holds(seen.time);
    return {};
  });
}

void SeenCaptures::sort_by_owner() {
  for (const auto& [url, seen] : seen_) {
    std::set<size_t> owners;
    for (const Seen& one : seen) {
      if (!one.kept) owners.insert(one.owner);
    }
    for (const size_t owner : owners) by_owner_.emplace_back(owner, &url);
  }
  std::sort(by_owner_.begin(), by_owner_.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : *a.second < *b.second;
  });
}

Result<void> SeenCaptures::for_each_of(size_t owner, const Visit& visit) const {
  auto at = std::lower_bound(by_owner_.begin(), by_owner_.end(), owner,
                             [](const auto& entry, size_t wanted) { return entry.first < wanted; });
  for (; at != by_owner_.end() && at->first == owner; ++at) {
    std::vector<Time> times;
    for (const Seen& seen : seen_.find(*at->second)->second) {
      if (!seen.kept && seen.owner == owner) times.push_back(seen.time);
    }
    if (auto visited = visit(*at->second, times); !visited) return visited;
  }
  return {};
}

Result<void> SeenCaptures::for_each(const Visit& visit) const {
  for (const auto& [url, seen] : seen_) {
    std::vector<Time> times;
    for (const Seen& one : seen) {
      if (!one.kept) times.push_back(one.time);
    }
    if (times.empty()) continue;
    if (auto visited = visit(url, times); !visited) return visited;
  }
  return {};
}

}  // namespace halftone
