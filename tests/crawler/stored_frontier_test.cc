#include "crawler/stored_frontier.h"

#include <map>
#include <random>
#include <set>
#include <thread>

#include "store/archive.h"
#include "store/gc.h"
#include "tests/crawler/frontier_contract.h"
#include "tests/support/catch.h"
#include "tests/support/frontier_rows_check.h"
#include "tests/support/memory_frontier.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;
using namespace std::chrono_literals;
using Step = UrlState::Step;

namespace {

constexpr auto kSpan = 60'000ms;

Time at(int64_t second) { return Time(std::chrono::seconds(1'000'000'000 + second)); }

std::unique_ptr<Database> open_database(const TemporaryDirectory& folder,
                                        Database::Mode mode = Database::Mode::kWrite) {
  auto database = Database::open(folder.file("db"), mode);
  REQUIRE(database);
  return *std::move(database);
}

std::unique_ptr<Frontier> open_frontier(Database& database, std::string_view run = "0a") {
  auto frontier = StoredFrontier::open(database, run);
  REQUIRE(frontier);
  return *std::move(frontier);
}

bool put(Database& database, std::string_view key, std::string_view value) {
  WriteBatch batch;
  batch.put(Table::kRun, key, value);
  return database.write(std::move(batch), false).has_value();
}

bool remove(Database& database, std::string_view key) {
  WriteBatch batch;
  batch.remove(Table::kRun, key);
  return database.write(std::move(batch), false).has_value();
}

std::vector<ClaimedUrl> take(Frontier& frontier, Lease& lease, int64_t second, size_t most) {
  auto taken = frontier.take(lease, at(second), kSpan, most);
  REQUIRE(taken);
  return *std::move(taken);
}

std::vector<FrontierUrl> numbered(int from, int to, int hosts) {
  std::vector<FrontierUrl> urls;
  for (int i = from; i < to; ++i) {
    urls.push_back({fmt::format("https://h{}/{}", i % hosts, i), fmt::format("h{}", i % hosts),
                    static_cast<uint8_t>(i % 3), fmt::format("note {}", i)});
  }
  return urls;
}

size_t count_rows(const Database& database, std::string_view prefix) {
  size_t count = 0;
  REQUIRE(database.scan(Table::kRun, prefix, [&](auto, auto) { return ++count > 0; }));
  return count;
}

std::map<std::string, std::string> done_of(const Database& database, std::string_view run) {
  std::map<std::string, std::string> done;
  REQUIRE(for_each_done(database, run,
                        [&](auto key, auto result) { return done.emplace(key, result).second; }));
  return done;
}

}  // namespace

TEST_CASE("StoredFrontier keeps the contract", "[crawler]") {
  const TemporaryDirectory folder;
  const auto database = open_database(folder);
  const auto frontier = open_frontier(*database);
  check_contract(*frontier);
  check_frontier_rows(*database, "0a");
}

TEST_CASE("a frontier that is opened again owes what it owed", "[crawler]") {
  const TemporaryDirectory folder;
  uint64_t token = 0;
  {
    const auto database = open_database(folder);
    const auto frontier = open_frontier(*database);
    REQUIRE(frontier->add(numbered(0, 6, 2), at(0)));
    auto lease = **frontier->claim(at(1), kSpan);
    token = lease.token;
    const auto taken = take(*frontier, lease, 1, 3);
    REQUIRE(taken.size() == 3);
    const Frontier::Completion done{taken[0].number, taken[0].rank, taken[0].key, "200"};
    REQUIRE(frontier->complete(lease, {&done, 1}, at(1)));
    REQUIRE(frontier->postpone(lease, taken[1], at(40), at(1)));
    auto other = **frontier->claim(at(1), kSpan);
    REQUIRE(take(*frontier, other, 1, 1).size() == 1);
    REQUIRE(frontier->release(other, at(50)));
  }
  const auto database = open_database(folder);
  const auto frontier = open_frontier(*database);
  CHECK(frontier->counts()->owed == 5);
  CHECK(frontier->counts()->done == 1);
  CHECK(frontier->counts()->hosts == 2);
  CHECK(frontier->next_due(at(2)) == at(0));
  auto lease = **frontier->claim(at(2), kSpan);
  CHECK(lease.host == "h0");
  CHECK(lease.token > token);
  const auto taken = take(*frontier, lease, 2, 9);
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].key == "https://h0/2");
  CHECK(taken[0].note == "note 2");
  CHECK(take(*frontier, lease, 2, 9).empty());
  CHECK(take(*frontier, lease, 40, 9).size() == 1);
  CHECK(frontier->next_due(at(2)) == at(50));
}

TEST_CASE("tokens grow, however often a frontier is opened", "[crawler]") {
  const TemporaryDirectory folder;
  const auto database = open_database(folder);
  REQUIRE(open_frontier(*database)->add(numbered(0, 3, 3), at(0)));
  uint64_t token = 0;
  for (int round = 0; round < 20; ++round) {
    const auto frontier = open_frontier(*database);
    for (int i = 0; i < 3; ++i) {
      const auto lease = **frontier->claim(at(1), kSpan);
      CHECK(lease.token > token);
      token = lease.token;
    }
  }
  // More than are reserved at once.
  const auto frontier = open_frontier(*database);
  for (int i = 0; i < 100'000; ++i) {
    const auto lease = **frontier->claim(at(i), 1ms);
    if (lease.token <= token) FAIL(i);
    token = lease.token;
  }
  CHECK((**open_frontier(*database)->claim(at(0), kSpan)).token > token);
}

TEST_CASE("runs have a frontier each", "[crawler]") {
  const TemporaryDirectory folder;
  const auto database = open_database(folder);
  const auto one = open_frontier(*database, "a"), other = open_frontier(*database, "ab");
  REQUIRE(one->add(numbered(0, 5000, 7), at(0)));
  REQUIRE(other->add(numbered(0, 10, 3), at(0)));
  CHECK(one->counts()->owed == 5000);
  CHECK(other->counts()->owed == 10);
  CHECK(*frontier_runs(*database) == std::vector<std::string>{"a", "ab"});

  REQUIRE(remove_frontier(*database, "a"));
  CHECK(count_rows(*database, "f a ") == 0);
  CHECK(*frontier_runs(*database) == std::vector<std::string>{"ab"});
  CHECK(find_in_frontier(*database, "a", "https://h0/0")->step == Step::kUnknown);
  CHECK(find_in_frontier(*database, "ab", "https://h0/0")->step == Step::kOwed);
  check_frontier_rows(*database, "ab");
  REQUIRE(remove_frontier(*database, "a"));
  CHECK(open_frontier(*database, "a")->counts()->owed == 0);
}

TEST_CASE("a removal that broke off is brought to its end", "[crawler]") {
  const TemporaryDirectory folder;
  const auto database = open_database(folder);
  REQUIRE(open_frontier(*database)->add(numbered(0, 50, 5), at(0)));
  REQUIRE(remove(*database, frontier_rows::Keys::of_run("0a")->totals()));
  const auto frontier = open_frontier(*database);
  CHECK(count_rows(*database, "f 0a ") == 0);
  CHECK(frontier->add(numbered(0, 5, 5), at(0))->front().step == Step::kUnknown);
  check_frontier_rows(*database, "0a");
}

TEST_CASE("names of runs", "[crawler]") {
  const TemporaryDirectory folder;
  const auto database = open_database(folder);
  for (const char* name : {"", "A", "g", "a b", "../a", "0123456789abcdef0123456789abcdef0"}) {
    CAPTURE(name);
    CHECK(StoredFrontier::open(*database, name).error().code == ErrorCode::kInvalid);
    CHECK(remove_frontier(*database, name).error().code == ErrorCode::kInvalid);
    CHECK(find_in_frontier(*database, name, "k").error().code == ErrorCode::kInvalid);
  }
  CHECK(StoredFrontier::open(*database, "0123456789abcdef0123456789abcdef"));
}

TEST_CASE("a run can be looked at beside the process that carries it out", "[crawler]") {
  const TemporaryDirectory folder;
  const auto database = open_database(folder);
  const auto frontier = open_frontier(*database);
  REQUIRE(frontier->add(numbered(0, 9, 3), at(0)));
  auto lease = **frontier->claim(at(0), kSpan);
  std::vector<Frontier::Completion> done;
  for (const auto& url : take(*frontier, lease, 0, 2)) {
    done.push_back({url.number, url.rank, url.key, "result of " + url.key});
  }
  REQUIRE(frontier->complete(lease, done, at(0)));

  const auto reader = open_database(folder, Database::Mode::kRead);
  CHECK(find_in_frontier(*reader, "0a", "https://h0/0")->result == "result of https://h0/0");
  CHECK(find_in_frontier(*reader, "0a", "https://h1/1")->note == "note 1");
  CHECK(find_in_frontier(*reader, "0b", "https://h1/1")->step == Step::kUnknown);
  CHECK(done_of(*reader, "0a").size() == 2);
  CHECK(done_of(*reader, "0b").empty());
  const auto same = open_frontier(*reader);
  CHECK(same->counts()->owed == 7);
  CHECK(same->find("https://h0/0")->step == Step::kDone);
  CHECK(same->add(numbered(9, 10, 3), at(0)).error().code == ErrorCode::kIo);

  REQUIRE(frontier->add(numbered(9, 10, 3), at(0)));
  REQUIRE(reader->catch_up());
  CHECK(find_in_frontier(*reader, "0a", "https://h0/9")->step == Step::kOwed);
  int visits = 0;
  REQUIRE(for_each_done(*reader, "0a", [&](auto, auto) { return ++visits < 0; }));
  CHECK(visits == 1);
}

// Thousands that come back at once do so in parts.
TEST_CASE("any number of URLs can be postponed to one moment", "[crawler]") {
  const TemporaryDirectory folder;
  const auto database = open_database(folder);
  const auto frontier = open_frontier(*database);
  constexpr int kUrls = 3000;
  REQUIRE(frontier->add(numbered(0, kUrls, 1), at(0)));
  auto lease = **frontier->claim(at(0), kSpan);
  for (const auto& url : take(*frontier, lease, 0, kUrls)) {
    REQUIRE(frontier->postpone(lease, url, at(100), at(0)));
  }
  SECTION("under the same lease") { CHECK(frontier->take(lease, at(1), 1000s, 9)->empty()); }
  SECTION("under the next one") {
    REQUIRE(frontier->release(lease, at(0)));
    lease = **frontier->claim(at(100), kSpan);
  }
  std::set<std::string> keys;
  for (size_t before = 1; before != keys.size();) {
    before = keys.size();
    for (const auto& url : take(*frontier, lease, 100, 700)) keys.insert(url.key);
  }
  CHECK(keys.size() == kUrls);
  check_frontier_rows(*database, "0a");
}

TEST_CASE("damaged rows are told", "[crawler]") {
  const TemporaryDirectory folder;
  const auto database = open_database(folder);
  const auto keys = *frontier_rows::Keys::of_run("0a");
  REQUIRE(open_frontier(*database)->add(numbered(0, 1, 1), at(0)));
  const auto check_damaged = [&](char letter, const auto& act) {
    std::string found;
    REQUIRE(database->scan(Table::kRun, keys.prefix() + letter, [&](auto key, auto) {
      found = key;
      return false;
    }));
    REQUIRE(put(*database, found, "damaged"));
    const auto frontier = StoredFrontier::open(*database, "0a");
    const auto result = frontier ? act(**frontier) : tl::unexpected(frontier.error());
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::kCorrupt);
    CHECK(result.error().message.find("0a") != std::string::npos);
  };
  const auto claim_and_take = [](Frontier& frontier) -> Result<void> {
    auto lease = frontier.claim(at(0), kSpan);
    if (!lease) return tl::unexpected(lease.error());
    const auto taken = frontier.take(**lease, at(0), kSpan, 9);
    return taken ? Result<void>() : tl::unexpected(taken.error());
  };
  const auto find = [](Frontier& frontier) -> Result<void> {
    const auto found = frontier.find("https://h0/0");
    return found ? Result<void>() : tl::unexpected(found.error());
  };
  SECTION("counts") { check_damaged('t', find); }
  SECTION("a URL") {
    check_damaged('u', find);
    CHECK(for_each_done(*database, "0a", [](auto, auto) { return true; }).error().code ==
          ErrorCode::kCorrupt);
  }
  SECTION("a place") {
    check_damaged('q', find);
    check_damaged('q', claim_and_take);
  }
  SECTION("a host") { check_damaged('h', claim_and_take); }
  SECTION("the line of hosts") { check_damaged('d', claim_and_take); }
}

