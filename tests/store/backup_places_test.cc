// Where backups are made from and to: other file systems, full and read-only ones, wrong folders,
// damaged archives.
#include <filesystem>
#include <fstream>
#include <memory>
#include <sys/mount.h>

#include <rocksdb/db.h>

#include "store/archive.h"
#include "store/backup.h"
#include "store/files.h"
#include "store/lock.h"
#include "tests/store/kept_captures.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

void fill(const std::string& folder, uint64_t first, uint64_t last) {
  const auto archive = Archive::open_for_writing(folder);
  REQUIRE(archive);
  for (uint64_t number = first; number <= last; ++number) REQUIRE(keep(**archive, number));
}

void flip_bit(const std::string& path, uint64_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(file.get() ^ 4);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

std::vector<std::string> files_of(const std::string& database, const std::string& extension) {
  std::vector<std::string> found;
  const auto names = *list_folder(database);
  for (const std::string& name : names) {
    if (name.ends_with(extension)) found.push_back(database + "/" + name);
  }
  return found;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a damaged file of the archive does not get into a backup", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 12);
  const std::string victim = GENERATE("first", "last");
  const auto tables = files_of(source + "/db", ".sst");
  const std::string table = victim == "first" ? tables.front() : tables.back();
  SECTION("a flipped bit") { flip_bit(table, fs::file_size(table) / 2); }
  SECTION("cut off") { fs::resize_file(table, fs::file_size(table) - 1); }
  SECTION("missing") { fs::remove(table); }
  const auto report = back_up({.archive = source, .folder = backup});
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::kCorrupt);
  CHECK(holds(report.error().message, table));
  CHECK(holds(report.error().message, "halftone verify --archive " + source));
  CHECK(generations(backup)->empty());
}

TEST_CASE("what an earlier backup has is not taken from a damaged archive", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 12);
  const auto before = contents(source);
  REQUIRE(back_up({.archive = source, .folder = backup}));
  for (const std::string& table : files_of(source + "/db", ".sst")) flip_bit(table, 100);
  const auto report = back_up({.archive = source, .folder = backup});
  REQUIRE(report);
  CHECK((contents(report->generation) == before));
}

namespace {

// Writes all table files again, without the checksums that early versions did not keep.
void lose_checksums(const std::string& database) {
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies({}, database, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::Open({}, database, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  for (auto* handle : handles) {
    CHECK(db->CompactRange(options, handle, nullptr, nullptr).ok());
    CHECK(db->DestroyColumnFamilyHandle(handle).ok());
  }
  CHECK(db->Close().ok());
}

}  // namespace

TEST_CASE("table files without a checksum are judged by their blocks, size and time", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 12);
  lose_checksums(source + "/db");
  const auto before = contents(source);
  const auto tables = files_of(source + "/db", ".sst");
  SECTION("sound") {
    REQUIRE(back_up({.archive = source, .folder = backup}));
    const auto second = back_up({.archive = source, .folder = backup});
    REQUIRE(second);
    CHECK(second->counts.bytes_copied < (64 << 10));
    CHECK((contents(second->generation) == before));
    // Another time: perhaps another file under the same name.
    fs::last_write_time(tables.back(), fs::file_time_type::clock::now());
    const auto third = back_up({.archive = source, .folder = backup});
    REQUIRE(third);
    CHECK(third->counts.bytes_copied > fs::file_size(tables.back()));
  }
  SECTION("damaged") {
    flip_bit(tables.back(), fs::file_size(tables.back()) / 2);
    const auto report = back_up({.archive = source, .folder = backup});
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ErrorCode::kCorrupt);
    CHECK(holds(report.error().message, tables.back()));
  }
}

TEST_CASE("damage in the files that change is found, too", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), copy = folder.file("copy");
  const auto archive = *Archive::open_for_writing(source);
  for (uint64_t number = 1; number < 7; ++number) REQUIRE(keep(*archive, number));
  fs::copy(source, copy, fs::copy_options::recursive);  // as a kill would leave it
  const std::string database = copy + "/db/";
  std::string damaged;
  SECTION("a log") { damaged = files_of(database, ".log").back(); }
  SECTION("MANIFEST") { damaged = database + read_file(database + "CURRENT", 100)->substr(0, 15); }
  flip_bit(damaged, fs::file_size(damaged) / 2);
  const auto report = back_up({.archive = copy, .folder = folder.file("backup")});
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::kCorrupt);
  CHECK(holds(report.error().message, fs::path(damaged).filename().string()));
}

