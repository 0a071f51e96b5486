#include "crawler/stored_frontier.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "crawler/due_hosts.h"
#include "crawler/leased_host.h"
#include "store/byte_order.h"

namespace halftone {

namespace {

using frontier_rows::Due;
using frontier_rows::fingerprint;
using frontier_rows::Fingerprint;
using frontier_rows::Host;
using frontier_rows::Keys;
using frontier_rows::Known;
using frontier_rows::Owed;
using frontier_rows::Place;
using frontier_rows::Totals;
using std::chrono::milliseconds;

static_assert(Frontier::kRanks == frontier_rows::kRanks);

constexpr uint64_t kReserved = 65'536;  // numbers that are given without a word to the database
constexpr size_t kMostRecent = 2048;    // hosts
constexpr size_t kMostReturned = 1024;  // of a rank, at once
constexpr size_t kMostMoved = size_t{4} << 20;  // bytes in one batch

size_t hash_of(std::string_view key) { return std::hash<std::string_view>{}(key); }

// A host as one call changes it.
struct Change {
  uint64_t number = 0;
  Host row;
  std::optional<Due> before;  // where it stands in line
};

Change change_of(uint64_t number, const Host& row) {
  Change change{number, row, std::nullopt};
  if (row.owed() > 0) change.before = row.due();
  return change;
}

Result<UrlState> state_of(const Database& database, const Keys& keys, const Fingerprint& of_key) {
  const auto value = database.get(Table::kRun, keys.url(of_key));
  if (!value) return tl::unexpected(value.error());
  if (!*value) return UrlState{};
  const auto known = Known::read(**value);
  if (!known) return tl::unexpected(keys.damaged("the row of a URL"));
  if (!known->place) return UrlState{UrlState::Step::kDone, std::string(known->result), {}};
  const auto row = database.get(Table::kRun, keys.place(*known->place));
  if (!row) return tl::unexpected(row.error());
  const auto owed = *row ? Owed::read(**row) : std::nullopt;
  if (!owed) return tl::unexpected(keys.damaged("a URL is not at its place"));
  return UrlState{UrlState::Step::kOwed, {}, std::string(owed->note)};
}

// False where the row is damaged.
bool append(const Place& place, std::string_view row, std::vector<ClaimedUrl>& urls) {
  const auto owed = Owed::read(row);
  if (!owed) return false;
  urls.push_back({place.number, std::string(owed->key), place.rank, std::string(owed->note)});
  return true;
}

class Stored final : public StoredFrontier {
 public:
  Stored(Database& database, Keys keys, const Totals& totals)
      : database_(database),
        keys_(std::move(keys)),
        totals_(totals),
        next_number_(totals.next),
        in_line_(database_, keys_) {}

  Result<std::vector<UrlState>> add(std::span<const FrontierUrl> urls, Time now) override;
  Result<std::optional<Lease>> claim(Time now, milliseconds span) override;
  Result<std::vector<ClaimedUrl>> take(Lease& lease, Time now, milliseconds span, size_t most,
                                       uint8_t last_rank) override;
  Result<void> complete(const Lease& lease, std::span<const Completion> done, Time now) override;
  Result<void> postpone(const Lease& lease, const ClaimedUrl& url, Time until, Time now) override;
  Result<void> release(const Lease& lease, Time next) override;
  Result<UrlState> find(std::string_view key) const override;
  Result<std::optional<Time>> next_due(Time now) const override;
  Result<FrontierCounts> counts() const override;

 private:
  struct Addition;

  Result<UrlState> add_one(const FrontierUrl& url, Time now, Addition& addition);
  Result<Change*> host_for(const std::string& name, Addition& addition);
  Result<std::optional<uint64_t>> number_of(const std::string& name) const;
  Result<Host> read_host(uint64_t number) const;
  void remember(uint64_t number, Host row);

