// Backups: what is in them, whatever else happens meanwhile.
#include "store/backup.h"

#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <thread>
#include <unistd.h>

#include "store/archive.h"
#include "store/archive_marker.h"
#include "store/restore.h"
#include "store/seal.h"
#include "store/verify.h"
#include "tests/store/blob_store_contract.h"
#include "tests/store/kept_captures.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

std::string body_while_writing(uint64_t number) {
  return noise(number % 64 == 31 ? (5 << 20) : 1 + number * 997 % 8'000, number);
}

// A number that a child process tells at any time, in a file.
uint64_t read_number(const std::string& path) {
  uint64_t number = 0;
  const int file = ::open(path.c_str(), O_RDONLY);
  const bool whole = file >= 0 && ::pread(file, &number, sizeof number, 0) == sizeof number;
  if (file >= 0) ::close(file);
  return whole ? number : 0;
}

void write_number(const std::string& path, uint64_t number) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0666);
  if (::pwrite(file, &number, sizeof number, 0) != sizeof number) std::abort();
  ::close(file);
}

// An archive with a few captures, closed.
void fill(const std::string& folder, uint64_t first, uint64_t last) {
  const auto archive = Archive::open_for_writing(folder);
  REQUIRE(archive);
  for (uint64_t number = first; number <= last; ++number) {
    REQUIRE(keep(**archive, number, body_while_writing(number)));
  }
}

BackupReport back_up_well(const std::string& archive, const std::string& folder, size_t keep = 0) {
  auto report = back_up({.archive = archive, .folder = folder, .keep = keep});
  if (!report) FAIL(report.error().message);
  return *std::move(report);
}

// Nothing hidden is left in the folder.
bool is_tidy(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with('.')) return false;
  }
  return true;
}

// Of a backup at work; a writer has temporary files of its own.
bool has_links(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(".links")) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("child: writes until it is killed", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const bool reopens = from_parent("HALFTONE_TEST_REOPENS") == "yes";
  uint64_t number = 0;
  for (;;) {
    const auto archive = Archive::open_for_writing(folder);
    REQUIRE(archive);
    // To close means to flush every table and to begin another MANIFEST; after a few times,
    // compaction sets in.
    for (int i = 0; i < 40 || !reopens; ++i) {
      ++number;
      REQUIRE(keep(**archive, number, body_while_writing(number)));
      write_number(folder + ".kept", number);
      if (number == 10) tell_parent("ready");
    }
  }
}

// HALFTONE_BACKUPS: how many; 6 where it is not set.
TEST_CASE("a backup beside a writer has all that was acknowledged before it", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  const std::string reopens = GENERATE("yes", "no");
  const std::string wanted = from_parent("HALFTONE_BACKUPS");
  const int rounds = wanted.empty() ? 6 : std::stoi(wanted);
  TestChild child("child: writes until it is killed",
                  {{"HALFTONE_TEST_ARCHIVE", source}, {"HALFTONE_TEST_REOPENS", reopens}});
  if (child.read_line() != "ready") FAIL(child.output());
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(reopens, round);
    const uint64_t kept = read_number(source + ".kept");
    const BackupReport report = back_up_well(source, backup);
    const auto generation = Archive::open_for_reading(report.generation);
    REQUIRE(generation);
    for (uint64_t number = 1; number <= kept; ++number) {
      check_kept(**generation, number, body_while_writing(number));
    }
    REQUIRE((*generation)->captures().for_each([&](const Capture& capture) {
      CHECK((*generation)->blobs().info(capture.digest));
      return true;
    }));
    if (round == rounds - 1) check_all_blobs(**generation);
    CHECK_FALSE(has_links(source));
  }
  child.kill();
  CHECK(child.finish() == -1);
  CHECK(generations(backup)->size() == static_cast<size_t>(rounds));
}

TEST_CASE("a second backup copies what is new, and no more", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 64);
  folder.write("archive/reports/one.json", std::string(100'000, 'x'));
  const BackupReport first = back_up_well(source, backup);
  CHECK(first.counts.bytes_copied > (5 << 20));
  CHECK(first.counts.files_linked == 0);

  const BackupReport second = back_up_well(source, backup);
  CHECK(second.counts.bytes_copied < (64 << 10));
  CHECK(second.counts.bytes_linked > (5 << 20));
  CHECK(contents(second.generation) == contents(source));

  fill(source, 65, 65);
  const BackupReport third = back_up_well(source, backup);
  CHECK(third.counts.bytes_copied < (256 << 10));
  CHECK(contents(third.generation) == contents(source));
  CHECK(contents(first.generation) == contents(second.generation));
  CHECK(generations(backup)->size() == 3);
}

TEST_CASE("what the log of a killed writer holds is backed up in table files", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive");
  TestChild child("child: writes until it is killed",
                  {{"HALFTONE_TEST_ARCHIVE", source}, {"HALFTONE_TEST_REOPENS", "no"}});
  if (child.read_line() != "ready") FAIL(child.output());
  child.kill();
  child.finish();
  const BackupReport report = back_up_well(source, folder.file("backup"));
  for (const auto& entry : fs::directory_iterator(report.generation + "/db")) {
    if (entry.path().extension() == ".log") CHECK(entry.file_size() == 0);
  }
  CHECK(contents(report.generation) == contents(source));
}

TEST_CASE("a generation is sealed, and verified as any archive", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 40);
  const auto writer = *Archive::open_for_writing(source);  // so this one has no seal
  const BackupReport first = back_up_well(source, backup);
  const std::string restored = folder.file("restored");
  REQUIRE(restore({.from = first.generation, .archive = restored}));
  for (const std::string& copy :
       {first.generation, back_up_well(source, backup).generation, restored}) {
    CHECK(*read_seal(copy));
    const auto checked = verify(copy, {}, [](const VerifyProgress&) { return true; });
    REQUIRE(checked);
    CHECK(checked->is_sound());
    CHECK(checked->is_sealed);
  }
}