namespace {

// The same steps on a stored frontier and on one in memory, which must answer alike.
class Model {
 public:
  explicit Model(unsigned seed) : random_(seed) { open(); }

  void step() {
    now_ += std::chrono::seconds(below(4));
    switch (below(16)) {
      case 0:
      case 1:
      case 2:
        return add();
      case 3:
      case 4:
        return claim();
      case 5:
      case 6:
      case 7:
        return take();
      case 8:
      case 9:
      case 10:
        return complete();
      case 11:
        return postpone();
      case 12:
        return release();
      case 13:
        return look();
      case 14:
        if (below(10) == 0) now_ += 70s;
        return;
      default:
        if (below(20) == 0) reopen();
    }
  }

  void check() { check_frontier_rows(*database_, "0a"); }

 private:
  struct Held {
    Lease stored, memory;
    std::vector<std::pair<ClaimedUrl, ClaimedUrl>> urls;  // as one numbers them, and the other
  };

  int below(int limit) { return std::uniform_int_distribution(0, limit - 1)(random_); }
  Time soon() { return now_ + std::chrono::seconds(below(30)); }

  void open() {
    stored_.reset();
    database_.reset();
    database_ = open_database(folder_);
    stored_ = open_frontier(*database_);
  }
  void reopen() {
    open();
    memory_.reopen();
    held_.clear();
    check();
  }