  Result<LeasedHost*> holder(const Lease& lease, Time now);
  void end_lease(uint64_t token);
  void end_late_leases(Time now);
  bool is_leased(uint64_t host) const { return leased_.contains(host); }

  Result<void> bring_back(LeasedHost& host, Time now, uint8_t last_rank);
  Result<void> bring_back_rank(LeasedHost& host, Change& change, uint8_t rank, Time now);
  void move_back(Place place, const Owed& owed, WriteBatch& batch) const;
  Result<void> collect(const LeasedHost& host, uint8_t rank, size_t most,
                       std::vector<ClaimedUrl>& urls) const;
  Result<bool> collect_one(const LeasedHost& host, uint8_t rank, uint64_t number,
                           std::vector<ClaimedUrl>& urls) const;
  Result<void> check_handed_out(const LeasedHost& host, std::span<const Completion> done) const;

  uint64_t give_number() { return next_number_++; }
  void put_host(WriteBatch& batch, Change& change);
  void put_in_line_again(WriteBatch& batch, Change& change);
  Result<void> write(WriteBatch batch, Totals totals);

  Database& database_;
  const Keys keys_;

  mutable std::mutex mutex_;  // of all below
  Totals totals_;             // as stored
  uint64_t next_number_;      // for URLs, hosts, places in line, tokens
  mutable DueHosts in_line_;
  // Of the hosts that were written last: rows of those not leased, and numbers.
  std::unordered_map<uint64_t, Host> recent_;
  std::unordered_map<std::string, uint64_t> recent_names_;
  std::map<uint64_t, LeasedHost> leases_;           // by token
  std::unordered_map<uint64_t, uint64_t> leased_;   // token, by host
  std::set<std::pair<Time, uint64_t>> lease_ends_;  // until, token
};

// One call of add(), until it is written.
struct Stored::Addition {
  WriteBatch batch;
  Totals totals;
  std::deque<Change> hosts;  // as they come
  std::unordered_map<std::string_view, Change*> by_name;
};

Result<void> check_url(const FrontierUrl& url) {
  const char* wrong = nullptr;
  if (url.rank >= Frontier::kRanks) wrong = "its rank is out of bounds";
  if (url.key.empty()) wrong = "it is empty";
  if (url.key.size() + url.note.size() > Frontier::kMostText) wrong = "it is too long";
  if (url.host.empty() || url.host.size() > Frontier::kMostHost) {
    wrong = "its host's name is empty or too long";
  }
  if (!wrong) return {};
  return fail(ErrorCode::kInvalid, "the URL {} cannot be kept: {}", url.key.substr(0, 200), wrong);
}

Result<Host> Stored::read_host(uint64_t number) const {
  if (const auto known = recent_.find(number); known != recent_.end()) return known->second;
  const auto value = database_.get(Table::kRun, keys_.host(number));
  if (!value) return tl::unexpected(value.error());
  auto host = *value ? Host::read(**value) : std::nullopt;
  if (!host) return tl::unexpected(keys_.damaged("the row of a host"));
  return *std::move(host);
}

// As it is stored by now, of a host that is not leased.
void Stored::remember(uint64_t number, Host row) {
  if (recent_names_.size() >= kMostRecent) {
    recent_.clear();
    recent_names_.clear();
  }
  recent_names_.insert_or_assign(row.name, number);
  recent_.insert_or_assign(number, std::move(row));
}

// Nothing where there is no such host.
Result<std::optional<uint64_t>> Stored::number_of(const std::string& name) const {
  if (const auto known = recent_names_.find(name); known != recent_names_.end()) {
    return known->second;
  }
  const auto value = database_.get(Table::kRun, keys_.name(fingerprint(name)));
  if (!value) return tl::unexpected(value.error());
  if (!*value) return std::nullopt;
  const auto number = read_be64(**value);
  return number ? number
                : Result<std::optional<uint64_t>>(
                      tl::unexpected(keys_.damaged("the number of a host")));
}

Result<Change*> Stored::host_for(const std::string& name, Addition& addition) {
  Change*& change = addition.by_name[name];
  if (change) return change;
  const auto number = number_of(name);
  if (!number) return tl::unexpected(number.error());
  if (!*number) {
    Change fresh{give_number(), {}, std::nullopt};
    fresh.row.name = name;
    fresh.row.next = Time::min();
    addition.batch.put(Table::kRun, keys_.name(fingerprint(name)), be64(fresh.number));
    return change = &addition.hosts.emplace_back(std::move(fresh));
  }
  const auto leased = leased_.find(**number);
  const auto row =
      leased == leased_.end() ? read_host(**number) : Result<Host>(leases_.at(leased->second).row);
  if (!row) return tl::unexpected(row.error());
  return change = &addition.hosts.emplace_back(change_of(**number, *row));
}

Result<UrlState> Stored::add_one(const FrontierUrl& url, Time now, Addition& addition) {
  const Fingerprint of_key = fingerprint(url.key);
  auto known = state_of(database_, keys_, of_key);
  if (!known || known->step != UrlState::Step::kUnknown) return known;
  const auto change = host_for(url.host, addition);
  if (!change) return tl::unexpected(change.error());
  Host& host = (*change)->row;
  if (host.queued() == 0) host.next = std::max(host.next, now);
  const Place place{(*change)->number, url.rank, give_number(), std::nullopt};
  Host::Rank& rank = host.ranks[url.rank];
  if (rank.queued++ == 0) rank.first = place.number;
  ++addition.totals.owed;
  addition.batch.put(Table::kRun, keys_.url(of_key), Known{place, {}, {}}.write());
  addition.batch.put(Table::kRun, keys_.place(place), Owed{url.key, url.note}.write());
  return known;
}

Result<std::vector<UrlState>> Stored::add(std::span<const FrontierUrl> urls, Time now) {
  for (const FrontierUrl& url : urls) {
    if (auto checked = check_url(url); !checked) return tl::unexpected(checked.error());
  }
  const std::lock_guard lock(mutex_);
  Addition addition;
  addition.totals = totals_;
  std::unordered_map<std::string_view, const FrontierUrl*> seen;
  std::vector<UrlState> states;
  states.reserve(urls.size());
  for (const FrontierUrl& url : urls) {
    const auto [first, is_first] = seen.try_emplace(url.key, &url);
    if (!is_first) {
      const UrlState& state = states[static_cast<size_t>(first->second - urls.data())];
      const bool is_fresh = state.step == UrlState::Step::kUnknown;
      states.push_back(is_fresh ? UrlState{UrlState::Step::kOwed, {}, first->second->note} : state);
      continue;
    }
    auto state = add_one(url, now, addition);
    if (!state) return tl::unexpected(state.error());
    states.push_back(*std::move(state));
  }
  if (addition.hosts.empty()) return states;
  for (Change& change : addition.hosts) {
    if (!change.before) ++addition.totals.hosts;
    put_host(addition.batch, change);
  }
  auto written = write(std::move(addition.batch), addition.totals);
  if (!written) return tl::unexpected(written.error());
  for (Change& change : addition.hosts) {
    if (const auto leased = leased_.find(change.number); leased != leased_.end()) {
      LeasedHost& host = leases_.at(leased->second);
      for (size_t i = 0; i < kRanks; ++i) {
        const bool is_begun = host.row.ranks[i].queued == 0 && change.row.ranks[i].queued > 0;
        if (is_begun) host.ranks[i].next = change.row.ranks[i].first;
      }
      host.row = std::move(change.row);
      continue;
    }
    if (change.before) in_line_.leave(*change.before);
    in_line_.enter(change.row.due(), change.number);
    remember(change.number, std::move(change.row));
  }
  return states;
}

Result<std::optional<Lease>> Stored::claim(Time now, milliseconds span) {
  const std::lock_guard lock(mutex_);
  end_late_leases(now);
  const auto first = in_line_.first([&](uint64_t host) { return is_leased(host); });
  if (!first) return tl::unexpected(first.error());
  if (!*first || (*first)->due.time > now) return std::nullopt;
  const uint64_t number = (*first)->host;
  auto row = read_host(number);
  if (!row) return tl::unexpected(row.error());
  if (row->owed() == 0 || row->due() != (*first)->due) {
    return tl::unexpected(keys_.damaged("a host is not where it stands in line"));
  }
  const uint64_t token = give_number();
  if (next_number_ > totals_.next) {
    if (auto written = write(WriteBatch(), totals_); !written) {
      return tl::unexpected(written.error());
    }
  }
  in_line_.leave((*first)->due);
  recent_.erase(number);
  Lease lease{row->name, token, now + span};
  leases_.try_emplace(token, number, *std::move(row), lease.until);
  leased_.emplace(number, token);
  lease_ends_.emplace(lease.until, token);
  return lease;
}

Result<LeasedHost*> Stored::holder(const Lease& lease, Time now) {
  const auto found = leases_.find(lease.token);
  if (found != leases_.end() && now < found->second.until) return &found->second;
  return fail(ErrorCode::kStale, "the lease of {} has expired", lease.host.substr(0, 200));
}

void Stored::end_lease(uint64_t token) {
  const auto found = leases_.find(token);
  LeasedHost& host = found->second;
  if (host.row.owed() > 0) in_line_.enter(host.row.due(), host.number);
  remember(host.number, std::move(host.row));
  lease_ends_.erase({host.until, token});
  leased_.erase(host.number);
  leases_.erase(found);
}

void Stored::end_late_leases(Time now) {
  while (!lease_ends_.empty() && lease_ends_.begin()->first <= now) {
    end_lease(lease_ends_.begin()->second);
  }
}

void Stored::move_back(Place place, const Owed& owed, WriteBatch& batch) const {
  batch.remove(Table::kRun, keys_.place(place));
  place.until.reset();
  batch.put(Table::kRun, keys_.place(place), owed.write());
  batch.put(Table::kRun, keys_.url(fingerprint(owed.key)), Known{place, {}, {}}.write());
}

// Puts postponed ones that are due back to the queue.
Result<void> Stored::bring_back_rank(LeasedHost& host, Change& change, uint8_t rank, Time now) {
  Host::Rank& row = change.row.ranks[rank];
  LeasedHost::Rank& leased = host.ranks[rank];
  if (row.postponed == 0 || row.earliest > now) return {};
  WriteBatch batch;
  std::vector<uint64_t> moved;
  size_t bytes = 0;
  bool is_sound = true;
  if (change.row.queued() == 0) change.row.next = change.row.due().time;
  const std::string from = keys_.place({host.number, rank, 0, row.earliest});
  const std::string to = keys_.rank(host.number, rank + 1, true);
  const auto scanned = database_.scan_range(Table::kRun, from, to, [&](auto key, auto value) {
    const auto place = frontier_rows::read_place(key, keys_);
    const auto owed = Owed::read(value);
    is_sound = place && owed;
    if (!is_sound) return false;
    row.earliest = *place->until;
    if (*place->until > now || moved.size() + leased.returned.size() >= kMostReturned ||
        bytes > kMostMoved) {
      return false;
    }
    move_back(*place, *owed, batch);
    moved.push_back(place->number);
    bytes += value.size();
    return true;
  });
  if (!scanned) return scanned;
  if (!is_sound || moved.size() > row.postponed) {
    return tl::unexpected(keys_.damaged("a postponed URL"));
  }
  if (moved.empty()) return {};
  const uint64_t first = *std::min_element(moved.begin(), moved.end());
  row.first = row.queued == 0 ? first : std::min(row.first, first);
  row.queued += moved.size();
  row.postponed -= moved.size();
  put_host(batch, change);
  if (auto written = write(std::move(batch), totals_); !written) return written;
  host.row = change.row;
  for (const uint64_t number : moved) {
    if (number < leased.next) leased.returned.insert(number);
  }
  return {};
}

Result<void> Stored::bring_back(LeasedHost& host, Time now, uint8_t last_rank) {
  for (uint8_t rank = 0; rank <= last_rank; ++rank) {
    Change change = change_of(host.number, host.row);
    if (auto done = bring_back_rank(host, change, rank, now); !done) return done;
  }
  return {};
}

// Appends those of a rank that may be handed out, up to `most` in all.
Result<void> Stored::collect(const LeasedHost& host, uint8_t rank, size_t most,
                             std::vector<ClaimedUrl>& urls) const {
  const LeasedHost::Rank& leased = host.ranks[rank];
  for (const uint64_t number : leased.returned) {
    if (urls.size() >= most) return {};
    const auto found = collect_one(host, rank, number, urls);
    if (!found) return tl::unexpected(found.error());
    if (!*found) return tl::unexpected(keys_.damaged("a URL is not at its place"));
  }
  const uint64_t left =
      host.row.ranks[rank].queued - leased.handed_out.size() - leased.returned.size();
  if (left == 0 || urls.size() >= most) return {};
  if (left == 1) {  // most hosts have one, and it is the first that there may be
    const auto found = collect_one(host, rank, leased.next, urls);
    if (!found) return tl::unexpected(found.error());
    if (*found) return {};
  }
  bool is_sound = true;
  const auto scanned =
      database_.scan_range(Table::kRun, keys_.place({host.number, rank, leased.next, std::nullopt}),
                           keys_.rank(host.number, rank + 1, false), [&](auto key, auto value) {
                             const auto place = frontier_rows::read_place(key, keys_);
                             is_sound = place && append(*place, value, urls);
                             return is_sound && urls.size() < most;
                           });
  if (!scanned) return scanned;
  return is_sound ? Result<void>() : tl::unexpected(keys_.damaged("a URL that is owed"));
}

// False where it is not there.
Result<bool> Stored::collect_one(const LeasedHost& host, uint8_t rank, uint64_t number,
                                 std::vector<ClaimedUrl>& urls) const {
  const Place place{host.number, rank, number, std::nullopt};
  const auto value = database_.get(Table::kRun, keys_.place(place));
  if (!value) return tl::unexpected(value.error());
  if (!*value) return false;
  if (append(place, **value, urls)) return true;
  return tl::unexpected(keys_.damaged("a URL that is owed"));
}

Result<std::vector<ClaimedUrl>> Stored::take(Lease& lease, Time now, milliseconds span, size_t most,
                                             uint8_t last_rank) {
  const std::lock_guard lock(mutex_);
  const auto held = holder(lease, now);
  if (!held) return tl::unexpected(held.error());
  LeasedHost& host = **held;
  last_rank = std::min<uint8_t>(last_rank, kRanks - 1);
  if (auto back = bring_back(host, now, last_rank); !back) return tl::unexpected(back.error());
  std::vector<ClaimedUrl> urls;
  for (uint8_t rank = 0; rank <= last_rank && urls.size() < most; ++rank) {
    if (auto done = collect(host, rank, most, urls); !done) return tl::unexpected(done.error());
  }
  for (const ClaimedUrl& url : urls) {
    LeasedHost::Rank& rank = host.ranks[url.rank];
    rank.returned.erase(url.number);
    rank.next = std::max(rank.next, url.number + 1);
    rank.handed_out.emplace(url.number, hash_of(url.key));
  }
  lease_ends_.erase({host.until, lease.token});
  host.until = lease.until = now + span;
  lease_ends_.emplace(host.until, lease.token);
  return urls;
}

bool was_handed_out(const LeasedHost& host, const Frontier::Completion& one) {
  if (one.rank >= Frontier::kRanks) return false;
  const auto& handed_out = host.ranks[one.rank].handed_out;
  const auto found = handed_out.find(one.number);
  return found != handed_out.end() && found->second == hash_of(one.key);
}

Result<void> Stored::check_handed_out(const LeasedHost& host,
                                      std::span<const Completion> done) const {
  std::unordered_set<uint64_t> numbers;
  for (const Completion& one : done) {
    if (one.key.size() + one.result.size() > kMostText) {
      return fail(ErrorCode::kInvalid, "the result of {} is too long", one.key.substr(0, 200));
    }
    if (!was_handed_out(host, one) || !numbers.insert(one.number).second) {
      return fail(ErrorCode::kInvalid, "the URL {} was not handed out under this lease",
                  one.key.substr(0, 200));
    }
  }
  return {};
}

Result<void> Stored::complete(const Lease& lease, std::span<const Completion> done, Time now) {
  const std::lock_guard lock(mutex_);
  const auto held = holder(lease, now);
  if (!held) return tl::unexpected(held.error());
  LeasedHost& host = **held;
  if (auto checked = check_handed_out(host, done); !checked || done.empty()) return checked;
  Change change = change_of(host.number, host.row);
  Totals totals = totals_;
  WriteBatch batch;
  for (const Completion& one : done) {
    batch.remove(Table::kRun, keys_.place({host.number, one.rank, one.number, std::nullopt}));
    batch.put(Table::kRun, keys_.url(fingerprint(one.key)),
              Known{std::nullopt, one.key, one.result}.write());
    LeasedHost::Rank& rank = host.ranks[one.rank];
    rank.handed_out.erase(one.number);
    --change.row.ranks[one.rank].queued;
    change.row.ranks[one.rank].first = rank.first();
  }
  totals.owed -= done.size();
  totals.done += done.size();
  if (change.row.owed() == 0) --totals.hosts;
  put_host(batch, change);
  if (auto written = write(std::move(batch), totals); !written) return written;
  host.row = std::move(change.row);
  return {};
}

Result<void> Stored::postpone(const Lease& lease, const ClaimedUrl& url, Time until, Time now) {
  const std::lock_guard lock(mutex_);
  const auto held = holder(lease, now);
  if (!held) return tl::unexpected(held.error());
  LeasedHost& host = **held;
  const Completion named{url.number, url.rank, url.key, url.note};
  if (auto checked = check_handed_out(host, {&named, 1}); !checked) return checked;
  Change change = change_of(host.number, host.row);
  Place place{host.number, url.rank, url.number, std::nullopt};
  WriteBatch batch;
  batch.remove(Table::kRun, keys_.place(place));
  place.until = until;
  batch.put(Table::kRun, keys_.place(place), Owed{url.key, url.note}.write());
  batch.put(Table::kRun, keys_.url(fingerprint(url.key)), Known{place, {}, {}}.write());
  LeasedHost::Rank& rank = host.ranks[url.rank];
  rank.handed_out.erase(url.number);
  Host::Rank& row = change.row.ranks[url.rank];
  row.earliest = row.postponed == 0 ? until : std::min(row.earliest, until);
  ++row.postponed;
  --row.queued;
  row.first = rank.first();
  put_host(batch, change);
  if (auto written = write(std::move(batch), totals_); !written) return written;
  host.row = std::move(change.row);
  return {};
}

Result<void> Stored::release(const Lease& lease, Time next) {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(lease.token);
  if (found == leases_.end()) {
    return fail(ErrorCode::kStale, "the lease of {} has ended", lease.host.substr(0, 200));
  }
  Change change = change_of(found->second.number, found->second.row);
  change.row.next = next;
  WriteBatch batch;
  put_in_line_again(batch, change);
  if (auto written = write(std::move(batch), totals_); !written) return written;
  found->second.row = std::move(change.row);
  end_lease(lease.token);
  return {};
}

// The row of the host; and its place in line, a new one where it may be asked at another time.
void Stored::put_host(WriteBatch& batch, Change& change) {
  const bool is_owing = change.row.owed() > 0;
  if (change.before && is_owing && change.before->time == change.row.due().time) {
    batch.put(Table::kRun, keys_.host(change.number), change.row.write());
    return;
  }
  put_in_line_again(batch, change);
}

void Stored::put_in_line_again(WriteBatch& batch, Change& change) {
  if (change.before) batch.remove(Table::kRun, keys_.due(*change.before));
  change.row.line = 0;
  if (change.row.owed() > 0) {
    change.row.line = give_number();
    batch.put(Table::kRun, keys_.due(change.row.due()), be64(change.number));
  }
  batch.put(Table::kRun, keys_.host(change.number), change.row.write());
}

Result<void> Stored::write(WriteBatch batch, Totals totals) {
  if (next_number_ > totals.next) totals.next = next_number_ + kReserved;
  if (totals != totals_) batch.put(Table::kRun, keys_.totals(), totals.write());
  if (auto written = database_.write(std::move(batch), false); !written) return written;
  totals_ = totals;
  return {};
}

Result<UrlState> Stored::find(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  return state_of(database_, keys_, fingerprint(key));
}

Result<std::optional<Time>> Stored::next_due(Time now) const {
  const std::lock_guard lock(mutex_);
  const auto first = in_line_.first([&](uint64_t host) { return is_leased(host); });
  if (!first) return tl::unexpected(first.error());
  std::optional<Time> due;
  if (*first) due = (*first)->due.time;
  for (auto end = lease_ends_.begin(); end != lease_ends_.end() && end->first <= now; ++end) {
    const Host& row = leases_.at(end->second).row;
    if (row.owed() > 0) due = std::min(due.value_or(Time::max()), row.due().time);
  }
  return due;
}

Result<FrontierCounts> Stored::counts() const {
  const std::lock_guard lock(mutex_);
  return FrontierCounts{totals_.owed, totals_.done, totals_.hosts};
}

Result<Totals> read_totals(Database& database, const Keys& keys, std::string_view run) {
  const auto value = database.get(Table::kRun, keys.totals());
  if (!value) return tl::unexpected(value.error());
  if (*value) {
    const auto totals = Totals::read(**value);
    return totals ? *totals : Result<Totals>(tl::unexpected(keys.damaged("its counts")));
  }
  bool has_leftovers = false;
  auto done = database.scan(Table::kRun, keys.prefix(), [&](auto, auto) {
    has_leftovers = true;
    return false;
  });
  if (done && has_leftovers) done = remove_frontier(database, run);
  if (!done) return tl::unexpected(done.error());
  return Totals{};
}

}  // namespace

Result<std::unique_ptr<Frontier>> StoredFrontier::open(Database& database, std::string_view run) {
  auto keys = Keys::of_run(run);
  if (!keys) return tl::unexpected(keys.error());
  const auto totals = read_totals(database, *keys, run);
  if (!totals) return tl::unexpected(totals.error());
  return std::make_unique<Stored>(database, *std::move(keys), *totals);
}

Result<UrlState> find_in_frontier(const Database& database, std::string_view run,
                                  std::string_view key) {
  const auto keys = Keys::of_run(run);
  if (!keys) return tl::unexpected(keys.error());
  return state_of(database, *keys, fingerprint(key));
}

Result<void> for_each_done(
    const Database& database, std::string_view run,
    const std::function<bool(std::string_view key, std::string_view result)>& visit) {
  const auto keys = Keys::of_run(run);
  if (!keys) return tl::unexpected(keys.error());
  bool is_sound = true;
  auto scanned = database.scan(Table::kRun, keys->urls(), [&](auto, auto value) {
    const auto known = Known::read(value);
    is_sound = known.has_value();
    return known && (known->place || visit(known->key, known->result));
  });
  if (scanned && !is_sound) return tl::unexpected(keys->damaged("the row of a URL"));
  return scanned;
}

}  // namespace halftone
