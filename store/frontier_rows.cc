#include "store/frontier_rows.h"

#include <algorithm>
#include <limits>

#include "store/byte_order.h"
#include "store/digest.h"

namespace halftone {

namespace frontier_rows {

namespace {

constexpr size_t kLongestRun = 32;

// The letter behind a run says what a row is.
constexpr char kTotals = 't', kUrl = 'u', kName = 'n', kHost = 'h', kDue = 'd', kQueued = 'q',
               kPostponed = 'p';

constexpr uint64_t kSign = uint64_t{1} << 63;  // so that times before 1970 sort first

std::string be_time(Time time) {
  return be64(static_cast<uint64_t>(time.time_since_epoch().count()) ^ kSign);
}

// Reads a value from its beginning. What is not there makes it fail for good.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(size_t size) {
    if (size > rest_.size()) failed_ = true;
    const std::string_view taken = rest_.substr(0, failed_ ? 0 : size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  uint64_t number() { return read_be64(take(8)).value_or(0); }
  Time time() { return Time(Time::duration(static_cast<int64_t>(number() ^ kSign))); }
  uint8_t byte() {
    const std::string_view taken = take(1);
    return taken.empty() ? 0 : static_cast<uint8_t>(taken[0]);
  }
  std::string_view rest() { return take(rest_.size()); }

  bool failed() const { return failed_; }
  bool ended() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

std::string write_pair(std::string_view key, std::string_view rest) {
  std::string value = be64(key.size());
  value.reserve(value.size() + key.size() + rest.size());
  return value.append(key).append(rest);
}

bool is_run(std::string_view run) {
  return !run.empty() && run.size() <= kLongestRun &&
         run.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The letter of a row and all behind it; empty where there is none.
std::string_view tail_of(std::string_view key) {
  const std::string_view run = run_of(key);
  return run.empty() ? run : key.substr(kPrefix.size() + run.size() + 1);
}

std::optional<Place> read_place_tail(std::string_view tail) {
  Reader reader(tail);
  const auto letter = static_cast<char>(reader.byte());
  Place place;
  place.host = reader.number();
  place.rank = reader.byte();
  if (letter == kPostponed) place.until = reader.time();
  place.number = reader.number();
  const bool is_place = letter == kQueued || letter == kPostponed;
  if (!is_place || !reader.ended() || place.rank >= kRanks) return std::nullopt;
  return place;
}

std::optional<Due> read_due_tail(std::string_view tail) {
  Reader reader(tail);
  const auto letter = static_cast<char>(reader.byte());
  Due due;
  due.time = reader.time();
  due.line = reader.number();
  if (letter != kDue || !reader.ended()) return std::nullopt;
  return due;
}

bool is_sound(std::string_view tail, std::string_view value) {
  switch (tail.empty() ? '\0' : tail[0]) {
    case kTotals:
      return tail.size() == 1 && Totals::read(value);
    case kUrl: {
      const auto known = Known::read(value);
      if (!known || tail.size() != 1 + sizeof(Fingerprint::bytes)) return false;
      return known->place || fingerprint(known->key).view() == tail.substr(1);
    }
    case kName:
      return tail.size() == 1 + sizeof(Fingerprint::bytes) && value.size() == 8;
    case kHost:
      return tail.size() == 1 + 8 && Host::read(value);
    case kDue:
      return read_due_tail(tail) && value.size() == 8;
    default:
      return read_place_tail(tail) && Owed::read(value);
  }
}

}  // namespace

Fingerprint fingerprint(std::string_view bytes) {
  const Digest digest = sha256(bytes);
  Fingerprint made;
  std::copy_n(digest.view().begin(), made.bytes.size(), made.bytes.begin());
  return made;
}

Result<Keys> Keys::of_run(std::string_view run) {
  if (is_run(run)) return Keys(fmt::format("{}{} ", kPrefix, run));
  return fail(ErrorCode::kInvalid, "\"{}\" is not the name of a run", run.substr(0, 100));
}

std::string Keys::totals() const { return prefix_ + kTotals; }
std::string Keys::url(const Fingerprint& of_key) const { return urls().append(of_key.view()); }
std::string Keys::name(const Fingerprint& of_host) const {
  return (prefix_ + kName).append(of_host.view());
}
std::string Keys::host(uint64_t host) const { return (prefix_ + kHost).append(be64(host)); }
std::string Keys::due(const Due& due) const {
  return (prefix_ + kDue).append(be_time(due.time)).append(be64(due.line));
}
std::string Keys::place(const Place& place) const {
  std::string key = rank(place.host, place.rank, place.until.has_value());
  if (place.until) key += be_time(*place.until);
  return key.append(be64(place.number));
}

std::string Keys::urls() const { return prefix_ + kUrl; }
std::string Keys::rank(uint64_t host, uint8_t rank, bool postponed) const {
  std::string key = prefix_ + (postponed ? kPostponed : kQueued);
  key.append(be64(host));
  return key += static_cast<char>(rank);
}

Error Keys::damaged(std::string_view what) const {
  return {ErrorCode::kCorrupt,
          fmt::format("the frontier of run {}is damaged: {}; a repair of the archive drops it",
                      prefix_.substr(kPrefix.size()), what)};
}

std::optional<Due> read_due(std::string_view key, const Keys& keys) {
  return read_due_tail(key.substr(std::min(key.size(), keys.prefix().size())));
}

std::optional<Place> read_place(std::string_view key, const Keys& keys) {
  return read_place_tail(key.substr(std::min(key.size(), keys.prefix().size())));
}

std::string Totals::write() const { return be64(owed) + be64(done) + be64(hosts) + be64(next); }

std::optional<Totals> Totals::read(std::string_view value) {
  Reader reader(value);
  Totals totals;
  totals.owed = reader.number();
  totals.done = reader.number();
  totals.hosts = reader.number();
  totals.next = reader.number();
  if (!reader.ended()) return std::nullopt;
  return totals;
}

std::string Owed::write() const { return write_pair(key, note); }

std::optional<Owed> Owed::read(std::string_view value) {
  Reader reader(value);
  Owed owed;
  owed.key = reader.take(reader.number());
  owed.note = reader.rest();
  if (reader.failed() || owed.key.empty()) return std::nullopt;
  return owed;
}

std::string Known::write() const {
  if (!place) return 'd' + write_pair(key, result);
  std::string value = (place->until ? 'p' : 'q') + be64(place->host);
  value += static_cast<char>(place->rank);
  value += be64(place->number);
  if (place->until) value += be_time(*place->until);
  return value;
}

std::optional<Known> Known::read(std::string_view value) {
  Reader reader(value);
  const auto letter = static_cast<char>(reader.byte());
  Known known;
  if (letter == 'd') {
    known.key = reader.take(reader.number());
    known.result = reader.rest();
    if (reader.failed() || known.key.empty()) return std::nullopt;
    return known;
  }
  Place& place = known.place.emplace();
  place.host = reader.number();
  place.rank = reader.byte();
  place.number = reader.number();
  if (letter == 'p') place.until = reader.time();
  const bool is_place = letter == 'q' || letter == 'p';
  if (!is_place || !reader.ended() || place.rank >= kRanks) return std::nullopt;
  return known;
}

uint64_t Host::queued() const {
  uint64_t sum = 0;
  for (const Rank& rank : ranks) sum += rank.queued;
  return sum;
}

uint64_t Host::owed() const {
  uint64_t sum = queued();
  for (const Rank& rank : ranks) sum += rank.postponed;
  return sum;
}

Due Host::due() const {
  if (queued() > 0) return {next, line};
  Time earliest = Time::max();
  for (const Rank& rank : ranks) {
    if (rank.postponed > 0) earliest = std::min(earliest, rank.earliest);
  }
  return {std::max(next, earliest), line};
}

std::string Host::write() const {
  std::string value = be_time(next) + be64(line);
  std::string counts;
  uint8_t used = 0;
  for (uint8_t i = 0; i < kRanks; ++i) {
    const Rank& rank = ranks[i];
    if (rank.queued + rank.postponed == 0) continue;
    used |= static_cast<uint8_t>(1U << i);
    counts += be64(rank.queued) + be64(rank.first) + be64(rank.postponed) + be_time(rank.earliest);
  }
  return (value += static_cast<char>(used)).append(counts).append(name);
}

std::optional<Host> Host::read(std::string_view value) {
  Reader reader(value);
  Host host;
  host.next = reader.time();
  host.line = reader.number();
  const uint8_t used = reader.byte();
  for (uint8_t i = 0; i < kRanks; ++i) {
    if ((used >> i & 1) == 0) continue;
    Host::Rank& rank = host.ranks[i];
    rank.queued = reader.number();
    rank.first = reader.number();
    rank.postponed = reader.number();
    rank.earliest = reader.time();
    // Sums of such counts cannot overflow.
    if (std::max(rank.queued, rank.postponed) >> 56 != 0) return std::nullopt;
  }
  host.name = reader.rest();
  if (reader.failed()) return std::nullopt;
  return host;
}

std::string_view run_of(std::string_view key) {
  if (!key.starts_with(kPrefix)) return {};
  key.remove_prefix(kPrefix.size());
  const std::string_view run = key.substr(0, key.find(' '));
  return run.size() < key.size() && is_run(run) ? run : std::string_view();
}

std::string_view check(std::string_view key, std::string_view value) {
  if (run_of(key).empty()) return "its key is damaged";
  return is_sound(tail_of(key), value) ? "" : "its row is damaged";
}

}  // namespace frontier_rows

Result<std::vector<std::string>> frontier_runs(const Database& database) {
  std::vector<std::string> runs;
  std::string from(frontier_rows::kPrefix);
  const std::string end = "f!";  // after every key that begins with "f "
  for (bool found = true; found;) {
    found = false;
    const auto scanned = database.scan_range(Table::kRun, from, end, [&](auto key, auto) {
      found = true;
      const std::string run(frontier_rows::run_of(key));
      if (!run.empty()) runs.push_back(run);
      // '!' follows the space behind a run.
      from = run.empty() ? std::string(key) + '\0' : fmt::format("f {}!", run);
      return false;
    });
    if (!scanned) return tl::unexpected(scanned.error());
  }
  return runs;
}

Result<void> remove_frontier(Database& database, std::string_view run) {
  constexpr size_t kAtOnce = 4096;
  const auto keys = frontier_rows::Keys::of_run(run);
  if (!keys) return tl::unexpected(keys.error());
  const std::string end = fmt::format("f {}!", run);
  std::string from = keys->prefix();
  WriteBatch batch;
  batch.remove(Table::kRun, keys->totals());  // first: without it, the rest counts for nothing
  for (bool more = true; more;) {
    size_t count = 0;
    const auto scanned = database.scan_range(Table::kRun, from, end, [&](auto key, auto) {
      batch.remove(Table::kRun, key);
      from = std::string(key) + '\0';
      return ++count < kAtOnce;
    });
    if (!scanned) return scanned;
    more = count == kAtOnce;
    if (auto written = database.write(std::move(batch), false); !written) return written;
    batch = WriteBatch();
  }
  return {};
}

}  // namespace halftone
