#include "store/seal.h"

#include <filesystem>

#include "store/files.h"
#include "tests/store/damage.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;
namespace fs = std::filesystem;

TEST_CASE("closing seals every file of the database, opening for writing breaks the seal",
          "[store]") {
  const TemporaryDirectory folder;
  const std::string path = folder.file(Seal::kName);
  {
    const auto archive = *Archive::open_for_writing(folder.path());
    CHECK_FALSE(fs::exists(path));
    fill(*archive);
  }
  const auto seal = read_seal(folder.path());
  REQUIRE(seal);
  REQUIRE(*seal);
  size_t tables = 0;
  const auto names = files_to_seal(folder.path());
  REQUIRE(names);
  for (const std::string& name : *names) {
    CAPTURE(name);
    const SealedFile* file = (*seal)->find(name);
    REQUIRE(file);
    CHECK(file->size == fs::file_size(folder.file(name)));
    const bool is_table = name.ends_with(".sst");
    CHECK(file->crc32c.size() == (is_table ? 8 : 0));
    CHECK(file->sha256.size() == (is_table ? 0 : 64));
    tables += is_table ? 1 : 0;
  }
  CHECK(tables >= 5);
  CHECK((*seal)->files.size() == names->size());
  CHECK((*seal)->find("db/LOG") == nullptr);

  REQUIRE(Archive::open_for_reading(folder.path()));
  CHECK(fs::exists(path));
  {
    const auto archive = *Archive::open_for_writing(folder.path());
    CHECK_FALSE(fs::exists(path));
  }
  CHECK(fs::exists(path));
}

TEST_CASE("every flipped bit of a seal is found, and every cut", "[store]") {
  const TemporaryDirectory folder;
  { const auto archive = Archive::open_for_writing(folder.path()); }
  const std::string path = folder.file(Seal::kName);
  const std::string text = *read_file(path, 1 << 20);
  for (size_t bit = 0; bit < 8 * text.size(); bit += 3) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    folder.write(Seal::kName, flipped);
    const auto seal = read_seal(folder.path());
    if (seal || seal.error().code != ErrorCode::kCorrupt) FAIL_CHECK("bit " << bit);
  }
  for (size_t size = 0; size < text.size(); size += 7) {
    folder.write(Seal::kName, text.substr(0, size));
    CHECK(read_seal(folder.path()).error().code == ErrorCode::kCorrupt);
  }
  fs::remove(path);
  const auto none = read_seal(folder.path());
  REQUIRE(none);
  CHECK_FALSE(*none);
}
