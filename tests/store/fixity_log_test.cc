#include "store/fixity_log.h"

#include <filesystem>
#include <thread>

#include "store/files.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

struct Read {
  std::vector<FixityEntry> entries;
  std::vector<size_t> broken;  // numbers of lines
};

Read read(const std::string& folder) {
  Read all;
  REQUIRE(read_fixity(folder, [&](const FixityEntry& entry, const std::string& broken) {
    if (!broken.empty()) all.broken.push_back(all.entries.size());
    all.entries.push_back(entry);
  }));
  return all;
}

void append(const std::string& folder, const std::string& scope) {
  FixityEntry entry;
  entry.scope = scope;
  entry.blobs = 5;
  entry.seconds = 1.25;
  REQUIRE(append_fixity(folder, entry));
}

}  // namespace

TEST_CASE("checks leave a chain of lines", "[store]") {
  const TemporaryDirectory folder;
  CHECK(read(folder.path()).entries.empty());
  for (const char* scope : {"everything", "sample 1/20", "everything"})
    append(folder.path(), scope);
  const Read log = read(folder.path());
  CHECK(log.broken.empty());
  REQUIRE(log.entries.size() == 3);
  CHECK(log.entries[1].scope == "sample 1/20");
  CHECK(log.entries[1].blobs == 5);
  CHECK(log.entries[1].seconds == 1.25);
  CHECK(log.entries[1].version.starts_with("halftone "));
  CHECK(log.entries[1].by.find('@') != std::string::npos);
  CHECK(now() - log.entries[1].time < std::chrono::minutes(5));
}

TEST_CASE("whatever is done to the chain shows", "[store]") {
  const TemporaryDirectory folder;
  for (const char* scope : {"a", "b", "c", "d"}) append(folder.path(), scope);
  const std::string text = folder.read(kFixityLog);
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    lines.push_back(text.substr(at, text.find('\n', at) + 1 - at));
  }
  struct Row {
    const char* name;
    std::string text;
    std::vector<size_t> broken;
  };
  std::string altered = lines[1];
  altered.replace(altered.find("\"damaged\":0"), 11, "\"damaged\":1");
  const Row rows[] = {
      {"as it was", text, {}},
      {"one altered", lines[0] + altered + lines[2] + lines[3], {1, 2}},
      {"one left out", lines[0] + lines[2] + lines[3], {1}},
      {"the first left out", lines[1] + lines[2] + lines[3], {0}},
      {"two exchanged", lines[0] + lines[2] + lines[1] + lines[3], {1, 2, 3}},
      {"the last cut", lines[0] + lines[1] + lines[2].substr(0, 50), {2}},
      {"rubbish", "rubbish\n" + text, {0, 1}},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      folder.write(kFixityLog, row.text);
      CHECK(read(folder.path()).broken == row.broken);
    }
  }
  SECTION("any flipped bit") {
    for (size_t bit = 0; bit < 8 * text.size(); bit += 5) {
      std::string flipped = text;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
      folder.write(kFixityLog, flipped);
      if (read(folder.path()).broken.empty()) FAIL_CHECK("bit " << bit);
    }
  }
  SECTION("a line that a crash has cut does not spoil those behind it") {
    folder.write(kFixityLog, lines[0] + lines[1].substr(0, 50));
    append(folder.path(), "later");
    const Read log = read(folder.path());
    CHECK(log.broken == std::vector<size_t>{1});
    CHECK(log.entries.at(2).scope == "later");
  }
}

TEST_CASE("several processes may leave lines at once", "[store]") {
  const TemporaryDirectory folder;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 5; ++j) {
        FixityEntry entry;
        entry.scope = "everything";
        if (!append_fixity(folder.path(), entry)) std::abort();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Read log = read(folder.path());
  CHECK(log.entries.size() == 40);
  CHECK(log.broken.empty());
}

TEST_CASE("samples go on where the last one of their kind was", "[store]") {
  const TemporaryDirectory folder;
  CHECK(next_sample(folder.path(), 20) == 0);
  append(folder.path(), "sample 1/20");
  CHECK(next_sample(folder.path(), 20) == 1);
  append(folder.path(), "sample 20/20");
  append(folder.path(), "sample 3/4");
  append(folder.path(), "everything");
  CHECK(next_sample(folder.path(), 20) == 0);
  CHECK(next_sample(folder.path(), 4) == 3);
  CHECK(next_sample(folder.path(), 10) == 0);
}

TEST_CASE("a log that cannot be written is said to be", "[store]") {
  const TemporaryDirectory folder;
  std::filesystem::create_directory(folder.file(kFixityLog));
  const auto appended = append_fixity(folder.path(), {});
  REQUIRE_FALSE(appended);
  CHECK(appended.error().message.find(kFixityLog) != std::string::npos);
}