  void add() {
    std::vector<FrontierUrl> urls;
    for (int i = below(6); i >= 0; --i) {
      const int number = below(300);
      urls.push_back({fmt::format("{}", number), fmt::format("h{}", number % 6),
                      static_cast<uint8_t>(number % 3 * 3), fmt::format("{}", below(9))});
    }
    const auto stored = stored_->add(urls, now_), memory = memory_.add(urls, now_);
    REQUIRE(stored);
    for (size_t i = 0; i < urls.size(); ++i) check_same((*stored)[i], (*memory)[i]);
  }

  void claim() {
    const auto stored = stored_->claim(now_, kSpan), memory = memory_.claim(now_, kSpan);
    REQUIRE(stored);
    REQUIRE(stored->has_value() == memory->has_value());
    if (!*stored) return;
    CHECK((*stored)->host == (*memory)->host);
    held_.push_back({**stored, **memory, {}});
  }

  template <class T>
  bool same(const Result<T>& stored, const Result<T>& memory) {
    REQUIRE(stored.has_value() == memory.has_value());
    if (!stored) CHECK(stored.error().code == memory.error().code);
    return stored.has_value();
  }

  void take() {
    if (held_.empty()) return;
    Held& held = held_[below(static_cast<int>(held_.size()))];
    const size_t most = below(5);
    const auto last_rank = static_cast<uint8_t>(below(8));
    const auto stored = stored_->take(held.stored, now_, kSpan, most, last_rank);
    const auto memory = memory_.take(held.memory, now_, kSpan, most, last_rank);
    if (!same(stored, memory)) return;
    REQUIRE(stored->size() == memory->size());
    for (size_t i = 0; i < stored->size(); ++i) {
      REQUIRE((*stored)[i].key == (*memory)[i].key);
      CHECK((*stored)[i].note == (*memory)[i].note);
      CHECK((*stored)[i].rank == (*memory)[i].rank);
      held.urls.emplace_back((*stored)[i], (*memory)[i]);
    }
  }

