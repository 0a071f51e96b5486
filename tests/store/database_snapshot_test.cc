// The order in which a snapshot is taken, against a writer that keeps RocksDB's order and does
// nothing else: so it gets between any two steps.
#include "store/database_snapshot.h"

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <set>
#include <sstream>
#include <thread>
#include <unistd.h>

#include "store/files.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

// Its logs hold the numbers 0, 1, 2 … and "uses 000012.sst". Its MANIFEST tells of table files:
// "add 000012.sst", which a log may use from then on; "flush 000013.sst 100 000014.log": the
// numbers below 100 are in that table file, the others in logs from that one on.
class ModelWriter {
 public:
  explicit ModelWriter(std::string folder) : folder_(std::move(folder)) {
    // So many that looking at them takes a while.
    for (int i = 0; i < 300; ++i) put(fmt::format("{:06}.sst", i), "");
    begin_manifest();
    begin_log();
    thread_ = std::thread([this] { run(); });
  }
  ~ModelWriter() {
    ends_ = true;
    thread_.join();
  }

  uint64_t acknowledged() const { return numbers_; }

 private:
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string next_name(const char* extension) {
    return fmt::format("{:06}{}", next_file_++, extension);
  }
  void put(const std::string& name, const std::string& text) {
    const int file = ::open(path(name).c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
    ::close(file);
  }
  void tell_manifest(const std::string& line) {
    state_ += line;
    put(manifest_, line);
  }

  void begin_manifest() {
    const std::string before = manifest_;
    manifest_ = fmt::format("MANIFEST-{:06}", next_file_++);
    put(manifest_, state_);
    put("CURRENT.new", manifest_ + "\n");
    fs::rename(path("CURRENT.new"), path("CURRENT"));
    if (!before.empty()) fs::remove(path(before));
  }
  void begin_log() {
    logs_.push_back(next_name(".log"));
    put(logs_.back(), "");
  }
  void write_number() {
    put(logs_.back(), fmt::format("{}\n", numbers_.load()));
    ++numbers_;
  }
  void add_table() {
    const std::string name = next_name(".sst");
    put(name, "added");
    tell_manifest("add " + name + "\n");
    put(logs_.back(), "uses " + name + "\n");
  }
  void flush() {
    begin_log();
    const uint64_t below = numbers_;
    if (random_() % 2 == 0) write_number();
    const std::string table = next_name(".sst");
    put(table, fmt::format("{}", below));
    tell_manifest(fmt::format("flush {} {} {}\n", table, below, logs_.back()));
    for (; logs_.size() > 1; logs_.erase(logs_.begin())) fs::remove(path(logs_.front()));
    if (!flushed_.empty()) fs::remove(path(flushed_));
    flushed_ = table;
  }
  void run() {
    while (!ends_) {
      const auto action = random_() % 16;
      if (action < 8) write_number();
      if (action == 8) begin_log();
      if (action > 8 && action < 12) add_table();
      if (action >= 12 && action < 15) flush();
      if (action == 15) begin_manifest();
      // Now and then there is an instant without changes.
      if (random_() % 8 == 0) {
        std::this_thread::sleep_for(std::chrono::microseconds(random_() % 8000));
      }
    }
  }

  const std::string folder_;
  std::mt19937 random_{std::random_device{}()};
  std::string manifest_, state_, flushed_;
  std::vector<std::string> logs_;
  uint64_t next_file_ = 1000;
  std::atomic<uint64_t> numbers_{0};
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

// What the writer's MANIFEST says at its end.
struct State {
  std::set<std::string> added;
  std::string flushed, first_log;
  uint64_t below = 0;
};

State read_state(const DatabaseSnapshot::Log& manifest) {
  State state;
  std::istringstream words(read_file(manifest.path, 1 << 30)->substr(0, manifest.size));
  for (std::string word; words >> word;) {
    std::string name;
    words >> name;
    if (word == "add") state.added.insert(name);
    if (word == "flush") {
      state.flushed = name;
      words >> state.below >> state.first_log;
    }
  }
  return state;
}

// The model's way to open what a kill left: the first number that is in no log.
uint64_t open(const DatabaseSnapshot& snapshot) {
  const State state = read_state(snapshot.manifest());
  for (const std::string& name : state.added) CHECK(fs::exists(snapshot.table_path(name)));
  if (!state.flushed.empty()) {
    const auto table = read_file(snapshot.table_path(state.flushed), 100);
    REQUIRE(table);
    CHECK(*table == fmt::format("{}", state.below));
  }
  uint64_t next = state.below;
  for (const auto& log : snapshot.logs()) {
    if (log.name < state.first_log) continue;
    std::istringstream words(read_file(log.path, 1 << 30)->substr(0, log.size));
    for (std::string word; words >> word;) {
      if (word == "uses") {
        words >> word;
        CHECK(state.added.contains(word));
      } else {
        REQUIRE(word == fmt::format("{}", next));
        ++next;
      }
    }
  }
  return next;
}

}  // namespace

TEST_CASE("a snapshot is what a kill at one instant would have left", "[store]") {
  const TemporaryDirectory folder;
  fs::create_directory(folder.file("db"));
  ModelWriter writer(folder.file("db"));
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    const std::string links = folder.file(fmt::format("links-{}", round));
    fs::create_directory(links);
    const uint64_t acknowledged = writer.acknowledged();
    const auto snapshot = DatabaseSnapshot::take(folder.file("db"), links);
    if (!snapshot) FAIL(snapshot.error().message);
    // The writer goes on, and deletes what it needs no more.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK(snapshot->still_stands());
    CHECK(open(*snapshot) >= acknowledged);
    fs::remove_all(links);
  }
}

TEST_CASE("without links, a snapshot says when it holds no longer", "[store]") {
  const TemporaryDirectory folder;
  folder.write("db/CURRENT", "MANIFEST-000001\n");
  folder.write("db/MANIFEST-000001", "add");
  folder.write("db/000002.log", "12345");
  const auto snapshot = DatabaseSnapshot::take(folder.file("db"), "");
  REQUIRE(snapshot);
  CHECK(snapshot->manifest().size == 3);
  REQUIRE(snapshot->logs().size() == 1);
  CHECK(snapshot->logs()[0].size == 5);
  folder.write("db/000002.log", "123456789");
  CHECK(snapshot->still_stands());
  SECTION("MANIFEST grows") { folder.write("db/MANIFEST-000001", "add more"); }
  SECTION("another MANIFEST") {
    folder.write("db/MANIFEST-000003", "add");
    folder.write("db/CURRENT", "MANIFEST-000003\n");
  }
  CHECK_FALSE(snapshot->still_stands());
}

TEST_CASE("a folder without a sound CURRENT has no snapshot", "[store]") {
  const TemporaryDirectory folder;
  folder.write("db/MANIFEST-000001", "add");
  SECTION("none") {}
  SECTION("empty") { folder.write("db/CURRENT", ""); }
  SECTION("one that leads elsewhere") { folder.write("db/CURRENT", "MANIFEST-1/../../x\n"); }
  SECTION("one that leads nowhere") { folder.write("db/CURRENT", "MANIFEST-000002\n"); }
  CHECK(DatabaseSnapshot::take(folder.file("db"), "").error().code == ErrorCode::kCorrupt);
}
