#include "crawler/leased_hosts.h"

#include <algorithm>
#include <utility>

namespace halftone {

using namespace std::chrono_literals;

namespace {

constexpr auto kLeaseSpan = std::chrono::minutes(10);
constexpr auto kTendEvery = std::chrono::seconds(5);
// Taken of a host at a time.
constexpr size_t kTaken = 32;
constexpr size_t kMostHosts = 512;
// Requests that wait behind those that a host is asked at once, so that its connections never idle.
constexpr size_t kAhead = 4;
// So few moments are remembered of a host, however much of it is put back.
using PutBackStep = std::chrono::duration<int64_t, std::deci>;
constexpr uint8_t kDeepest = Frontier::kRanks - 1;

Time to_time(Manners::Clock::time_point moment) {
  return now() + std::chrono::duration_cast<Time::duration>(moment - Manners::Clock::now());
}

// The frontier gave the host to another; the URL is asked for again by that one.
Result<void> ignoring_stale(Result<void> result) {
  if (!result && result.error().code == ErrorCode::kStale) return {};
  return result;
}

}  // namespace

LeasedHosts::LeasedHosts(Frontier& frontier, Recorder& recorder, const Manners& manners)
    : frontier_(frontier), recorder_(recorder), manners_(manners) {}

Result<std::optional<LeasedHosts::Work>> LeasedHosts::next(bool with_pages) {
  for (size_t tried = 0; tried < turns_.size(); ++tried) {
    const std::string name = turns_.front();
    turns_.splice(turns_.end(), turns_, turns_.begin());
    Held& held = hosts_.at(name);
    const auto silence = manners_.silence(name);
    if (silence && !silence->is_final) {
      if (held.under_way == 0) give_back(name, to_time(silence->until));
      continue;
    }
    auto work = next_of(held, with_pages);
    if (!work && work.error().code == ErrorCode::kStale) {  // as after the machine has slept
      give_back(name, now());
      continue;
    }
    if (!work) return work;
    if (!*work) continue;
    (*work)->given_up = silence.has_value();
    ++under_way_;
    ++held.under_way;
    ++held.fetching;
    return work;
  }
  const auto claimed = claim_another();
  if (!claimed) return tl::unexpected(claimed.error());
  return *claimed ? next(with_pages) : std::optional<Work>();
}

Result<std::optional<LeasedHosts::Work>> LeasedHosts::next_of(Held& held, bool with_pages) {
  if (held.fetching >= manners_.at_once(held.lease.host) + kAhead) return std::optional<Work>();
  auto filled = fill(held, with_pages);
  if (!filled) return tl::unexpected(filled.error());
  const bool has_file = !held.files.empty();
  if (!has_file && (held.pages.empty() || !with_pages)) return std::optional<Work>();
  auto& line = has_file ? held.files : held.pages;
  Work work{.host = held.lease.host, .url = std::move(line.front()), .token = held.lease.token};
  line.pop_front();
  return std::optional<Work>(std::move(work));
}

Result<void> LeasedHosts::fill(Held& held, bool with_pages) {
  const auto take = [&](std::deque<ClaimedUrl>& into, bool& dry, uint8_t last) -> Result<void> {
    auto taken = frontier_.take(held.lease, now(), kLeaseSpan, kTaken, last);
    if (!taken) return tl::unexpected(taken.error());
    dry = taken->size() < kTaken;
    for (ClaimedUrl& url : *taken) {
      (url.rank < kFirstPageRank ? held.files : into).push_back(std::move(url));
    }
    return {};
  };
  if (held.files.empty() && !held.files_dry) {
    if (auto taken = take(held.files, held.files_dry, kFirstPageRank - 1); !taken) return taken;
  }
  if (with_pages && held.files.empty() && held.pages.empty() && !held.pages_dry) {
    return take(held.pages, held.pages_dry, kDeepest);
  }
  return {};
}

Result<bool> LeasedHosts::claim_another() {
  const Time moment = now();
  if (hosts_.size() >= kMostHosts || moment < claim_at_) return false;
  const auto lease = frontier_.claim(moment, kLeaseSpan);
  if (!lease) return tl::unexpected(lease.error());
  if (!*lease) {
    const auto due = frontier_.next_due(moment);
    if (!due) return tl::unexpected(due.error());
    claim_at_ = *due ? std::max(**due, moment + 1ms) : moment + 100ms;
    return false;
  }
  turns_.push_front((*lease)->host);
  Held held{.lease = **lease, .files = {}, .pages = {}, .turn = turns_.begin()};
  hosts_.emplace((*lease)->host, std::move(held));
  return true;
}

LeasedHosts::Held* LeasedHosts::lease_of(const Work& work) {
  const auto held = hosts_.find(work.host);
  const bool is_same = held != hosts_.end() && held->second.lease.token == work.token;
  return is_same ? &held->second : nullptr;
}

void LeasedHosts::fetched(const Work& work) {
  if (Held* held = lease_of(work)) --held->fetching;
}

void LeasedHosts::end(const Work& work, const CrawlResult& result) {
  --under_way_;
  Held* held = lease_of(work);
  if (!held) return;  // who has the host now asks again
  --held->under_way;
  Ended& ended = ended_[work.token];
  ended.lease = held->lease;
  ended.urls.push_back({work.url.number, work.url.rank, work.url.key, encode(result)});
}

void LeasedHosts::write_ended() {
  if (ended_.empty()) return;
  recorder_.then([&frontier = frontier_, ended = std::exchange(ended_, {})]() -> Result<void> {
    for (const auto& [token, of_host] : ended) {
      auto completed = ignoring_stale(frontier.complete(of_host.lease, of_host.urls, now()));
      if (!completed) return completed;
    }
    return {};
  });
}

void LeasedHosts::put_back(const Work& work, const OwedUrl& owed, Time until) {
  --under_way_;
  Held* held = lease_of(work);
  if (!held) return;
  --held->under_way;
  ClaimedUrl url = work.url;
  url.note = encode(owed);
  recorder_.then(
      [&frontier = frontier_, newly = put_back_, lease = held->lease, url = std::move(url), until] {
        auto postponed = ignoring_stale(frontier.postpone(lease, url, until, now()));
        const std::lock_guard lock(newly->mutex);
        newly->newly.emplace_back(lease, until);
        return postponed;
      });
}

// A host that is leased for long would not be asked whether something of it is due.
void LeasedHosts::look_at_put_back() {
  decltype(put_back_->newly) newly;
  {
    const std::lock_guard lock(put_back_->mutex);
    newly.swap(put_back_->newly);
  }
  for (const auto& [lease, until] : newly) {
    const auto held = hosts_.find(lease.host);
    if (held == hosts_.end()) {
      claim_at_ = std::min(claim_at_, until);
    } else {
      held->second.owed_again.insert(std::chrono::ceil<PutBackStep>(until));
    }
  }
}

void LeasedHosts::added(const std::string& host) {
  const auto held = hosts_.find(host);
  if (held == hosts_.end()) {
    claim_at_ = {};
  } else {
    held->second.files_dry = held->second.pages_dry = false;
  }
}

// Behind what has ended: with the lease goes the right to say so.
void LeasedHosts::give_back(const std::string& name, Time next) {
  write_ended();
  const auto held = hosts_.find(name);
  recorder_.then([&frontier = frontier_, lease = held->second.lease, next] {
    return ignoring_stale(frontier.release(lease, next));
  });
  turns_.erase(held->second.turn);
  hosts_.erase(held);
  claim_at_ = std::min(claim_at_, next);
}

Result<void> LeasedHosts::tend() {
  const Time moment = now();
  const bool renew = moment - tended_at_ >= kTendEvery;
  if (renew) tended_at_ = moment;
  look_at_put_back();
  std::vector<std::string> empty;
  for (auto& [name, held] : hosts_) {
    const auto later = held.owed_again.upper_bound(moment);
    if (later != held.owed_again.begin()) {
      held.owed_again.erase(held.owed_again.begin(), later);
      held.files_dry = held.pages_dry = false;
    }
    const bool has_more = !held.files_dry || !held.pages_dry || !held.files.empty() ||
                          !held.pages.empty() || held.under_way > 0;
    if (!has_more) {
      empty.push_back(name);
    } else if (renew) {
      const auto renewed = frontier_.take(held.lease, moment, kLeaseSpan, 0);
      if (!renewed && renewed.error().code != ErrorCode::kStale)
        return tl::unexpected(renewed.error());
    }
  }
  for (const std::string& name : empty) give_back(name, moment);
  return {};
}

}  // namespace halftone