  void complete() {
    if (held_.empty()) return;
    Held& held = held_[below(static_cast<int>(held_.size()))];
    std::vector<Frontier::Completion> stored, memory;
    for (int i = below(4); i >= 0 && !held.urls.empty(); --i) {
      const int which = below(static_cast<int>(held.urls.size()));
      const auto& [one, other] = held.urls[which];
      const std::string result = fmt::format("{}", below(100));
      stored.push_back({one.number, one.rank, one.key, result});
      memory.push_back({other.number, other.rank, other.key, result});
      if (below(20) > 0) held.urls.erase(held.urls.begin() + which);  // else once more
    }
    (void)same(stored_->complete(held.stored, stored, now_),
               memory_.complete(held.memory, memory, now_));
  }

  void postpone() {
    if (held_.empty()) return;
    Held& held = held_[below(static_cast<int>(held_.size()))];
    if (held.urls.empty()) return;
    auto [one, other] = held.urls.back();
    held.urls.pop_back();
    one.note = other.note = fmt::format("later {}", below(100));
    const Time until = soon();
    (void)same(stored_->postpone(held.stored, one, until, now_),
               memory_.postpone(held.memory, other, until, now_));
  }

  void release() {
    if (held_.empty()) return;
    const int which = below(static_cast<int>(held_.size()));
    const Held held = held_[which];
    const Time next = soon();
    (void)same(stored_->release(held.stored, next), memory_.release(held.memory, next));
    if (below(5) > 0) held_.erase(held_.begin() + which);  // else an old one goes on
  }

  static void check_same(const UrlState& stored, const UrlState& memory) {
    CHECK(stored.step == memory.step);
    CHECK(stored.note == memory.note);
    CHECK(stored.result == memory.result);
  }

