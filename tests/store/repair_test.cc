#include "store/repair.h"

#include <filesystem>
#include <random>

#include "store/archive_marker.h"
#include "store/byte_order.h"
#include "store/files.h"
#include "store/frontier_rows.h"
#include "store/seal.h"
#include "tests/store/blob_store_contract.h"
#include "tests/store/damage.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

bool go_on(const VerifyProgress&) { return true; }

void make_closed(const std::string& folder) { fill(**Archive::open_for_writing(folder)); }

RepairResult repaired(const std::string& folder, const std::vector<std::string>& from) {
  std::vector<std::unique_ptr<RepairSource>> sources;
  for (const std::string& path : from) {
    auto opened = open_repair_source(path);
    REQUIRE(opened);
    for (auto& source : *opened) sources.push_back(std::move(source));
  }
  auto result = repair(folder, sources, go_on);
  if (!result) FAIL(result.error().message);
  return *std::move(result);
}

std::string told(const RepairResult& result) {
  std::string text;
  for (const auto* check : {&result.before, &result.after}) {
    text += check == &result.before ? "before:\n" : "after:\n";
    for (const Damage& damage : check->damages) {
      text += fmt::format("  {}: {}\n", damage.object, damage.why);
    }
  }
  for (const std::string& note : result.notes) text += "note: " + note + "\n";
  return text;
}

void damage_at(const std::string& folder, const std::string& bytes) {
  const Place place = find_bytes(folder, bytes);
  flip_bit(place.path, place.offset, 2);
}

// Everything that fill() keeps can be had again.
void check_whole(const std::string& folder) {
  const auto archive = Archive::open_for_writing(folder);
  REQUIRE(archive);
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg", "d.jpg", "shared.png", "film.mp4"}) {
    CAPTURE(name);
    const std::string bytes = picture_bytes(name);
    const auto got = (*archive)->blobs().get(sha256(bytes));
    REQUIRE(got);
    CHECK((*got == bytes));
  }
  const auto stats = (*archive)->stats();
  REQUIRE(stats);
  CHECK(stats->articles == 3);
  CHECK(stats->captures == 10);
  CHECK(stats->blobs == 9);
}

std::string warc_record(const std::string& body) {
  const std::string http =
      fmt::format("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n{}",
                  body.size(), body);
  return fmt::format(
      "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:"
      "00000000-0000-0000-0000-000000000001>\r\nWARC-Date: 2026-01-09T00:00:00Z\r\n"
      "WARC-Target-URI: https://example.org/x\r\nContent-Type: application/http;msgtype=response"
      "\r\nContent-Length: {}\r\n\r\n{}\r\n\r\n",
      http.size(), http);
}

}  // namespace

TEST_CASE("damaged blobs come back from a copy, an archive, a backup or a WARC", "[store]") {
  const TemporaryDirectory folder;
  const std::string own = folder.file("own"), other = folder.file("other");
  make_closed(own);
  const std::string picture = picture_bytes("shared.png"), film = picture_bytes("film.mp4");
  damage_at(own, picture.substr(1000, 64));
  damage_at(own, film.substr(6 << 20, 64));
  std::vector<std::string> from;
  SECTION("an archive that was made apart") {
    fill(**Archive::open_for_writing(other));
    from = {other};
  }
  SECTION("the second of two, for the first has only one of them") {
    {
      const auto archive = *Archive::open_for_writing(folder.file("first"));
      REQUIRE(archive->blobs().put(film));
    }
    fill(**Archive::open_for_writing(other));
    from = {folder.file("first"), other};
  }
  SECTION("a backup, of which the newest generation is damaged itself") {
    for (const char* name : {"20260101T000000Z", "20260102T000000Z"}) {
      fill(**Archive::open_for_writing(other + "/" + name));
    }
    damage_at(other + "/20260102T000000Z", picture.substr(1000, 64));
    from = {other};
  }
  SECTION("a WARC file") {
    from = {folder.write("all.warc",
                         warc_record("something else") + warc_record(film) + warc_record(picture))};
  }
  const RepairResult result = repaired(own, from);
  INFO(told(result));
  CHECK_FALSE(result.before.is_sound());
  CHECK(result.after.is_sound());
  CHECK(result.after.is_sealed);
  CHECK(result.restored.size() >= 2);
  for (const auto& blob : result.restored) {
    const bool was_damaged = blob.digest == sha256(picture) || blob.digest == sha256(film);
    CHECK((blob.from == "its own damaged files") != was_damaged);  // its neighbours in a block
  }
  CHECK(result.files_replaced == 2);  // chunks have files of their own
  check_whole(own);
}

