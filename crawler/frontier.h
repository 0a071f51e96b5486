// The URLs that a run still owes, ordered by host and by when each may be asked.
//
// A worker claims a host, with some of its URLs, under a lease; so one worker at a time talks to a
// host, and delays, connections and robots are right however many workers there are. What is
// completed stays known with its result; what is not comes back when the lease has expired, or
// when the frontier is opened again after a crash.
//
// One process and one machine today; tests/crawler/frontier_contract.h is what every implementation
// must pass, a distributed one too.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "media/time.h"

namespace halftone {

// A URL to be asked for, as it is added. Key, host and note may hold any bytes.
struct FrontierUrl {
  std::string key;   // canonical form: the same URL is the same key, and is owed once
  std::string host;  // whose queue it stands in: "example.org:8443"
  uint8_t rank = 0;  // below kRanks; lower ones of a host are asked first
  std::string note;  // the caller's own, given back by take(): how to ask, who refers to it
};

// A URL that was handed out.
struct ClaimedUrl {
  uint64_t number = 0;  // names it; in order of adding within host and rank, and kept for good
  std::string key;
  uint8_t rank = 0;
  std::string note;
};

// What the frontier knows of a key.
struct UrlState {
  enum class Step : uint8_t { kUnknown, kOwed, kDone };
  Step step = Step::kUnknown;
  std::string result;  // of complete(), where done
  std::string note;    // as added, or as last postponed
};

// The right to talk to one host. From `until` on its holder is refused, and the next claim() ends
// it. `token` grows with every claim, of whatever host, across restarts too: an answer under an
// older token than a host's newest is refused.
struct Lease {
  std::string host;
  uint64_t token = 0;
  Time until{};
};

struct FrontierCounts {
  uint64_t owed = 0, done = 0;  // URLs
  uint64_t hosts = 0;           // that owe something
};

// Safe for concurrent use by several threads. Times come from the caller. Changes survive the
// process at once, and the machine with the next durable write to the archive that they are kept
// in; each call is carried out as a whole or not at all. Errors: kStale where a lease has expired
// or ended; kInvalid for what is out of bounds, or was not handed out; else the store's.
class Frontier {
 public:
  static constexpr uint8_t kRanks = 8;
  static constexpr size_t kMostText = size_t{128} << 10;  // bytes of a key with its note or result
  static constexpr size_t kMostHost = size_t{1} << 10;    // bytes of a host's name; one at least

  virtual ~Frontier() = default;

  // Adds what is not known yet, all or none, and tells for each what was known of it before, in
  // order: kUnknown for those that are owed from now on. Those known are left as they are. Again,
  // after a crash or from another worker, it changes nothing. A host with nothing to be asked for
  // now may be asked from `now` on, unless it was released with a later time. Some thousand URLs at
  // once are quicker than one; all of them are in memory.
  virtual Result<std::vector<UrlState>> add(std::span<const FrontierUrl> urls, Time now) = 0;

  // Leases the host that may be asked and has waited longest since it may be asked; of several, the
  // one that came into line first. Nothing where none may be asked now.
  virtual Result<std::optional<Lease>> claim(Time now, std::chrono::milliseconds span) = 0;

  // Hands out up to `most` of the lease's host's URLs with rank <= `last_rank` that were not handed
  // out under it yet, lower ranks first, then in order of adding; and renews the lease. Those
  // postponed come again once they are due, where they stood before (where thousands come back at
  // once, some of them after others).
  virtual Result<std::vector<ClaimedUrl>> take(Lease& lease, Time now,
                                               std::chrono::milliseconds span, size_t most,
                                               uint8_t last_rank = kRanks - 1) = 0;

  // One that was handed out is done, with what came of it.
  struct Completion {
    uint64_t number = 0;
    uint8_t rank = 0;
    std::string key;
    std::string result;
  };
  virtual Result<void> complete(const Lease& lease, std::span<const Completion> done, Time now) = 0;

  // Puts one that was handed out back: it is owed again from `until` on, with another note.
  virtual Result<void> postpone(const Lease& lease, const ClaimedUrl& url, Time until,
                                Time now) = 0;

  // Gives the host back, with what was handed out and is not done; it may be asked from `next` on.
  // Late, too, as long as no claim() has ended the lease.
  virtual Result<void> release(const Lease& lease, Time next) = 0;

  // What is known of a key.
  virtual Result<UrlState> find(std::string_view key) const = 0;

  // The first moment when claim() can have something, as far as is known now; not after `now` where
  // it can at once. Nothing where nothing is owed but by leased hosts.
  virtual Result<std::optional<Time>> next_due(Time now) const = 0;

  virtual Result<FrontierCounts> counts() const = 0;
};

}  // namespace halftone