TEST_CASE("a folder that is no backup of this archive is left alone", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive");
  fill(source, 1, 2);
  const auto refused = [&](const std::string& archive, const std::string& to) {
    const auto report = back_up({.archive = archive, .folder = to});
    REQUIRE_FALSE(report);
    return report.error();
  };
  SECTION("something else") {
    folder.write("mine/thesis.txt", "years of work");
    const Error error = refused(source, folder.file("mine"));
    CHECK(error.code == ErrorCode::kInvalid);
    CHECK(holds(error.message, "is no backup"));
    CHECK(list_folder(folder.file("mine"))->size() == 1);
  }
  SECTION("an archive") {
    fill(folder.file("other"), 1, 1);
    CHECK(refused(source, folder.file("other")).code == ErrorCode::kInvalid);
  }
  SECTION("a file") {
    folder.write("file", "x");
    CHECK(refused(source, folder.file("file")).code == ErrorCode::kIo);
  }
  SECTION("a backup of another archive") {
    fill(folder.file("other"), 1, 1);
    REQUIRE(back_up({.archive = folder.file("other"), .folder = folder.file("backup")}));
    CHECK(holds(refused(source, folder.file("backup")).message, "another archive"));
  }
  SECTION("inside the archive, and the other way round") {
    CHECK(holds(refused(source, source + "/backup").message, "inside each other"));
    CHECK(refused(source, source).code == ErrorCode::kInvalid);
    CHECK(refused(source, folder.path()).code == ErrorCode::kInvalid);
    fs::create_directory_symlink(source, folder.file("link"));
    CHECK(refused(source, folder.file("link/backup")).code == ErrorCode::kInvalid);
    CHECK_FALSE(fs::exists(source + "/backup"));
    const auto report = back_up({.archive = source, .folder = folder.file("b")});
    REQUIRE(report);
    CHECK(refused(report->generation, folder.file("b")).code == ErrorCode::kInvalid);
  }
  SECTION("a newer backup, a damaged marker") {
    folder.write("b/halftone-backup.json", R"({"backup": 2, "archive": ""})");
    CHECK(refused(source, folder.file("b")).code == ErrorCode::kNewerFormat);
    folder.write("b/halftone-backup.json", R"({"back)");
    CHECK(refused(source, folder.file("b")).code == ErrorCode::kCorrupt);
  }
  SECTION("no archive to back up") {
    CHECK(refused(folder.file("absent"), folder.file("b")).code == ErrorCode::kNotFound);
    CHECK_FALSE(fs::exists(folder.file("b")));
  }
}

TEST_CASE("one backup at a time goes into a folder", "[store]") {
  const TemporaryDirectory folder;
  const std::string source = folder.file("archive"), backup = folder.file("backup");
  fill(source, 1, 2);
  REQUIRE(back_up({.archive = source, .folder = backup}));
  const auto held = WriterLock::take(backup, "backup");
  const auto report = back_up({.archive = source, .folder = backup});
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::kInUse);
  CHECK(holds(report.error().message, "the backup " + backup + " is in use by process"));
}

TEST_CASE("child: backs up to a disk of its own", "[.child]") {
  const std::string place = from_parent("HALFTONE_TEST_ARCHIVE");
  if (place.empty()) return;
  const std::string source = place + "/archive", disk = place + "/disk";
  fs::create_directories(disk);
  if (!get_own_mounts() || ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64m") != 0) {
    tell_parent("may not mount");
    return;
  }
  fs::remove_all(source);  // of the section before
  fill(source, 1, 16);
  const auto before = contents(source);
  const std::string backup = disk + "/backup";
  SECTION("another file system has links of its own") {
    REQUIRE(back_up({.archive = source, .folder = backup}));
    const auto second = back_up({.archive = source, .folder = backup});
    REQUIRE(second);
    CHECK(second->counts.bytes_copied < (64 << 10));
    CHECK((contents(second->generation) == before));
  }
  SECTION("a full one keeps what it has") {
    REQUIRE(back_up({.archive = source, .folder = backup}));
    fill(source, 17, 80);
    const auto full = back_up({.archive = source, .folder = backup});
    REQUIRE_FALSE(full);
    CHECK(full.error().code == ErrorCode::kNoSpace);
    CHECK(holds(full.error().message, disk));
    REQUIRE(generations(backup)->size() == 1);
    CHECK((contents(generations(backup)->front()) == before));
    CHECK(::mount(nullptr, disk.c_str(), nullptr, MS_REMOUNT, "size=256m") == 0);
    const auto later = back_up({.archive = source, .folder = backup});
    REQUIRE(later);
    CHECK((contents(later->generation) == contents(source)));
  }
  SECTION("a full one for the archive, which must be backed up all the more") {
    const std::string on_disk = disk + "/archive";
    fs::copy(source, on_disk, fs::copy_options::recursive);
    std::ofstream(disk + "/filler") << std::string(64 << 20, 'x');
    const auto report = back_up({.archive = on_disk, .folder = place + "/backup"});
    REQUIRE(report);
    CHECK((contents(report->generation) == before));
  }
}

TEST_CASE("a backup goes to another disk, and survives its being full", "[store]") {
  const TemporaryDirectory folder;
  run_in_own_mounts("child: backs up to a disk of its own", folder.path());
}

TEST_CASE("child: backs up what it cannot write", "[.child]") {
  const std::string place = from_parent("HALFTONE_TEST_ARCHIVE");
  if (place.empty()) return;
  const std::string source = place + "/archive";
  if (!get_own_mounts() || !mount_read_only(source)) {
    tell_parent("may not mount");
    return;
  }
  const auto report = back_up({.archive = source, .folder = place + "/backup"});
  REQUIRE(report);
  CHECK((contents(report->generation) == contents(source)));
}

TEST_CASE("an archive on read-only media is backed up", "[store]") {
  const TemporaryDirectory folder;
  fill(folder.file("archive"), 1, 9);
  run_in_own_mounts("child: backs up what it cannot write", folder.path());
}
