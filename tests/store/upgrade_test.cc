// An archive of format 1 becomes one of format 2, whatever happens on the way.
#include "store/upgrade.h"

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "store/archive.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;

namespace {

constexpr int kVersions = 700;  // several batches

// As the first halftone left it: no index, and no word of a source.
void make_format_1(const std::string& folder) {
  {
    const auto archive = *Archive::open_for_writing(folder);
    for (int i = 0; i < kVersions; ++i) {
      Article article;
      article.url = fmt::format("https://example.com/{}", i / 2);
      article.id = article_id(article.url);
      article.captured_at = Time(std::chrono::seconds(1000 + i));
      article.facts.title = fmt::format("{}", i);
      REQUIRE(archive->articles().add(article));
    }
    WriteBatch batch;
    REQUIRE(archive->database().scan(Table::kIndex, {}, [&](auto key, auto) {
      batch.remove(Table::kIndex, key);
      return true;
    }));
    REQUIRE(archive->database().write(std::move(batch), true));
    const auto [key, value] = **archive->database().last(Table::kArticle, {});
    auto json = nlohmann::json::parse(value);
    json.erase("source");
    WriteBatch old;
    old.put(Table::kArticle, key, json.dump());
    REQUIRE(archive->database().write(std::move(old), true));
  }
  std::ofstream(folder + "/halftone-archive.json")
      << R"({"format": 1, "created": "2026-01-09T03:28:37Z", "made_by": "halftone 0.1.0"})";
}

std::vector<std::string> listed(const std::string& folder) {
  const auto archive = Archive::open_for_reading(folder);
  REQUIRE(archive);
  std::vector<std::string> titles;
  REQUIRE((*archive)->articles().list({}, [&](const ArticleSummary& version) {
    titles.push_back(version.title);
    return true;
  }));
  return titles;
}

nlohmann::json marker_in(const TemporaryDirectory& folder) {
  return nlohmann::json::parse(folder.read("halftone-archive.json"));
}

const auto kSilent = [](uint64_t) {};

}  // namespace

TEST_CASE("an archive of format 1 is upgraded once, and only when it is asked for", "[store]") {
  const TemporaryDirectory folder;
  make_format_1(folder.path());
  CHECK(Archive::open_for_reading(folder.path()).error().code == ErrorCode::kOlderFormat);
  CHECK(Archive::open_for_writing(folder.path()).error().code == ErrorCode::kOlderFormat);

  uint64_t told = 0;
  const auto upgrade = upgrade_archive(folder.path(), [&](uint64_t versions) { told = versions; });
  REQUIRE(upgrade);
  CHECK(upgrade->from == 1);
  CHECK(upgrade->to == 2);
  CHECK(upgrade->versions == kVersions);
  CHECK(upgrade->damaged.empty());
  CHECK(told == kVersions);
  const auto titles = listed(folder.path());
  REQUIRE(titles.size() == kVersions / 2);
  CHECK(titles.front() == "699");
  CHECK(titles.back() == "1");
  CHECK(marker_in(folder)["format"] == 2);
  CHECK(marker_in(folder)["created"] == "2026-01-09T03:28:37Z");

  const auto again = upgrade_archive(folder.path(), kSilent);
  REQUIRE(again);
  CHECK(again->from == 2);
  CHECK(again->versions == 0);
}

TEST_CASE("what cannot be upgraded is left as it is", "[store]") {
  const TemporaryDirectory folder;
  SECTION("nothing there") {
    CHECK(upgrade_archive(folder.file("absent"), kSilent).error().code == ErrorCode::kNotFound);
    CHECK_FALSE(std::filesystem::exists(folder.file("absent")));
  }
  SECTION("a newer format") {
    folder.write("halftone-archive.json", R"({"format": 3})");
    CHECK(upgrade_archive(folder.path(), kSilent).error().code == ErrorCode::kNewerFormat);
  }
  SECTION("an archive in use") {
    const auto writer = *Archive::open_for_writing(folder.path());
    folder.write("halftone-archive.json", R"({"format": 1})");
    CHECK(upgrade_archive(folder.path(), kSilent).error().code == ErrorCode::kInUse);
    CHECK(marker_in(folder)["format"] == 1);
  }
}

TEST_CASE("a damaged article is told of, and the others are upgraded", "[store]") {
  const TemporaryDirectory folder;
  make_format_1(folder.path());
  std::string damaged;
  {
    const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
    damaged = (*database->last(Table::kArticle, {}))->first;
    WriteBatch batch;
    batch.put(Table::kArticle, damaged, "{");
    REQUIRE(database->write(std::move(batch), true));
  }
  const auto upgrade = upgrade_archive(folder.path(), kSilent);
  REQUIRE(upgrade);
  CHECK(upgrade->damaged == std::vector<std::string>{damaged});
  CHECK(upgrade->versions == kVersions - 1);
}

TEST_CASE("child: upgrades an archive slowly", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const auto stop = std::stoull(from_parent("HALFTONE_TEST_STOP"));
  uint64_t batches = 0;
  REQUIRE(upgrade_archive(folder, [&](uint64_t) {
    if (++batches < stop) return;
    tell_parent("here");
    wait_for_parent();
  }));
  tell_parent("here");
}

TEST_CASE("an upgrade that is killed is done again", "[store]") {
  const TemporaryDirectory folder;
  make_format_1(folder.path());
  for (int batch = 1; batch <= 4; ++batch) {
    CAPTURE(batch);
    TestChild child(
        "child: upgrades an archive slowly",
        {{"HALFTONE_TEST_ARCHIVE", folder.path()}, {"HALFTONE_TEST_STOP", std::to_string(batch)}});
    REQUIRE(child.read_line() == "here");
    child.kill();
    child.finish();
    if (batch == 4) break;  // it had come to its end
    REQUIRE(marker_in(folder)["format"] == 1);
    CHECK(Archive::open_for_reading(folder.path()).error().code == ErrorCode::kOlderFormat);
  }
  REQUIRE(upgrade_archive(folder.path(), kSilent));
  CHECK(listed(folder.path()).size() == kVersions / 2);
}
