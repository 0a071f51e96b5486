// What can be read of a damaged database.
#include <filesystem>

#include "store/byte_order.h"
#include "store/database.h"
#include "store/files.h"
#include "tests/store/blob_store_contract.h"
#include "tests/store/damage.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

struct Scanned {
  std::vector<std::string> keys;
  std::vector<Database::Lost> lost;
};

Scanned scan(const Database& database, Table table) {
  Scanned scanned;
  database.scan_past_damage(
      table, {},
      [&](auto key, auto) {
        scanned.keys.emplace_back(key);
        return true;
      },
      [&](const Database::Lost& lost) { scanned.lost.push_back(lost); });
  return scanned;
}

// The one table file, and the values' places in it.
std::string only_file(const Database& database) {
  REQUIRE(database.table_files().size() == 1);
  return database.table_files()[0].name;
}

}  // namespace

TEST_CASE("a scan goes on behind damaged blocks", "[store]") {
  const TemporaryDirectory folder;
  const bool is_numbered = GENERATE(true, false);
  const auto key_of = [&](uint64_t number) {
    return is_numbered ? be64(number) : fmt::format("com,example)/page/{:03} https", number);
  };
  const Table table = is_numbered ? Table::kBlob : Table::kArticle;
  constexpr uint64_t kCount = 100;
  std::string name;
  {
    const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
    WriteBatch batch;
    for (uint64_t i = 0; i < kCount; ++i) batch.put(table, key_of(i), noise(30'000, i));
    REQUIRE(database->write(std::move(batch), true));
  }
  name = only_file(**Database::open(folder.file("db"), Database::Mode::kCheck));
  const std::string path = folder.file("db/" + name);
  const std::string bytes = *read_file(path, UINT64_MAX);
  const auto damage = [&](uint64_t number) {
    flip_bit(path, bytes.find(noise(30'000, number).substr(10'000, 100)), 1);
  };
  std::vector<uint64_t> damaged;
  SECTION("one") { damaged = {50}; }
  SECTION("the first and the last") { damaged = {0, 99}; }
  SECTION("several, side by side and apart") { damaged = {10, 11, 12, 20, 80}; }
  for (const uint64_t number : damaged) damage(number);

  const auto database = *Database::open(folder.file("db"), Database::Mode::kCheck);
  const Scanned scanned = scan(*database, table);
  for (const auto& lost : scanned.lost) {
    UNSCOPED_INFO("lost " << Catch::StringMaker<std::string>::convert(lost.after) << " to "
                          << Catch::StringMaker<std::string>::convert(lost.before) << " "
                          << lost.why);
  }
  CHECK_FALSE(scanned.lost.empty());
  CHECK(scanned.lost.size() <= damaged.size());
  for (uint64_t i = 0; i < kCount; ++i) {
    const std::string key = key_of(i);
    const bool is_read = std::count(scanned.keys.begin(), scanned.keys.end(), key) == 1;
    const bool is_lost =
        std::any_of(scanned.lost.begin(), scanned.lost.end(), [&](const Database::Lost& lost) {
          return (lost.after.empty() || key > lost.after) &&
                 (lost.before.empty() || key < lost.before);
        });
    CAPTURE(i);
    CHECK(is_read != is_lost);
    // At most the block's neighbours go with it.
    const bool is_near = std::any_of(damaged.begin(), damaged.end(), [&](uint64_t number) {
      return i + 4 >= number && i <= number + 4;
    });
    if (!is_near) CHECK(is_read);
  }
}
