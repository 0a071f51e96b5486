// Any flipped bit is found, and so is whatever else may happen to the files of an archive.
#include "store/verify.h"

#include <filesystem>
#include <random>
#include <sched.h>
#include <sys/mount.h>

#include "store/blob_format.h"
#include "store/byte_order.h"
#include "store/files.h"
#include "store/fixity_log.h"
#include "store/repair.h"
#include "store/seal.h"
#include "tests/store/blob_store_contract.h"
#include "tests/store/damage.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

bool go_on(const VerifyProgress&) { return true; }

VerifyResult checked(const std::string& folder, const VerifyScope& scope = {}) {
  auto result = verify(folder, scope, go_on);
  REQUIRE(result);
  return *std::move(result);
}

void make_closed(const std::string& folder) { fill(**Archive::open_for_writing(folder)); }

bool names(const VerifyResult& result, std::string_view object) {
  return std::any_of(result.damages.begin(), result.damages.end(), [&](const Damage& damage) {
    return damage.object.find(object) != std::string::npos;
  });
}

std::string told(const VerifyResult& result) {
  std::string text;
  for (const Damage& damage : result.damages) {
    text += fmt::format("{}: {}\n", damage.object, damage.why);
  }
  for (const HarmedArticle& article : result.harmed_articles) {
    text += fmt::format("harmed: {} {}\n", article.id, fmt::join(article.urls, " "));
  }
  return text;
}

// The titles of the articles that are harmed, sorted.
std::vector<std::string> harmed(const VerifyResult& result) {
  std::vector<std::string> titles;
  for (const HarmedArticle& article : result.harmed_articles) titles.push_back(article.title);
  std::sort(titles.begin(), titles.end());
  return titles;
}

int flips_wanted() {
  const std::string wanted = from_parent("HALFTONE_FLIPS");
  return wanted.empty() ? 60 : std::stoi(wanted);
}

// Where the bytes of pictures stand in table files, and which articles show them.
struct PicturePlace {
  Place place;
  uint64_t size = 0;
  std::vector<std::string> articles;
};

std::vector<PicturePlace> picture_places(const std::string& folder) {
  const std::pair<const char*, std::vector<std::string>> pictures[] = {
      {"a.jpg", {"Article 1"}}, {"shared.png", {"Article 1", "Article 2"}},
      {"b.jpg", {"Article 2"}}, {"film.mp4", {"Article 2"}},
      {"c.jpg", {"Article 3"}}, {"d.jpg", {"Article 3"}}};
  std::vector<PicturePlace> places;
  for (const auto& [name, articles] : pictures) {
    const std::string bytes = picture_bytes(name);
    for (size_t at = 0; at < bytes.size(); at += blob_format::kChunkSize) {
      const std::string chunk = bytes.substr(at, blob_format::kChunkSize);
      places.push_back({find_bytes(folder, chunk), chunk.size(), articles});
    }
  }
  return places;
}

// The articles that must be named when this byte is damaged.
std::vector<std::string> shown_at(const std::vector<PicturePlace>& places, const std::string& path,
                                  uint64_t offset) {
  for (const PicturePlace& each : places) {
    const bool is_in = each.place.path == path && offset >= each.place.offset &&
                       offset - each.place.offset < each.size;
    if (is_in) return each.articles;
  }
  return {};
}

// Flips bits one after the other; every one must be found. Half of the places are drawn from all
// bytes alike, half from the files alike, so that small files get their share.
void check_flips(const std::string& folder, const std::vector<std::string>& paths, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> full;
  std::vector<double> sizes;
  for (const std::string& path : paths) {
    if (fs::file_size(path) == 0) continue;
    full.push_back(path);
    sizes.push_back(static_cast<double>(fs::file_size(path)));
  }
  std::discrete_distribution<size_t> by_byte(sizes.begin(), sizes.end());
  std::uniform_int_distribution<size_t> by_file(0, full.size() - 1);
  const auto places = picture_places(folder);
  int found = 0, in_pictures = 0;
  const int flips = flips_wanted();
  for (int i = 0; i < flips; ++i) {
    const std::string& path = full[i % 2 == 0 ? by_byte(random) : by_file(random)];
    const uint64_t offset = random() % fs::file_size(path);
    const int bit = static_cast<int>(random() % 8);
    flip_bit(path, offset, bit);
    const auto result = verify(folder, {}, go_on);
    flip_bit(path, offset, bit);
    CAPTURE(path, offset, bit);
    const bool is_found = result ? !result->is_sound() : result.error().code == ErrorCode::kCorrupt;
    CHECK(is_found);
    found += is_found ? 1 : 0;
    const auto shown = shown_at(places, path, offset);
    if (!result || shown.empty() || path.ends_with(".log")) continue;
    ++in_pictures;
    INFO(told(*result));
    const auto titles = harmed(*result);
    CHECK(std::includes(titles.begin(), titles.end(), shown.begin(), shown.end()));
  }
  CHECK(checked(folder).is_sound());
  if (flips != 60)
    WARN(fmt::format("{} of {} flipped bits were found, {} of them in pictures", found, flips,
                     in_pictures));
}

}  // namespace

