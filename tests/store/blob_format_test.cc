#include "store/blob_format.h"

#include "tests/support/catch.h"

using namespace halftone;
using namespace halftone::blob_format;

TEST_CASE("an entry comes back, and cut short it is corrupt", "[store]") {
  const std::string value = write_entry({0x0102030405060708, uint64_t{5} << 40, "image/png"});
  const auto entry = read_entry(value);
  REQUIRE(entry);
  CHECK(entry->number == 0x0102030405060708);
  CHECK(entry->size == uint64_t{5} << 40);
  CHECK(entry->type == "image/png");
  // docs/format.md: version, number, size, type.
  CHECK(value == std::string("\1\1\2\3\4\5\6\7\10\0\0\5\0\0\0\0\0image/png", 26));

  for (size_t size = 0; size < 17; ++size) {
    CAPTURE(size);
    const auto cut = read_entry(std::string_view(value).substr(0, size));
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("text is compressed where it pays", "[store]") {
  const std::string dull(10'000, 'a');
  const std::string brief = "a short text";
  struct Row {
    const char* name;
    std::string bytes;
    bool is_text;
    Codec codec;
  };
  const Row rows[] = {
      {"text", dull, true, Codec::kZstd},
      {"not text", dull, false, Codec::kRaw},
      {"text too short to gain", brief, true, Codec::kRaw},
      {"empty", "", true, Codec::kRaw},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const std::string value = write_bytes(row.bytes, row.is_text);
      CHECK(codec_of(value) == row.codec);
      CHECK(read_bytes(value) == row.bytes);
    }
  }
}

TEST_CASE("compressed bytes cut anywhere are corrupt", "[store]") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += fmt::format("line {}\n", i);
  const std::string value = write_bytes(text, true);
  REQUIRE(codec_of(value) == Codec::kZstd);
  for (size_t size = 0; size < value.size(); ++size) {
    CAPTURE(size);
    const auto bytes = read_bytes(value.substr(0, size));
    REQUIRE_FALSE(bytes);
    CHECK(bytes.error().code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("a frame that claims more than a chunk is not unpacked", "[store]") {
  // RFC 8878, 3.1.1: magic number, then a header with an eight-byte content size of 1 TiB.
  const std::string value("\1\x28\xB5\x2F\xFD\xC0\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00", 16);
  const auto bytes = read_bytes(value);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().code == ErrorCode::kCorrupt);
}

TEST_CASE("a manifest lists its chunks", "[store]") {
  const std::vector<uint64_t> numbers = {7, 8, uint64_t{1} << 63};
  const std::string value = write_manifest(numbers);
  CHECK(read_manifest(value) == numbers);
  CHECK(read_manifest(std::string_view(value).substr(0, 12)).error().code == ErrorCode::kCorrupt);
  CHECK(read_bytes(value).error().code == ErrorCode::kCorrupt);
  CHECK(codec_of("\7x").error().code == ErrorCode::kCorrupt);
}
