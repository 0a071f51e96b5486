#include "store/database.h"

#include <filesystem>

#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

void put(Database& database, Table table, std::string_view key, std::string_view value) {
  WriteBatch batch;
  batch.put(table, key, value);
  REQUIRE(database.write(std::move(batch), false));
}

std::vector<std::string> keys(const Database& database, std::string_view prefix, bool backward) {
  std::vector<std::string> found;
  const auto visit = [&](auto key, auto) {
    found.emplace_back(key);
    return true;
  };
  REQUIRE((backward ? database.scan_backward(Table::kMeta, prefix, visit)
                    : database.scan(Table::kMeta, prefix, visit)));
  return found;
}

}  // namespace

TEST_CASE("a table is scanned by prefix, in order", "[store]") {
  const TemporaryDirectory folder;
  const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  const std::vector<std::string> all = {"a", "b", "b1", "b\xFF", "b\xFF\xFF", "c", "\xFF\xFF"};
  for (const auto& key : all) put(*database, Table::kMeta, key, "value of " + key);
  put(*database, Table::kRun, "b2", "of another table");

  struct Row {
    const char* name;
    std::string prefix;
    std::vector<std::string> found;
  };
  const Row rows[] = {
      {"everything", "", all},
      {"some", "b", {"b", "b1", "b\xFF", "b\xFF\xFF"}},
      {"prefix that ends in the highest byte", "b\xFF", {"b\xFF", "b\xFF\xFF"}},
      {"prefix of highest bytes alone", "\xFF", {"\xFF\xFF"}},
      {"nothing", "bb", {}},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK(keys(*database, row.prefix, false) == row.found);
      const auto last = database->last(Table::kMeta, row.prefix);
      REQUIRE(last);
      REQUIRE(last->has_value() == !row.found.empty());
      if (*last) CHECK((*last)->second == "value of " + row.found.back());
      auto backward = keys(*database, row.prefix, true);
      std::reverse(backward.begin(), backward.end());
      CHECK(backward == row.found);
    }
  }

  SECTION("a scan stops when asked to") {
    int visited = 0;
    REQUIRE(database->scan(Table::kMeta, "b", [&](auto, auto) { return ++visited < 2; }));
    CHECK(visited == 2);
  }
}

TEST_CASE("a batch puts and removes together, and lasts", "[store]") {
  const TemporaryDirectory folder;
  {
    const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
    put(*database, Table::kMeta, "old", "1");
    WriteBatch batch;
    batch.remove(Table::kMeta, "old");
    batch.put(Table::kArticle, "new", std::string("\0\xFF", 2));
    REQUIRE(database->write(std::move(batch), true));
  }
  const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
  CHECK(*database->get(Table::kMeta, "old") == std::nullopt);
  CHECK(*database->get(Table::kArticle, "new") == std::string("\0\xFF", 2));
  CHECK(*database->get(Table::kMeta, "new") == std::nullopt);
}

TEST_CASE("a reader sees what was there when it opened, and writes nothing", "[store]") {
  const TemporaryDirectory folder;
  const auto writer = *Database::open(folder.file("db"), Database::Mode::kWrite);
  put(*writer, Table::kMeta, "before", "1");
  const auto reader = Database::open(folder.file("db"), Database::Mode::kRead);
  REQUIRE(reader);
  put(*writer, Table::kMeta, "after", "1");

  CHECK(*(*reader)->get(Table::kMeta, "before") == "1");
  CHECK(*(*reader)->get(Table::kMeta, "after") == std::nullopt);
  WriteBatch batch;
  batch.put(Table::kMeta, "mine", "1");
  CHECK((*reader)->write(std::move(batch), true).error().code == ErrorCode::kIo);
}

TEST_CASE("a database is opened by one writer", "[store]") {
  const TemporaryDirectory folder;
  const auto first = Database::open(folder.file("db"), Database::Mode::kWrite);
  REQUIRE(first);
  const auto second = Database::open(folder.file("db"), Database::Mode::kWrite);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kInUse);
}

TEST_CASE("what is left of a damaged database is not taken for an empty one", "[store]") {
  const TemporaryDirectory folder;
  put(**Database::open(folder.file("db"), Database::Mode::kWrite), Table::kMeta, "key", "value");
  std::filesystem::remove(folder.file("db/CURRENT"));
  for (const auto mode : {Database::Mode::kWrite, Database::Mode::kRead}) {
    const auto database = Database::open(folder.file("db"), mode);
    REQUIRE_FALSE(database);
    CHECK(database.error().code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("where there is no database, there is nothing to read", "[store]") {
  const TemporaryDirectory folder;
  const auto database = Database::open(folder.file("db"), Database::Mode::kRead);
  REQUIRE_FALSE(database);
  CHECK(database.error().code == ErrorCode::kNotFound);
  CHECK_FALSE(std::filesystem::exists(folder.file("db")));
}
