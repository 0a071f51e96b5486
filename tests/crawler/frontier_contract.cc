#include "tests/crawler/frontier_contract.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "tests/support/catch.h"

namespace halftone {

namespace {

using namespace std::chrono_literals;
using Step = UrlState::Step;
using Strings = std::vector<std::string>;

constexpr auto kSpan = 60'000ms;

Time at(int64_t second) { return Time(std::chrono::seconds(1'000'000'000 + second)); }

void add(Frontier& frontier, const std::string& key, const std::string& host, int64_t second = 0,
         uint8_t rank = 0, const std::string& note = "note") {
  const FrontierUrl url{key, host, rank, note};
  const auto added = frontier.add({&url, 1}, at(second));
  REQUIRE(added);
  REQUIRE(added->size() == 1);
}

Lease claim(Frontier& frontier, int64_t second = 0, std::chrono::milliseconds span = kSpan) {
  auto lease = frontier.claim(at(second), span);
  REQUIRE(lease);
  REQUIRE(*lease);
  CHECK((*lease)->until == at(second) + span);
  return **lease;
}

bool claims_nothing(Frontier& frontier, int64_t second) {
  const auto lease = frontier.claim(at(second), kSpan);
  return lease && !*lease;
}

std::vector<ClaimedUrl> take(Frontier& frontier, Lease& lease, int64_t second = 0,
                             size_t most = 100, uint8_t last_rank = Frontier::kRanks - 1) {
  auto taken = frontier.take(lease, at(second), kSpan, most, last_rank);
  REQUIRE(taken);
  return *taken;
}

Strings keys(const std::vector<ClaimedUrl>& urls) {
  Strings keys;
  for (const ClaimedUrl& url : urls) keys.push_back(url.key);
  return keys;
}

Strings take_keys(Frontier& frontier, Lease& lease, int64_t second = 0, size_t most = 100,
                  uint8_t last_rank = Frontier::kRanks - 1) {
  return keys(take(frontier, lease, second, most, last_rank));
}

Frontier::Completion done(const ClaimedUrl& url, const std::string& result = "result") {
  return {url.number, url.rank, url.key, result};
}

Result<void> complete(Frontier& frontier, const Lease& lease, const ClaimedUrl& url,
                      int64_t second = 0, const std::string& result = "result") {
  const auto one = done(url, result);
  return frontier.complete(lease, {&one, 1}, at(second));
}

template <class T>
ErrorCode code_of(const Result<T>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

std::optional<Time> next_due(Frontier& frontier, int64_t second = 0) {
  const auto due = frontier.next_due(at(second));
  REQUIRE(due);
  return *due;
}

void check_counts(Frontier& frontier, uint64_t owed, uint64_t done, uint64_t hosts) {
  const auto counts = frontier.counts();
  REQUIRE(counts);
  CHECK(counts->owed == owed);
  CHECK(counts->done == done);
  CHECK(counts->hosts == hosts);
}

void check_adding(Frontier& frontier) {
  const std::vector<FrontierUrl> urls = {
      {"a", "h", 3, "first"}, {"b", "h", 3, ""}, {"a", "h", 3, "again"}, {"c", "other", 3, ""}};
  const auto added = frontier.add(urls, at(0));
  REQUIRE(added);
  REQUIRE(added->size() == 4);
  CHECK((*added)[0].step == Step::kUnknown);
  CHECK((*added)[1].step == Step::kUnknown);
  CHECK((*added)[2].step == Step::kOwed);
  CHECK((*added)[2].note == "first");
  CHECK((*added)[3].step == Step::kUnknown);
  check_counts(frontier, 3, 0, 2);

  // Another host, rank and note: it stays as it was.
  const std::vector<FrontierUrl> more = {{"d", "h", 3, ""}, {"a", "elsewhere", 0, "later"}};
  const auto again = frontier.add(more, at(5));
  REQUIRE(again);
  CHECK((*again)[0].step == Step::kUnknown);
  CHECK((*again)[1].step == Step::kOwed);
  CHECK((*again)[1].note == "first");
  check_counts(frontier, 4, 0, 2);

  Lease lease = claim(frontier, 5);
  CHECK(lease.host == "h");
  const auto taken = take(frontier, lease, 5);
  CHECK(keys(taken) == Strings{"a", "b", "d"});
  CHECK(taken[0].rank == 3);
  CHECK(taken[0].note == "first");
  REQUIRE(complete(frontier, lease, taken[0], 5, "200"));
  const auto after = frontier.add({more.data() + 1, 1}, at(6));
  REQUIRE(after);
  CHECK((*after)[0].step == Step::kDone);
  CHECK((*after)[0].result == "200");
  check_counts(frontier, 3, 1, 2);
  CHECK(frontier.add({}, at(6))->empty());
}

void check_order(Frontier& frontier) {
  add(frontier, "late", "h", 0, 7);
  add(frontier, "b", "h", 0, 2);
  add(frontier, "a", "h", 0, 2);
  add(frontier, "early", "h", 0, 0);
  Lease lease = claim(frontier);
  CHECK(take_keys(frontier, lease, 0, 2) == Strings{"early", "b"});
  CHECK(take_keys(frontier, lease, 0, 0).empty());
  add(frontier, "urgent", "h", 0, 1);
  add(frontier, "c", "h", 0, 2);
  CHECK(take_keys(frontier, lease, 0, 9, 1) == Strings{"urgent"});
  CHECK(take_keys(frontier, lease, 0, 9, 1).empty());
  add(frontier, "urgent too", "h", 0, 1);
  CHECK(take_keys(frontier, lease, 0, 9) == Strings{"urgent too", "a", "c", "late"});
  CHECK(take_keys(frontier, lease, 0, 9).empty());
}

void check_hosts(Frontier& frontier) {
  add(frontier, "z", "z", 1);
  add(frontier, "x", "x", 0);
  const std::vector<FrontierUrl> both = {{"y", "y", 0, ""}, {"w", "w", 0, ""}};
  REQUIRE(frontier.add(both, at(1)));
  CHECK(claims_nothing(frontier, -1));
  CHECK(next_due(frontier, -1) == at(0));
  const Lease x = claim(frontier, 5), z = claim(frontier, 5), y = claim(frontier, 5);
  CHECK(x.host == "x");
  CHECK(z.host == "z");
  CHECK(y.host == "y");
  CHECK(claim(frontier, 5).host == "w");
  // One lease at a time for each.
  CHECK(claims_nothing(frontier, 5));
  CHECK(next_due(frontier, 5) == std::nullopt);

  REQUIRE(frontier.release(z, at(20)));
  REQUIRE(frontier.release(x, at(10)));
  REQUIRE(frontier.release(y, at(10)));
  CHECK(next_due(frontier, 5) == at(10));
  CHECK(claims_nothing(frontier, 9));
  CHECK(claim(frontier, 30).host == "x");
  CHECK(claim(frontier, 30).host == "y");
  CHECK(claim(frontier, 30).host == "z");
}

// A host that came long ago does not keep others waiting: it goes to the end of the line.
void check_turns(Frontier& frontier) {
  for (const char* host : {"a", "b", "c"}) {
    for (int i = 0; i < 3; ++i) add(frontier, fmt::format("{}{}", host, i), host);
  }
  std::string turns;
  for (int second = 1; second < 10; ++second) {
    Lease lease = claim(frontier, second);
    const auto taken = take(frontier, lease, second, 1);
    REQUIRE(taken.size() == 1);
    turns += taken[0].key + " ";
    REQUIRE(complete(frontier, lease, taken[0], second));
    REQUIRE(frontier.release(lease, at(second)));
  }
  CHECK(turns == "a0 b0 c0 a1 b1 c1 a2 b2 c2 ");
  check_counts(frontier, 0, 9, 0);
}

void check_expiry(Frontier& frontier) {
  for (const char* key : {"a", "b", "c"}) add(frontier, key, "h");
  Lease old = claim(frontier, 0, 10'000ms);
  const auto taken = take(frontier, old, 0, 2);
  CHECK(old.until == at(60));  // renewed
  REQUIRE(complete(frontier, old, taken[0], 59));
  const auto check_stale = [&](int64_t second) {
    CHECK(code_of(complete(frontier, old, taken[1], second)) == ErrorCode::kStale);
    CHECK(code_of(frontier.postpone(old, taken[1], at(0), at(second))) == ErrorCode::kStale);
    CHECK(code_of(frontier.take(old, at(second), kSpan, 1, 7)) == ErrorCode::kStale);
  };
  CHECK(next_due(frontier, 59) == std::nullopt);
  check_stale(60);
  CHECK(next_due(frontier, 60) == at(0));

  Lease fresh = claim(frontier, 60);
  CHECK(fresh.host == "h");
  CHECK(fresh.token > old.token);
  CHECK(take_keys(frontier, fresh, 60) == Strings{"b", "c"});
  check_stale(61);
  check_stale(0);
  CHECK(code_of(frontier.release(old, at(0))) == ErrorCode::kStale);
  CHECK(claims_nothing(frontier, 61));
  CHECK(frontier.find("b")->step == Step::kOwed);
  check_counts(frontier, 2, 1, 1);
  CHECK(code_of(frontier.take(*std::make_unique<Lease>(Lease{"h", fresh.token + 1, at(99)}), at(61),
                              kSpan, 1, 7)) == ErrorCode::kStale);

  // Late, but nobody else has come meanwhile.
  REQUIRE(frontier.release(fresh, at(500)));
  CHECK(code_of(frontier.release(fresh, at(0))) == ErrorCode::kStale);
  CHECK(next_due(frontier, 61) == at(500));
  const Lease last = claim(frontier, 500);
  REQUIRE(frontier.release(last, at(900)));
  CHECK(last.token > fresh.token);
  CHECK(next_due(frontier, 500) == at(900));
}

void check_completing(Frontier& frontier) {
  for (const char* key : {"a", "b", "c"}) add(frontier, key, "h");
  CHECK(frontier.find("a")->step == Step::kOwed);
  CHECK(frontier.find("a")->note == "note");
  CHECK(frontier.find("nowhere")->step == Step::kUnknown);
  Lease lease = claim(frontier);
  const auto taken = take(frontier, lease, 0, 2);
  const std::vector<Frontier::Completion> both = {done(taken[0], "first"), done(taken[1], "")};
  REQUIRE(frontier.complete(lease, both, at(1)));
  REQUIRE(frontier.complete(lease, {}, at(1)));
  CHECK(frontier.find("a")->step == Step::kDone);
  CHECK(frontier.find("a")->result == "first");
  CHECK(frontier.find("a")->note.empty());
  CHECK(frontier.find("b")->step == Step::kDone);
  check_counts(frontier, 1, 2, 1);

  // What was not handed out, or is done: none of the call is carried out.
  const auto last = take(frontier, lease, 1);
  REQUIRE(last.size() == 1);
  auto other_key = done(last[0]), other_number = done(last[0]), other_rank = done(last[0]);
  other_key.key = "x";
  other_number.number += 1000;
  other_rank.rank = 1;
  auto no_rank = done(last[0]);
  no_rank.rank = Frontier::kRanks;
  for (const auto& wrong :
       {done(taken[0]), other_key, other_number, other_rank, no_rank, done(last[0])}) {
    const std::vector<Frontier::Completion> two = {done(last[0]), wrong};
    CHECK(code_of(frontier.complete(lease, two, at(1))) == ErrorCode::kInvalid);
  }
  CHECK(code_of(frontier.postpone(lease, taken[0], at(5), at(1))) == ErrorCode::kInvalid);
  check_counts(frontier, 1, 2, 1);
  REQUIRE(complete(frontier, lease, last[0], 1));
  check_counts(frontier, 0, 3, 0);

  // The host owes nothing now, and its lease goes on.
  CHECK(take_keys(frontier, lease, 1).empty());
  add(frontier, "d", "h", 2);
  check_counts(frontier, 1, 3, 1);
  CHECK(take_keys(frontier, lease, 2) == Strings{"d"});
  REQUIRE(frontier.release(lease, at(3)));
  Lease again = claim(frontier, 3);
  CHECK(take_keys(frontier, again, 3) == Strings{"d"});
}

void check_postponing(Frontier& frontier) {
  for (const char* key : {"a", "b", "c"}) add(frontier, key, "h");
  Lease lease = claim(frontier);
  auto taken = take(frontier, lease, 0, 2);
  taken[0].note = "later";
  REQUIRE(frontier.postpone(lease, taken[0], at(30), at(1)));
  CHECK(frontier.find("a")->step == Step::kOwed);
  CHECK(frontier.find("a")->note == "later");
  check_counts(frontier, 3, 0, 1);
  CHECK(code_of(frontier.postpone(lease, taken[0], at(30), at(1))) == ErrorCode::kInvalid);
  CHECK(code_of(complete(frontier, lease, taken[0])) == ErrorCode::kInvalid);

  // Under the same lease, where it stood, once it is due.
  CHECK(take_keys(frontier, lease, 29, 0).empty());
  const auto back = take(frontier, lease, 30, 9);
  REQUIRE(keys(back) == Strings{"a", "c"});
  CHECK(back[0].note == "later");
  CHECK(back[0].number == taken[0].number);
  REQUIRE(complete(frontier, lease, taken[1], 30));

  // All that the host owes is postponed: then it is due, and not before it was released to.
  REQUIRE(frontier.postpone(lease, back[1], at(200), at(31)));
  REQUIRE(frontier.postpone(lease, back[0], at(100), at(31)));
  REQUIRE(frontier.release(lease, at(40)));
  CHECK(next_due(frontier, 40) == at(100));
  CHECK(claims_nothing(frontier, 99));
  Lease second = claim(frontier, 100);
  const auto first_due = take(frontier, second, 100);
  CHECK(keys(first_due) == Strings{"a"});
  REQUIRE(complete(frontier, second, first_due[0], 100));
  REQUIRE(frontier.release(second, at(300)));
  CHECK(next_due(frontier, 100) == at(300));
  check_counts(frontier, 1, 2, 1);

  // Something new does not have to wait for what is postponed; the delay is kept.
  add(frontier, "d", "h", 150);
  CHECK(next_due(frontier, 150) == at(300));
  Lease third = claim(frontier, 300);
  CHECK(take_keys(frontier, third, 300) == Strings{"c", "d"});
}

// Ranks count for what was postponed, too.
void check_postponed_ranks(Frontier& frontier) {
  add(frontier, "low", "h", 0, 5);
  add(frontier, "high", "h", 0, 1);
  Lease lease = claim(frontier);
  for (const auto& url : take(frontier, lease)) {
    REQUIRE(frontier.postpone(lease, url, at(url.rank == 5 ? 10 : 20), at(1)));
  }
  CHECK(take_keys(frontier, lease, 15, 9, 4).empty());
  CHECK(take_keys(frontier, lease, 20, 9, 4) == Strings{"high"});
  CHECK(take_keys(frontier, lease, 20) == Strings{"low"});
  REQUIRE(frontier.release(lease, at(30)));
  add(frontier, "middle", "h", 30, 3);
  Lease again = claim(frontier, 30);
  for (const auto& url : take(frontier, again, 30, 1)) {
    REQUIRE(frontier.postpone(again, url, at(0), at(30)));  // due already
  }
  CHECK(take_keys(frontier, again, 30) == Strings{"high", "middle", "low"});
}

void check_releasing(Frontier& frontier) {
  for (const char* key : {"a", "b"}) add(frontier, key, "h");
  Lease lease = claim(frontier);
  const auto taken = take(frontier, lease);
  REQUIRE(complete(frontier, lease, taken[1]));
  REQUIRE(frontier.release(lease, at(10)));
  CHECK(code_of(complete(frontier, lease, taken[0])) == ErrorCode::kStale);
  Lease next = claim(frontier, 10);
  CHECK(take_keys(frontier, next, 10) == Strings{"a"});
  REQUIRE(complete(frontier, next, taken[0], 10));
  REQUIRE(frontier.release(next, at(50)));
  CHECK(next_due(frontier, 10) == std::nullopt);

  // The delay is kept though the host owed nothing; and without one it may be asked from now on.
  add(frontier, "c", "h", 20);
  CHECK(next_due(frontier, 20) == at(50));
  Lease last = claim(frontier, 50);
  for (const auto& url : take(frontier, last, 50)) REQUIRE(complete(frontier, last, url, 50));
  REQUIRE(frontier.release(last, at(51)));
  add(frontier, "d", "h", 80);
  CHECK(next_due(frontier, 80) == at(80));
  add(frontier, "e", "h", 90);
  CHECK(next_due(frontier, 90) == at(80));
}

void check_bounds(Frontier& frontier) {
  const std::string text(Frontier::kMostText, 'x'), host(Frontier::kMostHost, 'h');
  struct Row {
    const char* name;
    FrontierUrl url;
    bool is_kept;
  };
  const Row rows[] = {
      {"a rank out of bounds", {"k", "h", Frontier::kRanks, ""}, false},
      {"an empty key", {"", "h", 0, ""}, false},
      {"no host", {"k", "", 0, ""}, false},
      {"a host's name that is too long", {"k", host + "h", 0, ""}, false},
      {"a key that is too long", {text + "x", "h", 0, ""}, false},
      {"key and note too long together", {"k", "h", 0, text}, false},
      {"the longest key", {text, "h", 0, ""}, true},
      {"the longest note", {"k", "h", 0, text.substr(1)}, true},
      {"the longest host", {"k", host, 0, ""}, true},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const std::vector<FrontierUrl> urls = {{"sound", "h", 0, ""}, row.url};
      const auto added = frontier.add(urls, at(0));
      CHECK(added.has_value() == row.is_kept);
      if (!added) CHECK(added.error().code == ErrorCode::kInvalid);
      // All or none.
      CHECK(frontier.counts()->owed == (row.is_kept ? 2 : 0));
      if (row.is_kept) CHECK(frontier.find(row.url.key)->note == row.url.note);
    }
  }
  SECTION("results and later notes") {
    add(frontier, "k", "h");
    Lease lease = claim(frontier);
    auto taken = take(frontier, lease);
    CHECK(code_of(complete(frontier, lease, taken[0], 0, text)) == ErrorCode::kInvalid);
    taken[0].note = text;
    CHECK(code_of(frontier.postpone(lease, taken[0], at(9), at(0))) == ErrorCode::kInvalid);
    CHECK(frontier.find("k")->note == "note");
    REQUIRE(complete(frontier, lease, taken[0], 0, text.substr(1)));
    CHECK(frontier.find("k")->result.size() == text.size() - 1);
  }
}

void check_bytes(Frontier& frontier) {
  using namespace std::string_literals;
  const std::string strange[] = {"\0"s, "\0\0"s, "a\0b"s, "\xFF\xFF\xFF\xFF"s,    "q \n\t\x7F"s,
                                 "a "s, "a"s,    "f 0 "s, "https://例え.テスト/"s};
  std::vector<FrontierUrl> urls;
  for (const std::string& bytes : strange) {
    urls.push_back({bytes, bytes, 0, bytes});
    urls.push_back({bytes + "2", bytes, 1, ""});
  }
  REQUIRE(frontier.add(urls, at(0)));
  for (const std::string& bytes : strange) {
    CAPTURE(bytes);
    Lease lease = claim(frontier);
    CHECK(lease.host == bytes);
    const auto taken = take(frontier, lease);
    REQUIRE(keys(taken) == Strings{bytes, bytes + "2"});
    CHECK(taken[0].note == bytes);
    REQUIRE(complete(frontier, lease, taken[0], 0, bytes));
    CHECK(frontier.find(bytes)->result == bytes);
  }
  check_counts(frontier, std::size(strange), std::size(strange), std::size(strange));
}

// More than an implementation reads ahead of hosts, and of URLs.
void check_many(Frontier& frontier) {
  constexpr int kHosts = 2500;
  std::vector<FrontierUrl> urls;
  urls.reserve(kHosts);
  for (int i = 0; i < kHosts; ++i) urls.push_back({fmt::format("{}", i), fmt::format("h{}", i)});
  REQUIRE(frontier.add({urls.data(), 1000}, at(10)));
  CHECK(next_due(frontier, 10) == at(10));
  // Later, but they may be asked before.
  REQUIRE(frontier.add({urls.data() + 1000, 1500}, at(0)));
  for (int i = 0; i < kHosts; ++i) {
    const int number = i < 1500 ? 1000 + i : i - 1500;
    Lease lease = claim(frontier, 20);
    if (lease.host != urls[number].host) FAIL(lease.host);
    const auto taken = take(frontier, lease, 20);
    REQUIRE(taken.size() == 1);
    if (i % 2 == 0) {
      REQUIRE(complete(frontier, lease, taken[0], 20));
    } else {
      REQUIRE(frontier.postpone(lease, taken[0], at(100 + i), at(20)));
    }
    REQUIRE(frontier.release(lease, at(50)));
  }
  check_counts(frontier, kHosts / 2, kHosts / 2, kHosts / 2);
  CHECK(next_due(frontier, 20) == at(101));
}

void check_concurrent_use(Frontier& frontier) {
  constexpr int kThreads = 4, kHosts = 30, kUrls = 40;
  std::mutex mutex;
  std::set<std::string> busy;
  std::map<std::string, int> asked;
  std::atomic<int> failures = 0;
  const auto fetch = [&](Lease& lease, const ClaimedUrl& url) {
    {
      const std::lock_guard lock(mutex);
      ++asked[url.key];
    }
    // As pages lead to pages: each thread adds what others add, too.
    std::vector<FrontierUrl> links;
    const int number = std::stoi(url.key);
    for (const int next : {number + 1, number + 2, number + kHosts}) {
      if (next >= kHosts * kUrls) continue;
      links.push_back({fmt::format("{}", next), fmt::format("h{}", next % kHosts), 0, ""});
    }
    if (!frontier.add(links, at(1))) ++failures;
    if (!complete(frontier, lease, url, 1)) ++failures;
  };
  add(frontier, "0", "h0");
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      while (failures == 0) {
        auto lease = frontier.claim(at(1), kSpan);
        if (!lease) ++failures;
        if (!lease) break;
        if (!*lease) {
          const auto counts = frontier.counts();
          if (!counts || counts->owed == 0) break;
          std::this_thread::yield();
          continue;
        }
        {
          const std::lock_guard lock(mutex);
          if (!busy.insert((*lease)->host).second) ++failures;
        }
        const auto taken = frontier.take(**lease, at(1), kSpan, 3, 7);
        if (!taken) ++failures;
        if (!taken) break;
        for (const ClaimedUrl& url : *taken) fetch(**lease, url);
        {
          const std::lock_guard lock(mutex);
          busy.erase((*lease)->host);
        }
        if (!frontier.release(**lease, at(1))) ++failures;
        (void)frontier.find("7");
        (void)frontier.next_due(at(1));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(failures == 0);
  CHECK(asked.size() == kHosts * kUrls);
  CHECK(std::all_of(asked.begin(), asked.end(), [](const auto& one) { return one.second == 1; }));
  check_counts(frontier, 0, kHosts * kUrls, 0);
}

}  // namespace

void check_contract(Frontier& frontier) {
  SECTION("a URL is added once") { check_adding(frontier); }
  SECTION("lower ranks come first, then those added earlier") { check_order(frontier); }
  SECTION("the host comes first that has waited longest") { check_hosts(frontier); }
  SECTION("hosts take turns") { check_turns(frontier); }
  SECTION("an expired lease gives its URLs back, and its holder is refused") {
    check_expiry(frontier);
  }
  SECTION("what is completed is known with its result") { check_completing(frontier); }
  SECTION("what is postponed comes back") { check_postponing(frontier); }
  SECTION("what is postponed keeps its rank") { check_postponed_ranks(frontier); }
  SECTION("a released host keeps what is not done, and its delay") { check_releasing(frontier); }
  SECTION("what is out of bounds is refused") { check_bounds(frontier); }
  SECTION("keys, hosts and notes are bytes") { check_bytes(frontier); }
  SECTION("hosts keep their order however many they are") { check_many(frontier); }
  SECTION("several threads share it") { check_concurrent_use(frontier); }
  SECTION("an empty one") {
    CHECK(claims_nothing(frontier, 0));
    CHECK(next_due(frontier) == std::nullopt);
    check_counts(frontier, 0, 0, 0);
  }
}

}  // namespace halftone