TEST_CASE("a closed archive is sound, and all of it is counted", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  const VerifyResult result = checked(folder.path());
  INFO(told(result));
  CHECK(result.is_sound());
  CHECK(result.is_sealed);
  CHECK(result.blobs == 9);
  CHECK(result.captures == 10);
  CHECK(result.articles == 3);
  CHECK(result.derivatives == 5);
  CHECK(result.blob_bytes > 9U << 20);
  CHECK(result.harmed == 0);
}

TEST_CASE("a bit that flips anywhere in a closed archive is found", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  check_flips(folder.path(), sealed_paths(folder.path()), std::random_device{}());
}

TEST_CASE("child: fills an archive and is killed", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const auto archive = *Archive::open_for_writing(folder);
  fill(*archive);
  tell_parent("filled");
  wait_for_parent();
}

TEST_CASE("a bit that flips in what a killed writer left is found", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  TestChild child("child: fills an archive and is killed",
                  {{"HALFTONE_TEST_ARCHIVE", folder.path()}});
  REQUIRE(child.read_line() == "filled");
  CHECK(checked(folder.path()).is_sound());  // beside the writer
  child.kill();
  REQUIRE(child.finish() == -1);
  const VerifyResult result = checked(folder.path());
  INFO(told(result));
  CHECK(result.is_sound());
  CHECK_FALSE(result.is_sealed);

  std::vector<std::string> paths;
  for (const std::string& path : sealed_paths(folder.path())) {
    const std::string name = fs::path(path).filename();
    if (name == "CURRENT" || name.starts_with("MANIFEST") || name.ends_with(".log") ||
        name.ends_with(".sst")) {
      paths.push_back(path);
    }
  }
  check_flips(folder.path(), paths, std::random_device{}());
}

TEST_CASE("damaged bytes of a blob lead to the articles that need it", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  struct Row {
    const char* picture;
    std::vector<std::string> articles;
    size_t within;  // which part of its bytes
  };
  const Row rows[] = {{"a.jpg", {"Article 1"}, 5000},
                      {"shared.png", {"Article 1", "Article 2"}, 50'000},
                      {"film.mp4", {"Article 2"}, 5 << 20}};
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.picture) {
      const std::string bytes = picture_bytes(row.picture);
      const Place place = find_bytes(folder.path(), bytes.substr(row.within, 64));
      flip_bit(place.path, place.offset, 3);
      const VerifyResult result = checked(folder.path());
      INFO(told(result));
      CHECK(names(result, fs::path(place.path).filename().string()));
      CHECK(names(result, "blob " + sha256(bytes).hex()));
      CHECK(harmed(result) == row.articles);
      REQUIRE(result.harmed_articles.at(0).urls.size() >= 1);
      CHECK(std::count(result.harmed_articles[0].urls.begin(), result.harmed_articles[0].urls.end(),
                       fmt::format("https://example.org/pictures/{}", row.picture)) == 1);
    }
  }
}

