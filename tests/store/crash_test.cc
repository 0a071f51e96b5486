// What is acknowledged survives: SIGKILL at any instant, and a disk that fills up.
#include <chrono>
#include <random>
#include <sys/mount.h>
#include <thread>

#include "store/archive.h"
#include "store/gc.h"
#include "store/upgrade.h"
#include "tests/store/blob_store_contract.h"
#include "tests/store/kept_captures.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;

TEST_CASE("child: keeps captures until it is killed", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const auto archive = Archive::open_for_writing(folder);
  REQUIRE(archive);
  tell_parent("open");
  for (uint64_t number = std::stoull(from_parent("HALFTONE_TEST_FIRST"));; ++number) {
    REQUIRE(keep(**archive, number));
    tell_parent(fmt::format("{}", number));
  }
}

// HALFTONE_KILLS: how often; 10 where it is not set.
TEST_CASE("kill -9 at any instant loses nothing that was acknowledged", "[store]") {
  const TemporaryDirectory folder;
  const std::string wanted = from_parent("HALFTONE_KILLS");
  const int kills = wanted.empty() ? 10 : std::stoi(wanted);
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution delay(0, 300);
  std::vector<uint64_t> acknowledged;
  uint64_t next = 1;
  for (int round = 0; round < kills; ++round) {
    const int milliseconds = delay(random);
    CAPTURE(round, milliseconds);
    TestChild child("child: keeps captures until it is killed",
                    {{"HALFTONE_TEST_ARCHIVE", folder.path()},
                     {"HALFTONE_TEST_FIRST", fmt::format("{}", next)}});
    // Every third time it may be killed while it opens the archive, too.
    if (round % 3 != 2 && child.read_line() != "open") FAIL(child.output());
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    child.kill();
    while (const auto line = child.read_line()) {
      if (*line != "open") acknowledged.push_back(std::stoull(*line));
    }
    REQUIRE(child.finish() == -1);
    if (!acknowledged.empty()) next = acknowledged.back() + 1;

    const auto archive = Archive::open_for_writing(folder.path());
    REQUIRE(archive);
    for (const uint64_t number : acknowledged) check_kept(**archive, number);
    check_all_blobs(**archive);
  }
  CHECK(acknowledged.size() > 0);
}

