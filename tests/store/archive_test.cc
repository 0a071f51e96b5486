#include "store/archive.h"

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "store/files.h"
#include "tests/store/blob_store_contract.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

void write(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string marker(const std::string& folder) { return folder + "/halftone-archive.json"; }

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an archive that is closed keeps its lock until that is let go", "[store]") {
  const TemporaryDirectory folder;
  auto archive = Archive::open_for_writing(folder.file("a"));
  REQUIRE(archive);
  {
    WriterLock lock = Archive::close(*std::move(archive));
    CHECK(Archive::open_for_writing(folder.file("a")).error().code == ErrorCode::kInUse);
    CHECK(Archive::open_for_reading(folder.file("a")));
    CHECK(fs::exists(folder.file("a/halftone-seal.json")));
    auto again = Archive::open_for_writing(folder.file("a"), std::move(lock));
    REQUIRE(again);
    CHECK(Archive::open_for_writing(folder.file("a")).error().code == ErrorCode::kInUse);
  }
  CHECK(Archive::open_for_writing(folder.file("a")));
}

TEST_CASE("an archive is made where nothing stands", "[store]") {
  const TemporaryDirectory folder;
  const std::string path = folder.file("deep/er");
  REQUIRE(Archive::open_for_writing(path));
  CHECK(names_in(path) == std::vector<std::string>{"db", "halftone-archive.json",
                                                   "halftone-seal.json", "lock", "reports"});
  const auto text = nlohmann::json::parse(*read_file(marker(path), 4096));
  CHECK(text["format"] == 2);
  CHECK(text["made_by"].get<std::string>().starts_with("halftone "));
  CHECK(parse_date(text["created"].get<std::string>()));

  CHECK(Archive::open_for_writing(path));
  CHECK(Archive::open_for_reading(path));
}

