// For tests: whether the rows of a stored frontier agree with one another.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "store/byte_order.h"
#include "store/frontier_rows.h"
#include "tests/support/catch.h"

namespace halftone {

// Fails the test where they do not.
inline void check_frontier_rows(const Database& database, std::string_view run) {
  using namespace frontier_rows;
  const Keys keys = *Keys::of_run(run);
  Totals counted;
  std::map<uint64_t, Host> hosts, found;
  std::map<uint64_t, Due> in_line;
  uint64_t names = 0;
  const auto get = [&](const std::string& key) {
    const auto value = database.get(Table::kRun, key);
    REQUIRE(value);
    REQUIRE(*value);
    return **value;
  };
  const auto count_url = [&](std::string_view key, std::string_view value) {
    const auto known = Known::read(value);
    if (!known->place) {
      ++counted.done;
      return;
    }
    ++counted.owed;
    const std::string row = get(keys.place(*known->place));
    const auto owed = Owed::read(row);
    CHECK(keys.url(fingerprint(owed->key)) == key);
  };
  const auto count_place = [&](std::string_view key, std::string_view value) {
    const auto place = *read_place(key, keys);
    const std::string row = get(keys.url(fingerprint(Owed::read(value)->key)));
    CHECK(Known::read(row)->place == place);
    Host::Rank& rank = found[place.host].ranks[place.rank];
    const Host::Rank& stored = hosts[place.host].ranks[place.rank];
    ++(place.until ? rank.postponed : rank.queued);
    if (place.until) CHECK(stored.earliest <= *place.until);
    if (!place.until) CHECK(stored.first <= place.number);
  };
  REQUIRE(database.scan(Table::kRun, keys.prefix(), [&](auto key, auto value) {
    REQUIRE(frontier_rows::check(key, value).empty());
    switch (key[keys.prefix().size()]) {
      case 'd':
        in_line[*read_be64(value)] = *read_due(key, keys);
        break;
      case 'h':
        hosts[*read_be64(key.substr(key.size() - 8))] = *Host::read(value);
        break;
      case 'n':
        ++names;
        CHECK(keys.name(fingerprint(hosts[*read_be64(value)].name)) == key);
        break;
      case 'p':
      case 'q':
        count_place(key, value);
        break;
      case 'u':
        count_url(key, value);
        break;
      default:
        break;
    }
    return true;
  }));
  CHECK(names == hosts.size());
  for (const auto& [number, host] : hosts) {
    for (size_t i = 0; i < kRanks; ++i) {
      CHECK(host.ranks[i].queued == found[number].ranks[i].queued);
      CHECK(host.ranks[i].postponed == found[number].ranks[i].postponed);
    }
    CHECK(in_line.contains(number) == (host.owed() > 0));
    if (host.owed() == 0) continue;
    ++counted.hosts;
    CHECK(in_line[number] == host.due());
  }
  const auto totals = database.get(Table::kRun, keys.totals());
  REQUIRE(totals);
  const Totals stored = *totals ? *Totals::read(**totals) : Totals();
  CHECK(stored.owed == counted.owed);
  CHECK(stored.done == counted.done);
  CHECK(stored.hosts == counted.hosts);
}

}  // namespace halftone
