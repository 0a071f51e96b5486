// The rows of a frontier in the table `run`; docs/format.md tells their form.
//
// Here, because what looks after an archive must know them; crawler/stored_frontier.cc makes them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "media/time.h"
#include "store/database.h"

namespace halftone::frontier_rows {

constexpr uint8_t kRanks = 8;
constexpr std::string_view kPrefix = "f ";  // of every row of every frontier

// The first half of a SHA-256: nobody finds two keys with the same one.
struct Fingerprint {
  std::array<char, 16> bytes{};

  std::string_view view() const { return {bytes.data(), bytes.size()}; }
  friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;
};
Fingerprint fingerprint(std::string_view bytes);

// Where a URL stands.
struct Place {
  uint64_t host = 0;
  uint8_t rank = 0;
  uint64_t number = 0;
  std::optional<Time> until;  // postponed

  friend bool operator==(const Place&, const Place&) = default;
};

// Where a host stands in line.
struct Due {
  Time time{};
  uint64_t line = 0;  // among those of the same time

  friend auto operator<=>(const Due&, const Due&) = default;
};

// Keys of one run.
class Keys {
 public:
  // kInvalid: not one to 32 lower-case hexadecimal digits.
  static Result<Keys> of_run(std::string_view run);

  const std::string& prefix() const { return prefix_; }
  std::string totals() const;
  std::string url(const Fingerprint& of_key) const;
  std::string name(const Fingerprint& of_host) const;
  std::string host(uint64_t host) const;
  std::string due(const Due& due) const;
  std::string place(const Place& place) const;

  // What begins the keys of these.
  std::string urls() const;
  std::string rank(uint64_t host, uint8_t rank, bool postponed) const;

  Error damaged(std::string_view what) const;  // kCorrupt

 private:
  explicit Keys(std::string prefix) : prefix_(std::move(prefix)) {}
  std::string prefix_;
};

// Of keys made by due() and place(); nothing where they are damaged.
std::optional<Due> read_due(std::string_view key, const Keys& keys);
std::optional<Place> read_place(std::string_view key, const Keys& keys);

struct Totals {
  uint64_t owed = 0, done = 0, hosts = 0;  // hosts: that owe something
  uint64_t next = 1;                       // no number from here on was given to anything

  std::string write() const;
  static std::optional<Totals> read(std::string_view value);
  friend bool operator==(const Totals&, const Totals&) = default;
};

// A URL that is owed, at its place.
struct Owed {
  std::string_view key, note;

  std::string write() const;
  static std::optional<Owed> read(std::string_view value);  // views of the value
};

// What is known of a URL: its place while it is owed, its result once it is done.
struct Known {
  std::optional<Place> place;
  std::string_view key, result;

  std::string write() const;
  static std::optional<Known> read(std::string_view value);  // views of the value
};

// A host that owes something, or did. `first` and `earliest` are bounds: there is nothing before.
struct Host {
  struct Rank {
    uint64_t queued = 0, first = 0;
    uint64_t postponed = 0;
    Time earliest{};

    friend bool operator==(const Rank&, const Rank&) = default;
  };
  Time next{};        // it may be asked from here on
  uint64_t line = 0;  // of its Due, while it owes something
  std::array<Rank, kRanks> ranks{};
  std::string name;

  uint64_t queued() const;
  uint64_t owed() const;
  // When it may be asked and has something to be asked for; only where it owes something.
  Due due() const;

  std::string write() const;
  static std::optional<Host> read(std::string_view value);
};

// What is wrong with a row whose key begins with kPrefix; empty where nothing is, looked at by
// itself.
std::string_view check(std::string_view key, std::string_view value);

// The run that such a key belongs to; empty where that cannot be told.
std::string_view run_of(std::string_view key);

}  // namespace halftone::frontier_rows

namespace halftone {

// Runs that have a frontier, or what is left of one.
Result<std::vector<std::string>> frontier_runs(const Database& database);

// Drops the frontier of a run, which must not be open, in batches of some thousand rows. What a
// crash leaves of it counts for nothing when that run's frontier is opened. kInvalid: no run can
// have that name; else the database's errors.
Result<void> remove_frontier(Database& database, std::string_view run);

}  // namespace halftone
