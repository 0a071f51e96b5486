#include "store/blob_store.h"

#include <atomic>
#include <filesystem>
#include <thread>

#include "store/blob_format.h"
#include "store/byte_order.h"
#include "store/rocks_blob_store.h"
#include "tests/store/blob_store_contract.h"
#include "tests/support/catch.h"
#include "tests/support/memory_blob_store.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

uint64_t number_of(const Database& database, const Digest& digest) {
  return blob_format::read_entry(**database.get(Table::kDigest, digest.view()))->number;
}

// Flips a bit in the middle of the stored value: of a manifest's last chunk, where there is one.
void damage(Database& database, const Digest& digest) {
  std::string key = be64(number_of(database, digest));
  std::string value = **database.get(Table::kBlob, key);
  if (blob_format::codec_of(value) == blob_format::Codec::kManifest) {
    key = be64(blob_format::read_manifest(value)->back());
    value = **database.get(Table::kBlob, key);
  }
  value[value.size() / 2] ^= 1;
  WriteBatch batch;
  batch.put(Table::kBlob, key, value);
  REQUIRE(database.write(std::move(batch), false));
}

size_t values_in_blob_table(const Database& database) {
  size_t count = 0;
  REQUIRE(database.scan(Table::kBlob, {}, [&](auto, auto) { return ++count > 0; }));
  return count;
}

}  // namespace

TEST_CASE("MemoryBlobStore keeps the contract", "[store]") {
  MemoryBlobStore blobs;
  check_contract(blobs, [&](const Digest& digest) { blobs.damage(digest); });
}

TEST_CASE("the archive's blob store keeps the contract", "[store]") {
  const TemporaryDirectory folder;
  const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  const auto blobs = *open_blob_store(*database);
  check_contract(*blobs, [&](const Digest& digest) {
    REQUIRE(blobs->settle());
    damage(*database, digest);
  });
}

TEST_CASE("blobs last from one opening to the next", "[store]") {
  const TemporaryDirectory folder;
  const std::string small = "<p>small</p>", large = noise(9 << 20, 1);
  {
    const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
    const auto blobs = *open_blob_store(*database);
    REQUIRE(blobs->put(small));
    REQUIRE(blobs->put(large));
  }
  for (const auto mode : {Database::Mode::kWrite, Database::Mode::kRead}) {
    const auto database = *Database::open(folder.file("db"), mode);
    const auto blobs = *open_blob_store(*database);
    CHECK(blobs->get(sha256(small)) == small);
    CHECK((blobs->get(sha256(large)) == large));
  }
}

TEST_CASE("no number is given twice, whatever was reserved", "[store]") {
  const TemporaryDirectory folder;
  const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  uint64_t last = 0;
  for (const char* text : {"first opening", "second opening", "third opening"}) {
    const auto blobs = *open_blob_store(*database);
    const Digest digest = blobs->put(text)->info.digest;
    REQUIRE(blobs->settle());
    const uint64_t number = number_of(*database, digest);
    CHECK(number > last);
    last = number;
  }
}

TEST_CASE("a dropped or repeated body leaves nothing", "[store]") {
  const TemporaryDirectory folder;
  const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  const auto blobs = *open_blob_store(*database);
  const std::string large = noise(9 << 20, 1);
  REQUIRE(blobs->put(large));
  REQUIRE(blobs->settle());
  CHECK(values_in_blob_table(*database) == 10);  // nine chunks and their manifest
  REQUIRE(blobs->put(large));
  REQUIRE(blobs->writer()->write(noise(9 << 20, 2)));
  REQUIRE(blobs->put("small"));
  REQUIRE(blobs->settle());
  CHECK(values_in_blob_table(*database) == 11);
  CHECK(std::filesystem::is_empty(folder.file("db/incoming")));
}

TEST_CASE("a chunk that is gone makes its blob corrupt", "[store]") {
  const TemporaryDirectory folder;
  const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  const auto blobs = *open_blob_store(*database);
  const Digest digest = blobs->put(noise(9 << 20, 1))->info.digest;
  REQUIRE(blobs->settle());
  const auto manifest = **database->get(Table::kBlob, be64(number_of(*database, digest)));
  WriteBatch batch;
  batch.remove(Table::kBlob, be64((*blob_format::read_manifest(manifest))[1]));
  REQUIRE(database->write(std::move(batch), false));
  const auto got = blobs->get(digest);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ErrorCode::kCorrupt);
}

// What waits in memory, what has gone into a file that the database does not have yet, and what is
// in the database: all the same to a reader.
TEST_CASE("bodies can be read wherever they are on their way", "[store]") {
  const TemporaryDirectory folder;
  const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  const auto blobs = *open_blob_store(*database);
  const auto body = [](uint64_t seed) { return noise(300'000 + seed, seed); };
  constexpr uint64_t kBodies = 60;  // 18 MB: more than may wait
  for (uint64_t seed = 0; seed < kBodies; ++seed) REQUIRE(blobs->put(body(seed)));
  const auto check_all = [&] {
    for (uint64_t seed = kBodies; seed-- > 0;) {
      CAPTURE(seed);
      CHECK((blobs->get(sha256(body(seed))) == body(seed)));
      CHECK_FALSE(blobs->put(body(seed))->is_new);
    }
  };
  CHECK((blobs->get(sha256(body(kBodies - 1))) == body(kBodies - 1)));
  CHECK(values_in_blob_table(*database) == 0);
  check_all();
  REQUIRE(blobs->settle());
  CHECK(values_in_blob_table(*database) == kBodies);
  check_all();
}

TEST_CASE("bodies that are put and read by many threads at once are whole", "[store]") {
  const TemporaryDirectory folder;
  const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  const auto blobs = *open_blob_store(*database);
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (uint64_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (uint64_t i = 0; i < 60; ++i) {
        const uint64_t seed = thread / 2 * 1000 + i;  // two threads each put the same
        const std::string bytes = noise(i % 16 == 5 ? 2'300'000 : 150'000, seed);
        const auto put = blobs->put(bytes);
        if (!put || blobs->get(put->info.digest) != bytes) ++failures;
        if (i % 7 == 3 && !blobs->settle()) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  size_t count = 0;
  REQUIRE(blobs->for_each([&](const BlobInfo&) { return ++count > 0; }));
  CHECK(count == 120);
}
