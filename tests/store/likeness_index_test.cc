#include "store/likeness_index.h"

#include <random>

#include "media/perceptual_hash.h"
#include "store/gc.h"
#include "store/index_articles.h"
#include "store/merge.h"
#include "tests/store/archive_of_test.h"
#include "tests/support/pictures.h"

using namespace halftone;

namespace {

Digest digest_of(int i) { return sha256(std::to_string(i)); }

ImageRecord record_with(uint64_t hash) {
  ImageRecord record{.facts = {.type = "image/png", .width = 100, .height = 100}};
  record.hash = hash;
  return record;
}

size_t rows(Archive& archive) {
  size_t count = 0;
  REQUIRE(archive.database().scan(Table::kIndex, likeness_index::kPictures, [&](auto, auto) {
    ++count;
    return true;
  }));
  return count;
}

size_t index_damage(Archive& archive) {
  size_t count = 0;
  check_index(archive.database(), [&](auto, auto) { ++count; });
  return count;
}

struct Fixture {
  TemporaryDirectory folder;
  std::unique_ptr<Archive> archive = *Archive::open_for_writing(folder.file("archive"));
  Derivatives& pictures() { return archive->derivatives(); }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "every neighbour within the distance is found, and no other",
                 "[store][likeness]") {
  std::mt19937_64 random(7);
  std::vector<uint64_t> hashes;
  const uint64_t middle = random();
  for (int i = 0; i < 600; ++i) {
    uint64_t hash = i < 100 ? random() : middle;
    // From the same picture to one that is 20 bits away, wherever those are.
    for (int flips = i % 21; i >= 100 && flips > 0; --flips) hash ^= uint64_t{1} << random() % 64;
    hashes.push_back(hash);
    REQUIRE(pictures().put_facts(digest_of(i), record_with(hash)));
  }
  for (const int distance : {0, 1, 3, 4, 7, 8, 11, 16}) {
    CAPTURE(distance);
    std::set<Digest> wanted;
    for (int i = 0; i < 600; ++i)
      if (hash_distance(hashes[static_cast<size_t>(i)], middle) <= distance)
        wanted.insert(digest_of(i));
    const auto found = pictures().neighbours(middle, distance);
    REQUIRE(found);
    std::set<Digest> got;
    int last = 0;
    for (const auto& neighbour : *found) {
      CHECK(neighbour.distance >= last);
      last = neighbour.distance;
      CHECK(hash_distance(neighbour.hash, middle) == neighbour.distance);
      got.insert(neighbour.digest);
    }
    CHECK(got.size() == found->size());
    CHECK(got == wanted);
  }
}

TEST_CASE_METHOD(Fixture, "a picture of one colour is like no other", "[store][likeness]") {
  REQUIRE(pictures().put_facts(digest_of(1), record_with(0)));
  REQUIRE(pictures().put_facts(digest_of(2), record_with(0)));
  CHECK(rows(*archive) == 0);
  CHECK(pictures().neighbours(0, 16)->empty());
  CHECK(index_damage(*archive) == 0);
}

TEST_CASE_METHOD(Fixture, "plain pictures are not like each other", "[store][likeness]") {
  const uint64_t plain = 0x0101'0001'0001'0001, telling = plain | 0x0F00;
  REQUIRE(pictures().put_facts(digest_of(1), record_with(plain)));
  REQUIRE(pictures().put_facts(digest_of(2), record_with(telling)));
  CHECK(pictures().neighbours(plain, 16)->empty());
  const auto near = pictures().neighbours(telling, 16);
  REQUIRE(near->size() == 1);
  CHECK(near->front().digest == digest_of(2));
}

TEST_CASE_METHOD(Fixture, "the rows follow the hash", "[store][likeness]") {
  const Digest digest = digest_of(1);
  REQUIRE(pictures().put_facts(digest, record_with(0xFF)));
  CHECK(rows(*archive) == 4);
  REQUIRE(pictures().put_facts(digest, record_with(0xFF00)));
  CHECK(rows(*archive) == 4);
  CHECK(pictures().neighbours(0xFF, 4)->empty());
  CHECK(pictures().neighbours(0xFF00, 0)->size() == 1);
  ImageRecord none = record_with(1);
  none.hash.reset();
  REQUIRE(pictures().put_facts(digest, none));
  CHECK(rows(*archive) == 0);
}

TEST_CASE_METHOD(Fixture, "lost and stray rows are damage, and are mended", "[store][likeness]") {
  REQUIRE(pictures().put_facts(digest_of(1), record_with(0xABCD)));
  CHECK(index_damage(*archive) == 0);
  WriteBatch batch;
  batch.remove(Table::kIndex, likeness_index::keys_of(0xABCD, digest_of(1))[2]);
  likeness_index::add_rows(0x1234, digest_of(2), batch);
  batch.put(Table::kIndex, "p nonsense", "");
  REQUIRE(archive->database().write(std::move(batch), false));
  CHECK(index_damage(*archive) == 6);

  REQUIRE(index_articles(archive->database(), [](uint64_t) {}));
  CHECK(index_damage(*archive) == 0);
  CHECK(rows(*archive) == 4);
}

TEST_CASE_METHOD(Fixture, "what is collected takes its rows along", "[store][likeness]") {
  const Article kept = keep_article(*archive, "https://a.example/", 1000, "a page",
                                    {{"https://a.example/1.png", make_png(20, 20), ""}});
  const Digest shown = *kept.references[0].digest;
  REQUIRE(pictures().put_facts(shown, record_with(0xAAAA)));
  REQUIRE(pictures().put_facts(digest_of(5), record_with(0xBB)));
  REQUIRE(collect_garbage(*archive, {}));
  CHECK(rows(*archive) == 4);
  CHECK(pictures().neighbours(0xAAAA, 0)->size() == 1);
  CHECK(pictures().neighbours(0xBB, 0)->empty());
  CHECK(index_damage(*archive) == 0);

  SECTION("and what is merged brings them") {
    const auto other = *Archive::open_for_writing(folder.file("other"));
    REQUIRE(merge(*other, *archive, {}));
    CHECK(rows(*other) == 4);
    CHECK(other->derivatives().neighbours(0xAAAA, 0)->size() == 1);
    CHECK(index_damage(*other) == 0);
  }
}
