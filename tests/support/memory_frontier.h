// For tests: a Frontier in memory.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "crawler/frontier.h"

namespace halftone {

class MemoryFrontier : public Frontier {
 public:
  Result<std::vector<UrlState>> add(std::span<const FrontierUrl> urls, Time now) override {
    for (const FrontierUrl& url : urls) {
      if (url.rank >= kRanks || url.key.empty() || url.key.size() + url.note.size() > kMostText ||
          url.host.empty() || url.host.size() > kMostHost) {
        return fail(ErrorCode::kInvalid, "out of bounds");
      }
    }
    const std::lock_guard lock(mutex_);
    std::vector<UrlState> before;
    std::vector<std::pair<std::string, Time>> touched;  // hosts, and when they were due
    for (const FrontierUrl& url : urls) {
      before.push_back(known(url.key));
      if (before.back().step != UrlState::Step::kUnknown) continue;
      Host& host = hosts_[url.host];
      const bool is_touched = std::any_of(touched.begin(), touched.end(),
                                          [&](const auto& one) { return one.first == url.host; });
      if (!is_touched) touched.emplace_back(url.host, host.owes() ? host.due() : kNever);
      if (host.queued.empty()) host.next = std::max(host.next, now);
      const Place place{url.rank, ++numbers_};
      host.queued[place] = url.key;
      urls_[url.key] = {UrlState::Step::kOwed, {}, url.note};
    }
    for (const auto& [name, due] : touched) line_up(hosts_[name], due);
    return before;
  }

  Result<std::optional<Lease>> claim(Time now, std::chrono::milliseconds span) override {
    const std::lock_guard lock(mutex_);
    for (auto& [name, host] : hosts_) {
      if (host.token != 0 && host.until <= now) end_lease(host);
    }
    auto first = hosts_.end();
    for (auto at = hosts_.begin(); at != hosts_.end(); ++at) {
      const Host& host = at->second;
      if (host.token != 0 || !host.owes() || host.due() > now) continue;
      if (first == hosts_.end() ||
          std::pair(host.due(), host.line) < std::pair(first->second.due(), first->second.line)) {
        first = at;
      }
    }
    if (first == hosts_.end()) return std::nullopt;
    first->second.token = ++numbers_;
    first->second.until = now + span;
    return Lease{first->first, first->second.token, first->second.until};
  }

  Result<std::vector<ClaimedUrl>> take(Lease& lease, Time now, std::chrono::milliseconds span,
                                       size_t most, uint8_t last_rank) override {
    const std::lock_guard lock(mutex_);
    Host* host = holder(lease, now);
    if (!host) return stale();
    const Time due = host->owes() ? host->due() : kNever;
    for (auto at = host->postponed.begin(); at != host->postponed.end();) {
      const auto& [place, waiting] = *at;
      if (place.first > last_rank || waiting.until > now) {
        ++at;
        continue;
      }
      if (host->queued.empty()) host->next = due;
      host->queued[place] = waiting.key;
      at = host->postponed.erase(at);
    }
    std::vector<ClaimedUrl> taken;
    for (const auto& [place, key] : host->queued) {
      if (place.first > last_rank || taken.size() >= most) break;
      if (!host->handed_out.insert(place).second) continue;
      taken.push_back({place.second, key, place.first, urls_[key].note});
    }
    host->until = lease.until = now + span;
    return taken;
  }

  Result<void> complete(const Lease& lease, std::span<const Completion> done, Time now) override {
    const std::lock_guard lock(mutex_);
    Host* host = holder(lease, now);
    if (!host) return stale();
    std::set<Place> places;
    for (const Completion& one : done) {
      if (!was_handed_out(*host, {one.rank, one.number}, one.key) ||
          !places.insert({one.rank, one.number}).second ||
          one.key.size() + one.result.size() > kMostText) {
        return fail(ErrorCode::kInvalid, "not handed out");
      }
    }
    const Time due = host->owes() ? host->due() : kNever;
    for (const Completion& one : done) {
      host->handed_out.erase({one.rank, one.number});
      host->queued.erase({one.rank, one.number});
      urls_[one.key] = {UrlState::Step::kDone, one.result, {}};
    }
    line_up(*host, due);
    return {};
  }

