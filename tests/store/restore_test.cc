// Archives from backups.
#include "store/restore.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "store/archive.h"
#include "store/backup.h"
#include "store/files.h"
#include "tests/store/kept_captures.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

// A backup of an archive that is closed, in folder/backup; the path of its generation.
std::string make_backup(const TemporaryDirectory& folder, uint64_t captures) {
  {
    const auto archive = *Archive::open_for_writing(folder.file("archive"));
    for (uint64_t number = 1; number <= captures; ++number) REQUIRE(keep(*archive, number));
    REQUIRE(archive->write_report("snapshot-1", "{}"));
  }
  folder.write("archive/fixity.jsonl", "{\"n\": 1}\n{\"n\": 2}\n{\"n");
  const auto report = back_up({.archive = folder.file("archive"), .folder = folder.file("backup")});
  REQUIRE(report);
  return report->generation;
}

Error refused(const std::string& from, const std::string& archive) {
  const auto restored = restore({.from = from, .archive = archive});
  REQUIRE_FALSE(restored);
  return restored.error();
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a restored archive is the one that was backed up", "[store]") {
  const TemporaryDirectory folder;
  const std::string generation = make_backup(folder, 12);
  const std::string target = folder.file("restored");
  SECTION("where nothing stands") {}
  SECTION("into an empty folder") { fs::create_directory(target); }
  const auto in_backup = *list_folder(generation);
  const auto counts = restore({.from = generation, .archive = target});
  REQUIRE(counts);
  CHECK(counts->bytes_copied > (9 << 20));
  CHECK(contents(target) == contents(folder.file("archive")));
  CHECK(folder.read("restored/reports/snapshot-1.json") == "{}");
  CHECK(folder.read("restored/fixity.jsonl") == "{\"n\": 1}\n{\"n\": 2}\n");
  CHECK(folder.read("restored/halftone-archive.json") ==
        folder.read("archive/halftone-archive.json"));
  CHECK(*list_folder(generation) == in_backup);
  for (const auto& entry : fs::directory_iterator(target)) {
    CHECK_FALSE(entry.path().filename().string().starts_with('.'));
  }
  {
    const auto archive = Archive::open_for_writing(target);
    REQUIRE(archive);
    CHECK(keep(**archive, 100));
  }
  // It goes on in the same backup.
  const auto next = back_up({.archive = target, .folder = folder.file("backup")});
  REQUIRE(next);
  CHECK(next->counts.files_linked > 0);
}

TEST_CASE("nothing is restored over what is there", "[store]") {
  const TemporaryDirectory folder;
  const std::string generation = make_backup(folder, 2);
  SECTION("an archive") {
    const Error error = refused(generation, folder.file("archive"));
    CHECK(error.code == ErrorCode::kInvalid);
    CHECK(holds(error.message, "there is an archive in"));
    CHECK(holds(error.message, "halftone merge"));
  }
  SECTION("something else") {
    folder.write("mine/thesis.txt", "years of work");
    CHECK(refused(generation, folder.file("mine")).code == ErrorCode::kInvalid);
    CHECK(list_folder(folder.file("mine"))->size() == 1);
  }
  SECTION("folders with our names, but without our lock") {
    folder.write("mine/db/notes", "my own");
    CHECK(refused(generation, folder.file("mine")).code == ErrorCode::kInvalid);
    CHECK(folder.read("mine/db/notes") == "my own");
  }
  SECTION("inside the backup") {
    CHECK(holds(refused(generation, generation + "/x").message, "inside each other"));
  }
  SECTION("from nothing") {
    CHECK(refused(folder.file("absent"), folder.file("new")).code == ErrorCode::kNotFound);
    CHECK_FALSE(fs::exists(folder.file("new")));
  }
}

TEST_CASE("a damaged backup is not restored", "[store]") {
  const TemporaryDirectory folder;
  const std::string generation = make_backup(folder, 12);
  for (const auto& entry : fs::directory_iterator(generation + "/db")) {
    if (entry.path().extension() != ".sst" || entry.file_size() < (9 << 20)) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(5'000'000);
    file.put('x').put('y');
    file.close();
    const Error error = refused(generation, folder.file("new"));
    CHECK(error.code == ErrorCode::kCorrupt);
    CHECK(holds(error.message, entry.path().string()));
    CHECK(Archive::open_for_reading(folder.file("new")).error().code == ErrorCode::kNotFound);
    // Another generation may be sound.
    const auto other = restore({.from = folder.file("archive"), .archive = folder.file("new")});
    CHECK(other);
    return;
  }
  FAIL("no large table file");
}

TEST_CASE("child: restores", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  tell_parent("ready");
  REQUIRE(restore({.from = from_parent("HALFTONE_TEST_FROM"), .archive = folder}));
}

TEST_CASE("kill -9 of a restore leaves no half archive", "[store]") {
  const TemporaryDirectory folder;
  const std::string generation = make_backup(folder, 24), target = folder.file("restored");
  const auto before = contents(generation);
  const std::string wanted = from_parent("HALFTONE_KILLS");
  const int kills = wanted.empty() ? 10 : std::stoi(wanted);
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < kills; ++round) {
    const auto delay = std::chrono::microseconds(std::uniform_int_distribution(0, 250'000)(random));
    CAPTURE(round, delay.count());
    if (round % 3 == 0) fs::remove_all(target);
    TestChild child("child: restores",
                    {{"HALFTONE_TEST_ARCHIVE", target}, {"HALFTONE_TEST_FROM", generation}});
    if (child.read_line() != "ready") FAIL(child.output());
    std::this_thread::sleep_for(delay);
    child.kill();
    child.finish();
    const auto archive = Archive::open_for_reading(target);
    if (archive) {
      CHECK((contents(**archive) == before));
      fs::remove_all(target);
    } else {
      const ErrorCode code = archive.error().code;
      CHECK((code == ErrorCode::kNotFound || code == ErrorCode::kInvalid));
    }
  }
  REQUIRE(restore({.from = generation, .archive = target}));
  CHECK((contents(target) == before));
}
