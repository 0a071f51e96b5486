#include "store/gc.h"

#include "store/blob_format.h"
#include "store/digest_set.h"
#include "store/files.h"
#include "tests/store/archive_of_test.h"
#include "tests/support/test_child.h"

using namespace halftone;

namespace {

constexpr size_t kMiB = size_t{1} << 20;

// How many values hold it: chunks and a manifest where it is large.
size_t bodies_of(const std::string& blob) {
  const size_t chunk = blob_format::kChunkSize;
  return blob.size() <= chunk ? 1 : 1 + (blob.size() + chunk - 1) / chunk;
}

struct Fixture {
  TemporaryDirectory folder;
  std::unique_ptr<Archive> archive = *Archive::open_for_writing(folder.path());

  void reopen() {
    archive.reset();
    archive = *Archive::open_for_writing(folder.path());
  }
  Garbage collect(bool dry_run = false) {
    const auto garbage = collect_garbage(*archive, {.dry_run = dry_run});
    REQUIRE(garbage);
    return *garbage;
  }
  uint64_t size_on_disk() {
    archive.reset();
    const uint64_t size = disk_usage(folder.path());
    archive = *Archive::open_for_writing(folder.path());
    return size;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "gc takes away what nothing leads to, and nothing else", "[store]") {
  const std::string page = "<p>page", picture = noise(5000, 1), large = noise(9 * kMiB, 2);
  keep_article(*archive, "https://example.com/", 100, page,
               {{"https://example.com/p", picture, ""}});
  keep_capture(*archive, "https://example.com/alone", 100, large);
  const std::string dead = noise(3000, 3), dead_large = noise(10 * kMiB, 4);
  const Digest dead_digest = archive->blobs().put(dead)->info.digest;
  REQUIRE(archive->blobs().put(dead_large));
  const Recipe recipe{"thumb", 1, 320, 0, false};
  for (const Digest& digest : {dead_digest, sha256(picture)}) {
    REQUIRE(archive->derivatives().put_facts(digest, {}));
    REQUIRE(archive->derivatives().put(digest, recipe, {"thumbnail", "image/jpeg", 1, 1}));
    REQUIRE(archive->derivatives().put(digest, {"thumb", 9, 320, 0, false}, {"old", "x", 1, 1}));
  }

  SECTION("at once") {}
  SECTION("from table files") { reopen(); }
  const uint64_t on_disk = size_on_disk();
  const Garbage forecast = collect(true);
  CHECK(has_blob(*archive, dead));
  CHECK(has_blob(*archive, dead_large));
  const Garbage garbage = collect();
  for (const Garbage& found : {forecast, garbage}) {
    CHECK(found.blobs == 2);
    CHECK(found.bodies == 1 + bodies_of(dead_large));
    CHECK(found.bytes >= dead.size() + dead_large.size());
    CHECK(found.images == 3);
    CHECK(found.blobs_kept == 3);
    CHECK(found.bytes_left == 0);
  }
  CHECK_FALSE(has_blob(*archive, dead));
  CHECK_FALSE(has_blob(*archive, dead_large));
  CHECK(body_numbers(*archive).size() == 2 + bodies_of(large));
  for (int round = 0; round < 2; ++round, reopen()) {
    for (const auto& body : {page, picture, large}) CHECK(has_blob(*archive, body));
    CHECK(archive->derivatives().get(sha256(picture), recipe)->has_value());
    CHECK(*archive->derivatives().count() == 2);
    CHECK_FALSE(archive->derivatives().facts(dead_digest)->has_value());
    CHECK_FALSE(archive->derivatives().get(dead_digest, recipe)->has_value());
  }
  CHECK(on_disk - size_on_disk() > 9 * kMiB);
  CHECK(collect().blobs == 0);

  // The same content may come again.
  REQUIRE(archive->blobs().put(dead)->is_new);
  CHECK(has_blob(*archive, dead));
}

TEST_CASE_METHOD(Fixture, "leftovers of interrupted writes go", "[store]") {
  keep_capture(*archive, "https://example.com/", 100, "page");
  WriteBatch batch;  // as a writer leaves chunks that is killed before it commits
  const auto next = *read_be64(**archive->database().get(Table::kMeta, "next_blob"));
  batch.put(Table::kBlob, be64(next - 3), std::string(1, '\0') + noise(5000, 1));
  batch.put(Table::kBlob, be64(next - 2), std::string(1, '\0') + noise(5000, 2));
  // Numbers that nobody reserved are not ours to judge.
  batch.put(Table::kBlob, be64(next), "of the future");
  REQUIRE(archive->database().write(std::move(batch), true));
  const Garbage garbage = collect();
  CHECK(garbage.blobs == 0);
  CHECK(garbage.bodies == 2);
  CHECK(garbage.bytes == 2 * 5001);
  const auto numbers = body_numbers(*archive);
  REQUIRE(numbers.size() == 2);
  CHECK(numbers[1] == next);
  CHECK(has_blob(*archive, "page"));
}

TEST_CASE_METHOD(Fixture, "an empty archive has nothing to take away", "[store]") {
  CHECK(collect().bodies == 0);
  CHECK(collect(true).blobs_kept == 0);
}

TEST_CASE_METHOD(Fixture, "gc touches nothing while it cannot know what is needed", "[store]") {
  const std::string large = noise(9 * kMiB, 1);
  keep_article(*archive, "https://example.com/", 100, "page",
               {{"https://example.com/p", large, ""}});
  REQUIRE(archive->blobs().put("dead"));
  const auto damage = [&](Table table, std::string_view key, std::string_view value) {
    WriteBatch batch;
    batch.put(table, key, value);
    REQUIRE(archive->database().write(std::move(batch), true));
  };
  const auto key_in = [&](Table table) { return (*archive->database().last(table, {}))->first; };
  SECTION("a damaged capture") { damage(Table::kCapture, key_in(Table::kCapture), "{"); }
  SECTION("a damaged article") { damage(Table::kArticle, key_in(Table::kArticle), "{"); }
  SECTION("a damaged entry") { damage(Table::kDigest, sha256(large).view(), "?"); }
  SECTION("a damaged manifest") {
    const auto entry = **archive->database().get(Table::kDigest, sha256(large).view());
    damage(Table::kBlob, entry.substr(1, 8), std::string("\x02", 1) + "x");
  }
  SECTION("a lost manifest") {
    const auto entry = **archive->database().get(Table::kDigest, sha256(large).view());
    WriteBatch batch;
    batch.remove(Table::kBlob, entry.substr(1, 8));
    REQUIRE(archive->database().write(std::move(batch), true));
  }
  SECTION("a damaged counter") { damage(Table::kMeta, "next_blob", "?"); }
  const auto before = body_numbers(*archive);
  const auto garbage = collect_garbage(*archive);
  REQUIRE_FALSE(garbage);
  CHECK(garbage.error().code == ErrorCode::kCorrupt);
  CHECK(body_numbers(*archive) == before);
  CHECK(has_blob(*archive, "dead"));
}

// Files of 64 MiB and less are always written anew; so this takes some.
TEST_CASE_METHOD(Fixture, "space returns where it pays: dead files, and files with much dead",
                 "[store]") {
  const auto put = [&](uint64_t first, uint64_t count, uint64_t kept_one_in) {
    for (uint64_t i = first; i < first + count; ++i) {
      const std::string body = noise(kMiB, i);
      if (i % kept_one_in == 0) {
        keep_capture(*archive, fmt::format("https://example.com/{}", i), 100, body);
      } else {
        REQUIRE(archive->blobs().put(body));
      }
    }
  };
  put(0, 100, 1);         // all live
  put(1000, 100, 20);     // nearly all dead
  put(2000, 100, 99999);  // all dead
  const uint64_t before = size_on_disk();
  CHECK(before > 300 * kMiB);
  const Garbage garbage = collect();
  CHECK(garbage.blobs == 195);
  CHECK(garbage.bytes_left == 0);
  const uint64_t after = size_on_disk();
  CHECK(before - after > 190 * kMiB);
  CHECK(after < 112 * kMiB);
  for (uint64_t i = 0; i < 100; ++i) CHECK(has_blob(*archive, noise(kMiB, i)));
  for (uint64_t i = 1000; i < 1100; i += 20) CHECK(has_blob(*archive, noise(kMiB, i)));

  // What was written first lies in files of its own: two of its hundred are not worth it.
  WriteBatch batch;
  for (const int i : {30, 60}) {
    archive->captures().remove(fmt::format("https://example.com/{}", i), {at_second(100)}, batch);
  }
  REQUIRE(archive->database().write(std::move(batch), true));
  const Garbage little = collect();
  CHECK(little.blobs == 2);
  CHECK(little.bytes_left <= little.bytes);
  CHECK_FALSE(has_blob(*archive, noise(kMiB, 30)));
  CHECK(collect().bytes == little.bytes_left);
}

TEST_CASE_METHOD(Fixture, "a reader that was there before goes on reading", "[store]") {
  const std::string dead = noise(9 * kMiB, 1), live = noise(9 * kMiB, 2);
  REQUIRE(archive->blobs().put(dead));
  keep_capture(*archive, "https://example.com/", 100, live);
  reopen();
  const auto reader = *Archive::open_for_reading(folder.path());
  CHECK(collect_garbage(*reader, {.dry_run = true})->blobs == 1);
  CHECK(collect_garbage(*reader).error().code == ErrorCode::kIo);
  collect();
  CHECK(has_blob(*reader, dead));
  CHECK(has_blob(*reader, live));
  CHECK_FALSE(has_blob(**Archive::open_for_reading(folder.path()), dead));
}

TEST_CASE("a set of digests knows its members", "[store]") {
  DigestSet set;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10'000; ++i) set.insert(sha256(std::to_string(i)));
  }
  set.seal();
  CHECK(set.size() == 10'000);
  for (int i = 0; i < 10'000; ++i) CHECK(set.contains(sha256(std::to_string(i))));
  for (int i = 10'000; i < 20'000; ++i) CHECK_FALSE(set.contains(sha256(std::to_string(i))));
  CHECK_FALSE(DigestSet().contains(sha256("")));
}