  Result<void> postpone(const Lease& lease, const ClaimedUrl& url, Time until, Time now) override {
    const std::lock_guard lock(mutex_);
    Host* host = holder(lease, now);
    if (!host) return stale();
    const Place place{url.rank, url.number};
    if (!was_handed_out(*host, place, url.key) || url.key.size() + url.note.size() > kMostText) {
      return fail(ErrorCode::kInvalid, "not handed out");
    }
    const Time due = host->due();
    host->handed_out.erase(place);
    host->queued.erase(place);
    host->postponed[place] = {until, url.key};
    urls_[url.key].note = url.note;
    line_up(*host, due);
    return {};
  }

  Result<void> release(const Lease& lease, Time next) override {
    const std::lock_guard lock(mutex_);
    Host* host = leased(lease);
    if (!host) return stale();
    host->next = next;
    host->line = ++numbers_;
    end_lease(*host);
    return {};
  }

  Result<UrlState> find(std::string_view key) const override {
    const std::lock_guard lock(mutex_);
    return known(std::string(key));
  }

  Result<std::optional<Time>> next_due(Time now) const override {
    const std::lock_guard lock(mutex_);
    std::optional<Time> due;
    for (const auto& [name, host] : hosts_) {
      const bool is_free = host.token == 0 || host.until <= now;
      if (is_free && host.owes()) due = std::min(due.value_or(kNever), host.due());
    }
    return due;
  }

  Result<FrontierCounts> counts() const override {
    const std::lock_guard lock(mutex_);
    FrontierCounts counts;
    for (const auto& [key, state] : urls_) {
      ++(state.step == UrlState::Step::kDone ? counts.done : counts.owed);
    }
    for (const auto& [name, host] : hosts_) counts.hosts += host.owes() ? 1 : 0;
    return counts;
  }

  // As if it were opened again: no leases.
  void reopen() {
    const std::lock_guard lock(mutex_);
    for (auto& [name, host] : hosts_) end_lease(host);
  }

 private:
  static constexpr Time kNever = Time::max();
  using Place = std::pair<uint8_t, uint64_t>;  // rank and number

  struct Postponed {
    Time until;
    std::string key;
  };

  struct Host {
    std::map<Place, std::string> queued;  // keys; those handed out among them
    std::map<Place, Postponed> postponed;
    std::set<Place> handed_out;
    Time next = Time::min();
    uint64_t line = 0;
    uint64_t token = 0;  // of its lease; 0: none
    Time until{};

    bool owes() const { return !queued.empty() || !postponed.empty(); }
    Time due() const {
      if (!queued.empty()) return next;
      Time earliest = kNever;
      for (const auto& [place, waiting] : postponed) earliest = std::min(earliest, waiting.until);
      return std::max(next, earliest);
    }
  };

  static tl::unexpected<Error> stale() { return fail(ErrorCode::kStale, "no such lease"); }

  static bool was_handed_out(const Host& host, const Place& place, const std::string& key) {
    return host.handed_out.contains(place) && host.queued.at(place) == key;
  }

  // A host comes into line anew where it may be asked at another time than before.
  void line_up(Host& host, Time due_before) {
    if (host.owes() && host.due() != due_before) host.line = ++numbers_;
  }

  static void end_lease(Host& host) {
    host.token = 0;
    host.handed_out.clear();
  }

  Host* leased(const Lease& lease) {
    const auto found = hosts_.find(lease.host);
    if (found == hosts_.end() || lease.token == 0) return nullptr;
    return found->second.token == lease.token ? &found->second : nullptr;
  }
  Host* holder(const Lease& lease, Time now) {
    Host* host = leased(lease);
    return host && now < host->until ? host : nullptr;
  }

  UrlState known(const std::string& key) const {
    const auto found = urls_.find(key);
    return found == urls_.end() ? UrlState{} : found->second;
  }

  mutable std::mutex mutex_;
  uint64_t numbers_ = 0;
  std::map<std::string, Host> hosts_;
  std::map<std::string, UrlState> urls_;
};

}  // namespace halftone