TEST_CASE("nothing is taken but what matches its digest", "[store]") {
  const TemporaryDirectory folder;
  const std::string own = folder.file("own");
  make_closed(own);
  const std::string picture = picture_bytes("a.jpg");
  damage_at(own, picture.substr(1000, 64));
  std::string altered = picture;
  altered[5] ^= 1;
  const RepairResult result =
      repaired(own, {folder.write("other.warc", warc_record(altered) + warc_record(""))});
  INFO(told(result));
  CHECK(result.restored.size() <= 1);  // a neighbour in the block
  REQUIRE_FALSE(result.after.is_sound());
  CHECK(result.after.harmed_articles.at(0).title == "Article 1");
  {
    const auto archive = *Archive::open_for_writing(own);  // and goes on with what is there
    CHECK(archive->blobs().get(sha256(picture_bytes("b.jpg"))));
  }
  const RepairResult later = repaired(own, {folder.write("it.warc", warc_record(picture))});
  INFO(told(later));
  CHECK(later.after.is_sound());
  check_whole(own);
}

TEST_CASE("entries that were lost are found again by their bodies", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  {
    fs::remove(folder.file(Seal::kName));
    const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
    WriteBatch batch;
    for (const char* name : {"shared.png", "film.mp4"}) {
      batch.remove(Table::kDigest, sha256(picture_bytes(name)).view());
    }
    REQUIRE(database->write(std::move(batch), true));
  }
  const RepairResult result = repaired(folder.path(), {});
  INFO(told(result));
  CHECK(result.entries_rebuilt == 2);
  CHECK(result.after.is_sound());
  check_whole(folder.path());
}

TEST_CASE("whatever file of an archive is damaged, its copy makes it whole", "[store]") {
  const TemporaryDirectory folder;
  const std::string own = folder.file("own"), copy = folder.file("copy"),
                    fresh = folder.file("fresh");
  make_closed(fresh);
  fs::copy(fresh, copy, fs::copy_options::recursive);
  std::mt19937_64 random(std::random_device{}());
  for (const std::string& path : sealed_paths(fresh)) {
    const uint64_t size = fs::file_size(path);
    if (size == 0) continue;
    const std::string name = path.substr(fresh.size() + 1);
    fs::remove_all(own);
    fs::copy(fresh, own, fs::copy_options::recursive);
    const uint64_t offset = random() % size;
    flip_bit(own + "/" + name, offset, static_cast<int>(random() % 8));
    CAPTURE(name, offset);
    std::vector<std::unique_ptr<RepairSource>> sources = *open_repair_source(copy);
    const auto result = repair(own, sources, go_on);
    // A MANIFEST lists the files: without it there is only restoring. The same goes for the marker.
    if (name.starts_with("db/MANIFEST") || name == kMarkerName) {
      if (!result) CHECK(result.error().message.find("backup") != std::string::npos);
      continue;
    }
    if (!result) {
      FAIL_CHECK(result.error().message);
      continue;
    }
    INFO(told(*result));
    CHECK_FALSE(result->before.is_sound());
    CHECK(result->after.is_sound());
    check_whole(own);
  }
}

TEST_CASE("a missing table file is replaced by what the copy has", "[store]") {
  const TemporaryDirectory folder;
  const std::string own = folder.file("own"), copy = folder.file("copy");
  make_closed(own);
  fs::copy(own, copy, fs::copy_options::recursive);
  for (const auto& entry : fs::directory_iterator(copy + "/db")) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".sst")) continue;
    CAPTURE(name);
    fs::remove(own + "/db/" + name);
    const RepairResult result = repaired(own, {copy});
    INFO(told(result));
    CHECK(result.after.is_sound());
    check_whole(own);
    fs::remove_all(own);
    fs::copy(copy, own, fs::copy_options::recursive);
  }
}