TEST_CASE("an archive of an older format is backed up as it is", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive");
  fill(source, 1, 3);
  folder.write("archive/halftone-archive.json", R"({"format": 1})");
  const BackupReport report = back_up_well(source, folder.file("backup"));
  CHECK(*read_format(report.generation) == 1);
  CHECK(Archive::open_for_reading(report.generation).error().code == ErrorCode::kOlderFormat);
  CHECK(restore({.from = report.generation, .archive = folder.file("restored")}));
}

TEST_CASE("a generation is an archive, and what is done to it harms no other", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 40);
  const BackupReport first = back_up_well(source, backup);
  const BackupReport second = back_up_well(source, backup);
  const auto before = contents(source);
  fill(second.generation, 41, 80);
  CHECK(contents(first.generation) == before);
  CHECK(contents(source) == before);
  fs::remove_all(first.generation);
  CHECK(contents(second.generation).size() > before.size());
  CHECK(contents(back_up_well(source, backup).generation) == before);
}

TEST_CASE("old generations go when they are not to be kept", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 3);
  std::vector<std::string> made;
  for (int i = 0; i < 4; ++i) made.push_back(back_up_well(source, backup).generation);
  CHECK(*generations(backup) == made);
  const BackupReport report = back_up_well(source, backup, 2);
  CHECK(report.removed == std::vector<std::string>(made.begin(), made.begin() + 3));
  CHECK(*generations(backup) == std::vector<std::string>{made[3], report.generation});
  CHECK(back_up_well(source, backup, 5).removed.empty());
  CHECK(is_tidy(backup));
}

TEST_CASE("the generation of a time is found", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 1);
  const std::string first = back_up_well(source, backup).generation;
  const std::string second = back_up_well(source, backup).generation;
  CHECK(*find_generation(backup, {}) == second);
  CHECK(*find_generation(first, {}) == first);
  CHECK(*find_generation(source, {}) == source);
  CHECK(*find_generation(backup, time_of_generation(first)) == first);
  const auto none = find_generation(backup, *time_of_generation(first) - std::chrono::hours(1));
  CHECK(none.error().code == ErrorCode::kNotFound);
  CHECK(none.error().message.find(first) != std::string::npos);
  CHECK(find_generation(folder.path(), {}).error().code == ErrorCode::kNotFound);
}

TEST_CASE("child: backs up until it is killed", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  tell_parent("ready");
  for (;;) {
    REQUIRE(back_up({.archive = folder, .folder = folder + ".backup", .keep = 3}));
    tell_parent("done");
  }
}

// HALFTONE_KILLS: how often; 10 where it is not set.
TEST_CASE("kill -9 of a backup leaves no half generation", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = source + ".backup";
  fill(source, 1, 100);
  const auto before = contents(source);
  const std::string wanted = from_parent("HALFTONE_KILLS");
  const int kills = wanted.empty() ? 10 : std::stoi(wanted);
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < kills; ++round) {
    const auto delay = std::chrono::microseconds(std::uniform_int_distribution(0, 300'000)(random));
    CAPTURE(round, delay.count());
    // Every other one has the whole to copy.
    if (round % 2 == 0) fs::remove_all(backup);
    TestChild child("child: backs up until it is killed", {{"HALFTONE_TEST_ARCHIVE", source}});
    if (child.read_line() != "ready") FAIL(child.output());
    std::this_thread::sleep_for(delay);
    child.kill();
    CHECK(child.finish() == -1);
    if (const auto left = generations(backup)) {
      for (const std::string& generation : *left) CHECK((contents(generation) == before));
    }
  }
  CHECK((contents(back_up_well(source, backup, 3).generation) == before));
  CHECK(is_tidy(backup));
  CHECK(is_tidy(source));
}

TEST_CASE("a backup that is told to stop leaves nothing", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 64);
  uint64_t told = 0;
  const auto stopped = back_up(
      {.archive = source, .folder = backup, .on_copied = [&](uint64_t done, uint64_t total) {
         CHECK(done <= total);
         return ++told < 4;
       }});
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == ErrorCode::kInterrupted);
  CHECK(generations(backup)->empty());
  CHECK(is_tidy(backup));
  CHECK(is_tidy(source));
}