TEST_CASE("folders that are no archive are left alone", "[store]") {
  const TemporaryDirectory folder;
  SECTION("nothing there: nothing to read, and nothing is made") {
    const auto archive = Archive::open_for_reading(folder.file("absent"));
    CHECK(archive.error().code == ErrorCode::kNotFound);
    CHECK_FALSE(fs::exists(folder.file("absent")));
  }
  SECTION("a folder of something else") {
    write(folder.file("thesis.txt"), "years of work");
    for (const auto open : {Archive::open_for_writing, Archive::open_for_reading}) {
      const auto archive = open(folder.path());
      REQUIRE_FALSE(archive);
      CHECK(archive.error().code == ErrorCode::kInvalid);
      CHECK(holds(archive.error().message, "is not an archive"));
    }
    CHECK(names_in(folder.path()) == std::vector<std::string>{"thesis.txt"});
  }
  SECTION("a folder with names like ours, but without our lock") {
    fs::create_directory(folder.file("db"));
    CHECK(Archive::open_for_writing(folder.path()).error().code == ErrorCode::kInvalid);
  }
  SECTION("a file") {
    write(folder.file("file"), "text");
    CHECK(Archive::open_for_writing(folder.file("file")).error().code == ErrorCode::kInvalid);
    CHECK(Archive::open_for_reading(folder.file("file")).error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE("an archive whose making was interrupted is made again", "[store]") {
  const TemporaryDirectory folder;
  REQUIRE(Archive::open_for_writing(folder.path()));
  fs::remove(folder.file("halftone-seal.json"));
  SECTION("after its database") { fs::remove(marker(folder.path())); }
  SECTION("before its database") {
    fs::remove(marker(folder.path()));
    fs::remove_all(folder.file("db"));
    write(folder.file(".halftone-archive.json.4711.tmp"), "{");
  }
  CHECK(Archive::open_for_reading(folder.path()).error().code == ErrorCode::kNotFound);
  CHECK(Archive::open_for_writing(folder.path()));
  CHECK(Archive::open_for_reading(folder.path()));
}

TEST_CASE("the marker decides whether we can read the archive", "[store]") {
  const TemporaryDirectory folder;
  REQUIRE(Archive::open_for_writing(folder.path()));
  struct Row {
    const char* name;
    std::string text;
    ErrorCode code;
    const char* says;
  };
  const Row rows[] = {
      {"a newer format", R"({"format": 3})", ErrorCode::kNewerFormat,
       "made by a newer halftone (format 3; this one reads 2): upgrade halftone"},
      {"an older format", R"({"format": 1})", ErrorCode::kOlderFormat,
       "halftone upgrade --archive"},
      {"empty", "", ErrorCode::kCorrupt, "damaged"},
      {"cut", R"({"format": )", ErrorCode::kCorrupt, "damaged"},
      {"no format", "{}", ErrorCode::kCorrupt, "damaged"},
      {"not an object", "[1]", ErrorCode::kCorrupt, "damaged"},
      {"a format that is no number", R"({"format": "1"})", ErrorCode::kCorrupt, "damaged"},
      {"format zero", R"({"format": 0})", ErrorCode::kCorrupt, "damaged"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      write(marker(folder.path()), row.text);
      for (const auto open : {Archive::open_for_writing, Archive::open_for_reading}) {
        const auto archive = open(folder.path());
        REQUIRE_FALSE(archive);
        CHECK(archive.error().code == row.code);
        CHECK(holds(archive.error().message, row.says));
      }
    }
  }
}

TEST_CASE("an archive without its database is damaged, not empty", "[store]") {
  const TemporaryDirectory folder;
  REQUIRE(Archive::open_for_writing(folder.path()));
  fs::remove_all(folder.file("db"));
  CHECK(Archive::open_for_writing(folder.path()).error().code == ErrorCode::kCorrupt);
  CHECK(Archive::open_for_reading(folder.path()).error().code == ErrorCode::kCorrupt);
}

TEST_CASE("child: holds an archive for writing", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const auto archive = Archive::open_for_writing(folder);
  REQUIRE(archive);
  REQUIRE((*archive)->blobs().put("put by the child"));
  REQUIRE((*archive)->blobs().settle());
  tell_parent("ready");
  wait_for_parent();
}

TEST_CASE("one process writes, any number read beside it", "[store]") {
  const TemporaryDirectory folder;
  TestChild child("child: holds an archive for writing",
                  {{"HALFTONE_TEST_ARCHIVE", folder.path()}});
  REQUIRE(child.read_line() == "ready");

  const auto second = Archive::open_for_writing(folder.path());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kInUse);
  CHECK(holds(second.error().message, fmt::format("process {} (", child.pid())));
  CHECK(holds(second.error().message, "another --archive"));

  const auto reader = Archive::open_for_reading(folder.path());
  const auto other_reader = Archive::open_for_reading(folder.path());
  REQUIRE(reader);
  REQUIRE(other_reader);
  CHECK((*reader)->blobs().get(sha256("put by the child")) == "put by the child");
  CHECK((*reader)->blobs().put("mine").error().code == ErrorCode::kIo);

  REQUIRE(child.finish() == 0);
  CHECK((*reader)->blobs().get(sha256("put by the child")) == "put by the child");
  CHECK(Archive::open_for_writing(folder.path()));
}

TEST_CASE("a reader stays sound while the writer goes on", "[store]") {
  const TemporaryDirectory folder;
  const auto writer = *Archive::open_for_writing(folder.path());
  const std::string first = noise(3 << 20, 1);
  REQUIRE(writer->blobs().put(first));
  REQUIRE(writer->blobs().settle());
  const auto reader = *Archive::open_for_reading(folder.path());
  for (uint64_t seed = 2; seed < 62; ++seed) {  // enough for flushes and dropped log files
    REQUIRE(writer->blobs().put(noise(3 << 20, seed)));
    if (seed % 20 == 0) {
      REQUIRE(writer->blobs().settle());
      const auto later = Archive::open_for_reading(folder.path());
      REQUIRE(later);
      CHECK((*later)->stats()->blobs == seed);
    }
  }
  CHECK((reader->blobs().get(sha256(first)) == first));
  CHECK(reader->stats()->blobs == 1);
}

TEST_CASE("child: brings in files without end", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const auto archive = Archive::open_for_writing(folder);
  REQUIRE(archive);
  for (uint64_t seed = 1;; ++seed) {
    REQUIRE((*archive)->blobs().put(noise(1'500'000, seed)));
    REQUIRE((*archive)->blobs().settle());
    if (seed == 1) tell_parent("ready");
  }
}

TEST_CASE("whatever a reader sees is whole, at any moment of a writer", "[store]") {
  const TemporaryDirectory folder;
  TestChild child("child: brings in files without end", {{"HALFTONE_TEST_ARCHIVE", folder.path()}});
  REQUIRE(child.read_line() == "ready");
  for (int round = 0; round < 25; ++round) {
    const auto reader = Archive::open_for_reading(folder.path());
    INFO((reader ? std::string() : reader.error().message));
    REQUIRE(reader);
    std::vector<Digest> digests;
    REQUIRE((*reader)->blobs().for_each([&](const BlobInfo& blob) {
      digests.push_back(blob.digest);
      return true;
    }));
    CHECK_FALSE(digests.empty());
    for (size_t i = 0; i < digests.size(); i += 1 + digests.size() / 200) {
      const auto got = (*reader)->blobs().get(digests[i]);
      INFO((got ? std::string() : got.error().message));
      CHECK(got);
    }
  }
  child.kill();
}

TEST_CASE("stats count what is there", "[store]") {
  const TemporaryDirectory folder;
  const auto archive = *Archive::open_for_writing(folder.path());
  const BlobInfo blob = archive->blobs().put("0123456789")->info;
  REQUIRE(archive->blobs().put("01234"));
  for (const int second : {1, 2}) {
    Capture capture;
    capture.url = "https://example.com/";
    capture.time = Time(std::chrono::seconds(second));
    REQUIRE(archive->captures().add(capture));
    Article article;
    article.id = article_id(capture.url);
    article.captured_at = capture.time;
    REQUIRE(archive->articles().add(article));
  }
  REQUIRE(archive->derivatives().put(blob.digest, {"thumb", 1, 320, 0, false},
                                     {"bytes", "image/jpeg", 1, 1}));
  const auto stats = archive->stats();
  REQUIRE(stats);
  CHECK(stats->articles == 1);
  CHECK(stats->captures == 2);
  CHECK(stats->blobs == 2);
  CHECK(stats->blob_bytes == 15);
  CHECK(stats->derivatives == 1);
  CHECK(stats->disk_bytes > 0);
}

TEST_CASE("reports are written whole, under names that stay in their folder", "[store]") {
  const TemporaryDirectory folder;
  const auto archive = *Archive::open_for_writing(folder.path());
  const auto path = archive->write_report("2026-01-09T032837Z-snapshot", "{}");
  REQUIRE(path);
  CHECK(*path == folder.file("reports/2026-01-09T032837Z-snapshot.json"));
  REQUIRE(archive->write_report("2026-01-09T032837Z-snapshot", "{\"again\": true}"));
  CHECK(*read_file(*path, 4096) == "{\"again\": true}");
  CHECK(names_in(folder.file("reports")).size() == 1);

  for (const char* name : {"", ".", "..", "../up", "a/b", ".hidden", "a b", "a\nb"}) {
    CAPTURE(name);
    CHECK(archive->write_report(name, "{}").error().code == ErrorCode::kInvalid);
  }
}