TEST_CASE("files that are missing, cut, foreign or altered are named", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  const auto path = [&](std::string_view end) {
    for (const std::string& path : sealed_paths(folder.path())) {
      if (fs::path(path).filename().string().starts_with(end) || path.ends_with(end)) return path;
    }
    FAIL("no file " << end);
    return std::string();
  };
  const std::string table = find_bytes(folder.path(), picture_bytes("a.jpg").substr(100, 64)).path;
  const auto check = [&](const std::string& named) {
    const VerifyResult result = checked(folder.path());
    INFO(told(result));
    CHECK_FALSE(result.is_sound());
    CHECK(names(result, fs::path(named).filename().string()));
  };
  SECTION("a table file is missing") {
    fs::remove(table);
    check(table);
  }
  SECTION("a table file is cut") {
    fs::resize_file(table, fs::file_size(table) - 1000);
    check(table);
  }
  SECTION("a table file is empty") {
    fs::resize_file(table, 0);
    check(table);
  }
  SECTION("a foreign file") {
    folder.write("db/000999.sst", "not ours");
    check("000999.sst");
  }
  SECTION("the MANIFEST is missing") {
    const std::string manifest = path("MANIFEST");
    fs::remove(manifest);
    check(manifest);
  }
  SECTION("CURRENT is missing") {
    fs::remove(path("CURRENT"));
    check("CURRENT");
  }
  SECTION("CURRENT names another file") {
    folder.write("db/CURRENT", "MANIFEST-000999\n");
    check("CURRENT");
  }
  SECTION("the seal is cut") {
    fs::resize_file(path(Seal::kName), 100);
    check(Seal::kName);
  }
  SECTION("the marker says another format") {
    folder.write("halftone-archive.json", R"({"format": 9})");
    check("halftone-archive.json");
  }
  SECTION("no seal, and a table file is missing") {
    fs::remove(path(Seal::kName));
    fs::remove(table);
    check(table);
  }
  SECTION("no seal, and a damaged table file") {
    fs::remove(path(Seal::kName));
    flip_bit(table, fs::file_size(table) - 20, 1);  // in its footer
    check(table);
  }
}

TEST_CASE("rows that lead nowhere are named", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  const Digest digest = sha256(picture_bytes("shared.png"));
  const auto change = [&](const std::function<void(Database&, WriteBatch&)>& make) {
    fs::remove(folder.file(Seal::kName));
    const auto database = *Database::open(folder.file("db"), Database::Mode::kWrite);
    WriteBatch batch;
    make(*database, batch);
    REQUIRE(database->write(std::move(batch), true));
  };
  const auto entry_of = [&](Database& database) {
    return *blob_format::read_entry(**database.get(Table::kDigest, digest.view()));
  };
  SECTION("a blob without its entry") {
    change([&](Database&, WriteBatch& batch) { batch.remove(Table::kDigest, digest.view()); });
    const VerifyResult result = checked(folder.path());
    CHECK(harmed(result) == std::vector<std::string>{"Article 1", "Article 2"});
    CHECK(names(result, "capture https://example.org/pictures/shared.png"));
    CHECK(names(result, "the derivative thumb@1 of blob " + digest.hex()));
  }
  SECTION("an entry without its body") {
    change([&](Database& database, WriteBatch& batch) {
      batch.remove(Table::kBlob, be64(entry_of(database).number));
    });
    CHECK(names(checked(folder.path()), "blob " + digest.hex()));
  }
  SECTION("an entry with another size") {
    change([&](Database& database, WriteBatch& batch) {
      auto entry = entry_of(database);
      ++entry.size;
      batch.put(Table::kDigest, digest.view(), blob_format::write_entry(entry));
    });
    const VerifyResult result = checked(folder.path());
    CHECK(names(result, "blob " + digest.hex()));
    CHECK(harmed(result).size() == 2);
  }
  SECTION("a manifest without one of its chunks") {
    change([&](Database& database, WriteBatch& batch) {
      const Digest film = sha256(picture_bytes("film.mp4"));
      const auto entry = *blob_format::read_entry(**database.get(Table::kDigest, film.view()));
      const auto manifest = **database.get(Table::kBlob, be64(entry.number));
      batch.remove(Table::kBlob, be64((*blob_format::read_manifest(manifest))[1]));
    });
    CHECK(harmed(checked(folder.path())) == std::vector<std::string>{"Article 2"});
  }
  SECTION("rows that do not parse") {
    change([&](Database&, WriteBatch& batch) {
      batch.put(Table::kCapture, "org,example)/x 20260109032837000000 https", "{\"url\": 1}");
      batch.put(Table::kArticle, article_id("x") + " 20260109032837000000", "{");
      batch.put(Table::kImage, digest.view(), "no JSON");
      batch.put(Table::kRun, "https://example.org/x", "yesterday");
      batch.put(Table::kRun, "f 0a t", "short");
      batch.put(Table::kRun, "f ../ t", std::string(32, '\0'));
      batch.put(Table::kDigest, sha256("y").view(), "short");
    });
    const VerifyResult result = checked(folder.path());
    INFO(told(result));
    CHECK(result.damaged == 8);
    CHECK(result.bad_frontiers == std::set<std::string>{"0a"});
    for (const char* object :
         {"capture org,example)/x", "article ", "the image facts of blob",
          "the run of https://example.org/x", "the frontier row \"f 0a t\"",
          "the frontier row \"f ../ t\"", "the digest table", "the index row"}) {
      CHECK(names(result, object));
    }
  }
  SECTION("a derivative without its description") {
    change([&](Database&, WriteBatch& batch) {
      batch.remove(Table::kImage, std::string(digest.view()) + "thumb@1");
    });
    CHECK(names(checked(folder.path()), "the derivative thumb@1"));
  }
}