  void look() {
    const std::string key = fmt::format("{}", below(310));
    check_same(*stored_->find(key), *memory_.find(key));
    CHECK(*stored_->next_due(now_) == *memory_.next_due(now_));
    const auto stored = *stored_->counts(), memory = *memory_.counts();
    CHECK(stored.owed == memory.owed);
    CHECK(stored.done == memory.done);
    CHECK(stored.hosts == memory.hosts);
  }

  TemporaryDirectory folder_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Frontier> stored_;
  MemoryFrontier memory_;
  std::mt19937 random_;
  Time now_ = at(0);
  std::vector<Held> held_;
};

}  // namespace

// HALFTONE_MODEL: how many random histories; 6 where it is not set.
TEST_CASE("a stored frontier does as one in memory, whatever is asked of it", "[crawler]") {
  const std::string wanted = from_parent("HALFTONE_MODEL");
  const int histories = wanted.empty() ? 6 : std::stoi(wanted);
  const unsigned first = std::random_device{}();
  for (int i = 0; i < histories; ++i) {
    const unsigned seed = first + static_cast<unsigned>(i);
    CAPTURE(seed);
    Model model(seed);
    for (int step = 0; step < 1500; ++step) model.step();
    model.check();
  }
}

TEST_CASE("child: works through a frontier until it is killed", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const auto database = *Database::open(folder, Database::Mode::kWrite);
  const auto frontier = *StoredFrontier::open(*database, "0a");
  tell_parent("open");
  int number = std::stoi(from_parent("HALFTONE_TEST_FIRST"));
  for (;;) {
    const int second = number;
    REQUIRE(frontier->add(numbered(number, number + 40, 11), at(second)));
    tell_parent(fmt::format("added {}", number));
    number += 40;
    auto lease = **frontier->claim(at(second), kSpan);
    const auto taken = take(*frontier, lease, second, 20);
    std::vector<Frontier::Completion> done;
    for (size_t i = 0; i < taken.size(); ++i) {
      if (i == 5) REQUIRE(frontier->postpone(lease, taken[i], at(second + 7), at(second)));
      if (i >= 5) continue;
      done.push_back({taken[i].number, taken[i].rank, taken[i].key, "by " + taken[i].key});
    }
    REQUIRE(frontier->complete(lease, done, at(second)));
    for (const auto& one : done) tell_parent("done " + one.key);
    tell_parent(fmt::format("token {}", lease.token));
    REQUIRE(frontier->release(lease, at(second + 1)));
  }
}

// HALFTONE_KILLS: how often; 10 where it is not set.
TEST_CASE("kill -9 at any instant leaves a frontier whole", "[crawler]") {
  const TemporaryDirectory folder;
  const std::string wanted = from_parent("HALFTONE_KILLS");
  const int kills = wanted.empty() ? 10 : std::stoi(wanted);
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution delay(0, 200);
  std::set<std::string> done;
  int next = 0;
  uint64_t token = 0;
  for (int round = 0; round < kills; ++round) {
    const int milliseconds = delay(random);
    CAPTURE(round, milliseconds);
    TestChild child("child: works through a frontier until it is killed",
                    {{"HALFTONE_TEST_ARCHIVE", folder.file("db")},
                     {"HALFTONE_TEST_FIRST", fmt::format("{}", next)}});
    if (round % 3 != 2 && child.read_line() != "open") FAIL(child.output());
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    child.kill();
    while (const auto line = child.read_line()) {
      if (line->starts_with("added ")) next = std::stoi(line->substr(6)) + 40;
      if (line->starts_with("done ")) CHECK(done.insert(line->substr(5)).second);
      if (line->starts_with("token ")) {
        CHECK(std::stoull(line->substr(6)) > token);
        token = std::stoull(line->substr(6));
      }
    }
    REQUIRE(child.finish() == -1);

    const auto database = open_database(folder);
    check_frontier_rows(*database, "0a");
    const auto kept = done_of(*database, "0a");
    for (const auto& key : done) CHECK(kept.contains(key));
    for (const auto& [key, result] : kept) CHECK(result == "by " + key);
    const auto frontier = open_frontier(*database);
    for (const auto& url : numbered(0, next, 11)) {
      const auto state = *frontier->find(url.key);
      CHECK(state.step == (kept.contains(url.key) ? Step::kDone : Step::kOwed));
      if (state.step == Step::kOwed) CHECK(state.note == url.note);
    }
    for (const auto& [key, result] : kept) done.insert(key);  // done, though not told
  }
  CHECK(!done.empty());
}