TEST_CASE("files below the first level are replaced without the rest of their table", "[store]") {
  const TemporaryDirectory folder;
  const std::string own = folder.file("own");
  constexpr int kBlobs = 40;
  for (int run = 0; run < 8; ++run) {  // a file each: enough to be moved down
    const auto archive = *Archive::open_for_writing(own);
    for (int i = 0; i < kBlobs / 8; ++i) {
      REQUIRE(archive->blobs().put(noise(50'000, static_cast<uint64_t>(run * 100 + i))));
    }
  }
  {
    const auto archive = *Archive::open_for_writing(own);
    REQUIRE(archive->blobs().put("one more"));
  }
  damage_at(own, noise(50'000, 101).substr(20'000, 64));
  const RepairResult result =
      repaired(own, {folder.write("it.warc", warc_record(noise(50'000, 101)))});
  INFO(told(result));
  CHECK(result.after.is_sound());
  CHECK(result.after.blobs == kBlobs + 1);
}

TEST_CASE("a frontier that is damaged is dropped as a whole, and no other", "[store]") {
  const TemporaryDirectory folder;
  const std::string own = folder.file("own");
  make_closed(own);
  {
    const auto database = *Database::open(own + "/db", Database::Mode::kWrite);
    WriteBatch batch;
    for (const char* run : {"0a", "0b"}) {
      const auto keys = *frontier_rows::Keys::of_run(run);
      batch.put(Table::kRun, keys.totals(), frontier_rows::Totals().write());
      batch.put(Table::kRun, keys.name(frontier_rows::fingerprint("h")), be64(1));
    }
    batch.put(Table::kRun, "f 0b h", "damaged");
    batch.put(Table::kRun, "https://example.org/", "20260109032837000000");
    REQUIRE(database->write(std::move(batch), true));
  }
  const RepairResult result = repaired(own, {});
  INFO(told(result));
  CHECK(result.before.damaged > 0);
  CHECK(result.after.is_sound());
  CHECK(result.frontiers_dropped == 1);
  const auto archive = *Archive::open_for_writing(own);
  CHECK(*frontier_runs(archive->database()) == std::vector<std::string>{"0a"});
  CHECK(*archive->runs().is_open("https://example.org/"));
}

TEST_CASE("a frontier that lost rows is dropped, and a copy gives none back", "[store]") {
  const TemporaryDirectory folder;
  const std::string own = folder.file("own"), copy = folder.file("copy");
  const std::string marked = "a note that can be found " + noise(200, 5);
  make_closed(own);
  const auto keys = *frontier_rows::Keys::of_run("0a");
  const auto put = [&](const std::string& key, const std::string& value) {
    const auto database = *Database::open(own + "/db", Database::Mode::kWrite);
    WriteBatch batch;
    batch.put(Table::kRun, key, value);
    REQUIRE(database->write(std::move(batch), true));
  };
  put(keys.totals(), frontier_rows::Totals().write());  // a file each
  put(keys.place({1, 0, 1, std::nullopt}), frontier_rows::Owed{"key", marked}.write());
  REQUIRE(Archive::open_for_writing(own));
  fs::copy(own, copy, fs::copy_options::recursive);
  damage_at(own, marked.substr(30, 64));
  const RepairResult result = repaired(own, {copy});
  INFO(told(result));
  CHECK(result.files_replaced == 1);
  CHECK(result.frontiers_dropped == 1);
  CHECK(result.after.is_sound());
  const auto archive = *Archive::open_for_writing(own);
  CHECK(frontier_runs(archive->database())->empty());
}

TEST_CASE("a sound archive is left as it is, and one in use is not touched", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  const std::string seal = folder.read(Seal::kName);
  const RepairResult result = repaired(folder.path(), {});
  CHECK(result.count() == 0);
  CHECK(folder.read(Seal::kName) == seal);

  const auto archive = *Archive::open_for_writing(folder.path());
  CHECK(repair(folder.path(), {}, go_on).error().code == ErrorCode::kInUse);
}

TEST_CASE("what is no source is refused", "[store]") {
  const TemporaryDirectory folder;
  fs::create_directory(folder.file("empty"));
  CHECK(open_repair_source(folder.file("absent")).error().code == ErrorCode::kNotFound);
  CHECK(open_repair_source(folder.file("empty")).error().code == ErrorCode::kInvalid);
}