TEST_CASE("samples take turns, so that all is read", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  const Place place = find_bytes(folder.path(), picture_bytes("b.jpg").substr(100, 64));
  flip_bit(place.path, place.offset, 0);
  uint64_t blobs = 0, found = 0;
  for (uint32_t part = 0; part < 4; ++part) {
    const VerifyResult result = checked(folder.path(), {.sample = VerifyScope::Sample{4, part}});
    CHECK(result.blobs < 9);
    blobs += result.blobs;
    found += result.is_sound() ? 0 : 1;
  }
  CHECK(blobs == 9);
  CHECK(found == 1);
}

TEST_CASE("a check can be limited to new captures, or to an article", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  const Time later = now();
  {
    const auto archive = *Archive::open_for_writing(folder.path());
    const auto put = *archive->blobs().put("new");
    Capture capture;
    capture.url = "https://example.org/new";
    capture.time = later + std::chrono::seconds(1);
    capture.digest = put.info.digest;
    capture.size = put.info.size;
    REQUIRE(archive->captures().add(capture));
  }
  CHECK(checked(folder.path(), {.since = later}).blobs == 1);
  CHECK(checked(folder.path(), {.since = Time()}).blobs == 10);
  const VerifyResult result =
      checked(folder.path(), {.article = article_id(article_url(2)).substr(0, 6)});
  CHECK(result.blobs == 4);
  CHECK(result.articles == 1);
  CHECK(verify(folder.path(), {.article = "0000"}, go_on).error().code == ErrorCode::kNotFound);
}

TEST_CASE("a check can be stopped", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  const auto result = verify(folder.path(), {}, [](const VerifyProgress&) { return false; });
  CHECK(result.error().code == ErrorCode::kInterrupted);
}

TEST_CASE("what is no archive is not checked", "[store]") {
  const TemporaryDirectory folder;
  CHECK(verify(folder.file("absent"), {}, go_on).error().code == ErrorCode::kNotFound);
  folder.write("thesis.txt", "years of work");
  CHECK(verify(folder.path(), {}, go_on).error().code == ErrorCode::kInvalid);
}

TEST_CASE("child: checks on a disk that cannot be written", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const char* path = folder.c_str();
  const bool may_mount =
      ::unshare(CLONE_NEWNS) == 0 &&
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
      ::mount(path, path, nullptr, MS_BIND, nullptr) == 0 &&
      ::mount(nullptr, path, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  if (!may_mount) return tell_parent("may not mount");
  CHECK(checked(folder).is_sound());
  CHECK(append_fixity(folder, {}).error().code == ErrorCode::kIo);
  CHECK(repair(folder, {}, go_on).error().code == ErrorCode::kIo);
}

TEST_CASE("an archive is checked on a disk that cannot be written", "[store]") {
  const TemporaryDirectory folder;
  make_closed(folder.path());
  TestChild child("child: checks on a disk that cannot be written",
                  {{"HALFTONE_TEST_ARCHIVE", folder.path()}});
  const auto line = child.read_line();
  const int status = child.finish();
  if (line == "may not mount") {
    WARN("skipped: this process may not mount file systems");
    return;
  }
  INFO(child.output());
  CHECK(status == 0);
}

TEST_CASE("a writer at work is no damage", "[store]") {
  const TemporaryDirectory folder;
  const auto archive = *Archive::open_for_writing(folder.path());
  fill(*archive);
  for (uint64_t seed = 2; seed < 12; ++seed) {
    fill(*archive, seed);
    const VerifyResult result = checked(folder.path());
    INFO(told(result));
    CHECK(result.is_sound());
    CHECK_FALSE(result.is_sealed);
  }
}
