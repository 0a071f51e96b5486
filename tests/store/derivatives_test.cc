#include "store/derivatives.h"

#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

struct Fixture {
  TemporaryDirectory folder;
  std::unique_ptr<Database> database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  Derivatives derivatives{*database};
  const Digest photo = sha256("photo");
  const Recipe thumb{"thumb", 1, 320, 0, false};
  const Recipe newer_thumb{"thumb", 2, 400, 0, false};
};

}  // namespace

TEST_CASE_METHOD(Fixture, "image facts come back, and failures too", "[store]") {
  CHECK(*derivatives.facts(photo) == std::nullopt);
  REQUIRE(derivatives.put_facts(photo, {{"image/webp", 1200, 630, 12, true}, ""}));
  const auto record = *derivatives.facts(photo);
  REQUIRE(record);
  CHECK(record->facts.type == "image/webp");
  CHECK(record->facts.width == 1200);
  CHECK(record->facts.height == 630);
  CHECK(record->facts.frames == 12);
  CHECK(record->facts.alpha);
  CHECK(record->error.empty());

  REQUIRE(derivatives.put_facts(photo, {{}, "bad \xFF huffman code"}));
  CHECK((*derivatives.facts(photo))->error == "bad \xEF\xBF\xBD huffman code");
}

TEST_CASE_METHOD(Fixture, "what became of pictures is kept with their facts", "[store]") {
  const ImageRecord record{.facts = {"image/gif", 9, 8, 7, false},
                           .placeholder = std::string("\x00\xFF\x80 placeholder", 15),
                           .failures = {{"thumb@1", "it \xFF hung"}},
                           .hash = 0xFEDC'BA98'0000'0001};
  const DerivedPicture pictures[] = {
      {.digest = photo, .record = record, .made = {{&newer_thumb, {"bytes", "image/webp", 9, 8}}}},
      {.digest = sha256("other"), .record = std::nullopt, .made = {{&thumb, {"1", "x", 1, 1}}}},
  };
  REQUIRE(derivatives.put(pictures));
  const auto kept = *derivatives.facts(photo);
  REQUIRE(kept);
  CHECK(kept->facts.frames == 7);
  CHECK(kept->error.empty());
  CHECK(kept->placeholder == record.placeholder);
  CHECK(kept->hash == record.hash);
  CHECK(kept->failures == std::map<std::string, std::string>{{"thumb@1", "it \xEF\xBF\xBD hung"}});
  CHECK((*derivatives.get(photo, newer_thumb))->bytes == "bytes");
  CHECK(*derivatives.has(photo, newer_thumb));
  CHECK_FALSE(*derivatives.has(photo, thumb));
  CHECK(*derivatives.has(sha256("other"), thumb));
  CHECK_FALSE((*derivatives.facts(sha256("other"))).has_value());
  CHECK(*derivatives.count() == 2);
}

TEST_CASE_METHOD(Fixture, "a derivative belongs to a blob and a recipe's version", "[store]") {
  const std::string bytes("\xFF\xD8\0\0", 4);
  REQUIRE(derivatives.put(photo, thumb, {bytes, "image/jpeg", 320, 168}));
  const auto derivative = *derivatives.get(photo, thumb);
  REQUIRE(derivative);
  CHECK(derivative->bytes == bytes);
  CHECK(derivative->type == "image/jpeg");
  CHECK(derivative->width == 320);
  CHECK(derivative->height == 168);
  CHECK_FALSE(derivatives.get(photo, newer_thumb)->has_value());
  CHECK_FALSE(derivatives.get(sha256("other"), thumb)->has_value());
}

TEST_CASE_METHOD(Fixture, "derivatives are counted, image facts are not", "[store]") {
  CHECK(*derivatives.count() == 0);
  REQUIRE(derivatives.put_facts(photo, {}));
  REQUIRE(derivatives.put(photo, thumb, {"1", "image/jpeg", 1, 1}));
  REQUIRE(derivatives.put(photo, thumb, {"2", "image/jpeg", 1, 1}));
  REQUIRE(derivatives.put(photo, newer_thumb, {"3", "image/jpeg", 1, 1}));
  CHECK(*derivatives.count() == 2);
  CHECK((*derivatives.get(photo, thumb))->bytes == "2");
}

TEST_CASE_METHOD(Fixture, "damaged facts are kCorrupt", "[store]") {
  REQUIRE(derivatives.put(photo, thumb, {"1", "image/jpeg", 1, 1}));
  for (const char* value : {"", "{", "[1]", "{\"type\": 1}"}) {
    WriteBatch batch;
    batch.put(Table::kImage, photo.view(), value);
    batch.put(Table::kImage, std::string(photo.view()) + thumb.key(), value);
    REQUIRE(database->write(std::move(batch), false));
    CHECK(derivatives.facts(photo).error().code == ErrorCode::kCorrupt);
    CHECK(derivatives.get(photo, thumb).error().code == ErrorCode::kCorrupt);
  }
}