TEST_CASE("child: fills a small disk", "[.child]") {
  const std::string disk = from_parent("HALFTONE_TEST_ARCHIVE");
  if (disk.empty()) return;
  if (!get_own_mounts() || ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=24m") != 0) {
    tell_parent("may not mount");
    return;
  }
  const std::string folder = disk + "/archive";
  std::vector<uint64_t> acknowledged;
  {
    const auto archive = *Archive::open_for_writing(folder);
    Result<void> kept;
    for (uint64_t number = 1; number < 10'000 && kept; ++number) {
      kept = keep(*archive, number);
      if (kept) acknowledged.push_back(number);
    }
    REQUIRE_FALSE(kept);
    CHECK(kept.error().code == ErrorCode::kNoSpace);
    CHECK(kept.error().message.find("is full; nothing already stored is lost") !=
          std::string::npos);
    CHECK(kept.error().message.find(disk) != std::string::npos);
    CHECK(acknowledged.size() > 8);
    for (const uint64_t number : acknowledged) check_kept(*archive, number);
    const auto report = archive->write_report("full", std::string(32 << 20, ' '));
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ErrorCode::kNoSpace);
  }

  const auto on_full_disk = Archive::open_for_reading(folder);
  REQUIRE(on_full_disk);
  for (const uint64_t number : acknowledged) check_kept(**on_full_disk, number);
  if (const auto writer = Archive::open_for_writing(folder); !writer) {
    CHECK(writer.error().code == ErrorCode::kNoSpace);
  }

  REQUIRE(::mount(nullptr, disk.c_str(), nullptr, MS_REMOUNT, "size=96m") == 0);
  const auto archive = Archive::open_for_writing(folder);
  REQUIRE(archive);
  for (const uint64_t number : acknowledged) check_kept(**archive, number);
  check_all_blobs(**archive);
  CHECK(keep(**archive, 10'001));
  check_kept(**archive, 10'001);
}

TEST_CASE("a full disk is said to be full, and loses nothing", "[store]") {
  const TemporaryDirectory folder;
  run_in_own_mounts("child: fills a small disk", folder.path());
}

TEST_CASE("child: reads from a disk that cannot be written", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  if (!get_own_mounts() || !mount_read_only(folder)) {
    tell_parent("may not mount");
    return;
  }
  CHECK(Archive::open_for_writing(folder).error().code == ErrorCode::kIo);
  SECTION("with a place for temporary files") {}
  SECTION("without one") { ::setenv("TMPDIR", folder.c_str(), 1); }
  const auto archive = Archive::open_for_reading(folder);
  REQUIRE(archive);
  for (const uint64_t number : {1, 7}) check_kept(**archive, number);
}

TEST_CASE("an archive is read from a disk that cannot be written", "[store]") {
  const TemporaryDirectory folder;
  {
    const auto archive = *Archive::open_for_writing(folder.path());
    for (const uint64_t number : {1, 7}) REQUIRE(keep(*archive, number));
  }
  run_in_own_mounts("child: reads from a disk that cannot be written", folder.path());
}

TEST_CASE("child: collects garbage on a disk that is full", "[.child]") {
  const std::string disk = from_parent("HALFTONE_TEST_ARCHIVE");
  if (disk.empty()) return;
  if (!get_own_mounts() || ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=40m") != 0) {
    tell_parent("may not mount");
    return;
  }
  const std::string folder = disk + "/archive";
  std::vector<uint64_t> acknowledged;
  {
    const auto archive = *Archive::open_for_writing(folder);
    Result<void> kept;
    for (uint64_t number = 1; number < 10'000 && kept; ++number) {
      if (!archive->blobs().put(noise(200'000, 100'000 + number))) break;
      kept = keep(*archive, number);
      if (kept) acknowledged.push_back(number);
    }
    REQUIRE_FALSE(acknowledged.empty());
    const auto garbage = collect_garbage(*archive);
    REQUIRE_FALSE(garbage);
    CHECK(garbage.error().code == ErrorCode::kNoSpace);
  }
  // Whether there is enough to begin with or not: nothing that is needed goes.
  for (const char* size : {"size=40m", "size=42m", "size=46m", "size=96m"}) {
    CAPTURE(size);
    REQUIRE(::mount(nullptr, disk.c_str(), nullptr, MS_REMOUNT, size) == 0);
    const auto archive = Archive::open_for_writing(folder);
    if (!archive) {
      CHECK(archive.error().code == ErrorCode::kNoSpace);
      continue;
    }
    const auto garbage = collect_garbage(**archive);
    if (!garbage) CHECK(garbage.error().code == ErrorCode::kNoSpace);
    for (const uint64_t number : acknowledged) check_kept(**archive, number);
  }
  const auto archive = Archive::open_for_writing(folder);
  REQUIRE(archive);
  const auto garbage = collect_garbage(**archive);
  REQUIRE(garbage);
  CHECK(garbage->bodies == 0);
  for (const uint64_t number : acknowledged) check_kept(**archive, number);
  check_all_blobs(**archive);
}

TEST_CASE("gc on a full disk takes away nothing that is needed", "[store]") {
  const TemporaryDirectory folder;
  run_in_own_mounts("child: collects garbage on a disk that is full", folder.path());
}

TEST_CASE("child: asks what would go on a disk that cannot be written", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const char* path = folder.c_str();
  if (!get_own_mounts() || ::mount(path, path, nullptr, MS_BIND, nullptr) != 0 ||
      ::mount(nullptr, path, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
    tell_parent("may not mount");
    return;
  }
  const auto archive = Archive::open_for_reading(folder);
  REQUIRE(archive);
  const auto garbage = collect_garbage(**archive, {.dry_run = true});
  REQUIRE(garbage);
  CHECK(garbage->blobs_kept == 1);
  CHECK(upgrade_archive(folder, [](uint64_t) {})->from == Archive::kFormat);
}

TEST_CASE("what would go can be asked of a disk that cannot be written", "[store]") {
  const TemporaryDirectory folder;
  REQUIRE(keep(**Archive::open_for_writing(folder.path()), 1));
  run_in_own_mounts("child: asks what would go on a disk that cannot be written", folder.path());
}
