// Archives joined.
#include "store/merge.h"

#include <chrono>
#include <filesystem>
#include <random>
#include <thread>

#include "store/byte_order.h"
#include "tests/store/blob_store_contract.h"
#include "tests/store/kept_captures.h"
#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_child.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

Time second(int64_t number) { return Time(std::chrono::seconds(1'767'929'317 + number)); }

void capture(Archive& archive, const std::string& url, int64_t at, const std::string& body) {
  const auto put = archive.blobs().put(body, "text/css");
  REQUIRE(put);
  Capture capture;
  capture.url = url;
  capture.time = second(at);
  capture.status = 200;
  capture.response_headers = "HTTP/1.1 200 \xE4\r\n\r\n";
  capture.digest = put->info.digest;
  capture.size = put->info.size;
  REQUIRE(archive.captures().add(capture));
}

// An article with one picture, captured and with a derivative.
void add_article(Archive& archive, const std::string& url, int64_t at, const std::string& picture) {
  capture(archive, url, at, "<title>" + url);
  capture(archive, url + ".png", at, picture);
  Article article;
  article.url = url;
  article.id = article_id(url);
  article.captured_at = second(at);
  article.digest = sha256("<title>" + url);
  ArchivedReference shown;
  shown.url = url + ".png";
  shown.kind = Kind::kImage;
  shown.outcome = Outcome::kArchived;
  shown.digest = sha256(picture);
  article.references = {shown};
  REQUIRE(archive.articles().add(article));
  REQUIRE(archive.derivatives().put_facts(sha256(picture), {}));
  REQUIRE(
      archive.derivatives().put(sha256(picture), recipes().front(), {"thumbnail", "x/y", 1, 1}));
}

MergeReport merge_well(const std::string& into, const std::string& other, bool dry_run = false) {
  const auto target = Archive::open_for_writing(into);
  REQUIRE(target);
  const auto source = Archive::open_for_reading(other);
  REQUIRE(source);
  auto report = merge(**target, **source, {.dry_run = dry_run});
  if (!report) FAIL(report.error().message);
  return *std::move(report);
}

// Two archives that share some and differ in some.
struct Two {
  TemporaryDirectory folder;
  std::string a = folder.file("a"), b = folder.file("b");

  Two() {
    const auto first = *Archive::open_for_writing(a), second = *Archive::open_for_writing(b);
    for (Archive* archive : {first.get(), second.get()}) {
      add_article(*archive, "https://example.com/both", 1, "shared picture");
    }
    add_article(*first, "https://example.com/a", 2, noise(5 << 20, 1));
    add_article(*second, "https://example.com/b", 3, noise(5 << 20, 2));
    add_article(*second, "https://example.com/both", 9, "shared picture");
    // The same address again and again, here and there: what is a revisit depends on both.
    const std::string feed = "http://example.com/feed";
    for (const int at : {10, 30, 31, 50}) capture(*first, feed, at, "one");
    for (const int at : {20, 32, 40}) capture(*second, feed, at, at == 32 ? "one" : "two");
    capture(*second, "https://example.com/feed", 30, "one");
  }
};

void damage(const std::string& folder, const Digest& digest) {
  const auto archive = *Archive::open_for_writing(folder);
  Database& database = archive->database();
  const auto entry = *database.get(Table::kDigest, digest.view());
  const std::string number = entry->substr(1, 8);
  std::string value = **database.get(Table::kBlob, number);
  value.back() ^= 1;
  WriteBatch batch;
  batch.put(Table::kBlob, number, value);
  REQUIRE(database.write(std::move(batch), true));
}

bool is_revisit(const std::string& folder, int64_t at) {
  const auto archive = *Archive::open_for_reading(folder);
  const auto history = *archive->captures().history("http://example.com/feed");
  for (const Capture& capture : history) {
    if (capture.time == second(at)) return capture.revisit;
  }
  FAIL("no capture at " << at);
  return false;
}

}  // namespace

TEST_CASE("two archives merged both ways hold the same", "[store]") {
  const Two two;
  const std::string ab = two.folder.file("ab"), ba = two.folder.file("ba");
  merge_well(ab, two.a);
  CHECK((contents(ab) == contents(two.a)));
  const MergeReport second_of_ab = merge_well(ab, two.b);
  merge_well(ba, two.b);
  merge_well(ba, two.a);
  const auto all = contents(ab);
  CHECK((all == contents(ba)));
  for (const auto* side : {&two.a, &two.b}) {
    for (const auto& [key, value] : contents(*side)) CHECK(all.contains(key));
  }
  CHECK(second_of_ab.articles.added == 2);
  CHECK(second_of_ab.articles.known == 1);
  CHECK(second_of_ab.captures.added == 8);
  CHECK(second_of_ab.captures.known == 2);
  CHECK(second_of_ab.blobs.known == 3);
  CHECK(second_of_ab.derivatives.added == 1);
  CHECK(second_of_ab.derivatives.known == 1);
  CHECK(second_of_ab.images.added == 2);
  CHECK(second_of_ab.is_complete());

  // one 10, two 20, one 30, one 31, one 32, two 40, one 50
  for (const int at : {10, 20, 30, 40, 50}) {
    CAPTURE(at);
    CHECK_FALSE(is_revisit(ab, at));
  }
  for (const int at : {31, 32}) CHECK(is_revisit(ab, at));
}

TEST_CASE("a second merge writes nothing", "[store]") {
  const Two two;
  merge_well(two.a, two.b);
  const auto once = contents(two.a);
  const MergeReport again = merge_well(two.a, two.b);
  CHECK(again.added() == 0);
  CHECK(again.captures.different == 0);
  CHECK((contents(two.a) == once));
}

TEST_CASE("a dry run counts the same and writes nothing", "[store]") {
  const Two two;
  const auto before = contents(two.a);
  const MergeReport would = merge_well(two.a, two.b, true);
  CHECK((contents(two.a) == before));
  const MergeReport did = merge_well(two.a, two.b);
  CHECK(would.added() == did.added());
  CHECK(would.captures.added == did.captures.added);
  CHECK(would.blob_bytes == did.blob_bytes);
}

TEST_CASE("where both have the same with another value, ours stays", "[store]") {
  const TemporaryDirectory folder;
  const std::string a = folder.file("a"), b = folder.file("b");
  capture(**Archive::open_for_writing(a), "http://example.com/x", 1, "ours");
  capture(**Archive::open_for_writing(b), "http://example.com/x", 1, "theirs");
  const MergeReport report = merge_well(a, b);
  CHECK(report.captures.different == 1);
  CHECK(report.captures.added == 0);
  const auto archive = *Archive::open_for_reading(a);
  CHECK((**archive->captures().latest("http://example.com/x")).digest == sha256("ours"));
}

TEST_CASE("a damaged blob is named and left out, and the rest goes on", "[store]") {
  const Two two;
  const std::string picture = noise(5 << 20, 2);
  // The first of the chunks is enough; the manifest names it.
  {
    const auto archive = *Archive::open_for_writing(two.b);
    const auto entry = *archive->database().get(Table::kDigest, sha256(picture).view());
    const auto manifest = *archive->database().get(Table::kBlob, entry->substr(1, 8));
    const std::string chunk = manifest->substr(1, 8);
    std::string value = **archive->database().get(Table::kBlob, chunk);
    value[100] ^= 1;
    WriteBatch batch;
    batch.put(Table::kBlob, chunk, value);
    REQUIRE(archive->database().write(std::move(batch), true));
  }
  const MergeReport report = merge_well(two.a, two.b);
  CHECK_FALSE(report.is_complete());
  CHECK(report.blobs.left_out == 1);
  CHECK(report.captures.left_out == 1);
  CHECK(report.articles.left_out == 1);
  CHECK(report.articles.added == 1);
  CHECK(report.left_out.size() == 3);
  CHECK(report.left_out[0].find(sha256(picture).hex()) != std::string::npos);
  {
    const auto archive = *Archive::open_for_reading(two.a);
    check_all_blobs(*archive);
    CHECK(archive->articles().get(article_id("https://example.com/b")).error().code ==
          ErrorCode::kNotFound);
    REQUIRE(archive->captures().for_each([&](const Capture& capture) {
      CHECK(archive->blobs().info(capture.digest));
      return true;
    }));
  }
  // Once the other is whole again, the rest comes.
  capture(**Archive::open_for_writing(two.folder.file("c")), "http://example.com/c", 1, picture);
  merge_well(two.a, two.folder.file("c"));
  CHECK(merge_well(two.a, two.b).articles.added == 1);
}

TEST_CASE("a blob whose own value is damaged is left out", "[store]") {
  const Two two;
  damage(two.b, sha256("<title>https://example.com/b"));
  const MergeReport report = merge_well(two.a, two.b);
  CHECK(report.blobs.left_out == 1);
  CHECK(report.articles.left_out == 1);
}

TEST_CASE("an archive is merged from while it is written to", "[store]") {
  const Two two;
  const auto writer = *Archive::open_for_writing(two.b);
  capture(*writer, "http://example.com/new", 60, "new");
  const MergeReport report = merge_well(two.a, two.b);
  CHECK(report.is_complete());
  const auto archive = *Archive::open_for_reading(two.a);
  CHECK((**archive->captures().latest("http://example.com/new")).digest == sha256("new"));
}

TEST_CASE("many captures are merged in batches", "[store]") {
  const TemporaryDirectory folder;
  const std::string a = folder.file("a"), b = folder.file("b");
  {
    const auto archive = *Archive::open_for_writing(b);
    const auto put = archive->blobs().put("a body");
    std::vector<Capture> captures(20'000);
    for (size_t i = 0; i < captures.size(); ++i) {
      captures[i].url = i % 2 == 0 ? url_of(i) : "https://example.com/feed";
      captures[i].time = second(static_cast<int64_t>(i));
      captures[i].digest = put->info.digest;
    }
    REQUIRE(archive->captures().add(std::span(captures)));
  }
  CHECK(merge_well(a, b).captures.added == 20'000);
  CHECK((contents(a) == contents(b)));
}

TEST_CASE("a merge that is told to stop goes on later", "[store]") {
  const Two two;
  {
    const auto into = *Archive::open_for_writing(two.a);
    const auto other = *Archive::open_for_reading(two.b);
    const auto stopped = merge(*into, *other, {.on_read = [](uint64_t) { return false; }});
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == ErrorCode::kInterrupted);
  }
  merge_well(two.a, two.b);
  CHECK(merge_well(two.a, two.b).added() == 0);
}

TEST_CASE("child: merges", "[.child]") {
  const std::string folder = from_parent("HALFTONE_TEST_ARCHIVE");
  if (folder.empty()) return;
  const auto into = Archive::open_for_writing(folder);
  const auto other = Archive::open_for_reading(from_parent("HALFTONE_TEST_FROM"));
  REQUIRE(into);
  REQUIRE(other);
  tell_parent("ready");
  REQUIRE(merge(**into, **other, {}));
}

TEST_CASE("kill -9 of a merge leaves nothing that leads nowhere", "[store]") {
  const TemporaryDirectory folder;
  const std::string a = folder.file("a"), b = folder.file("b");
  {
    const auto archive = *Archive::open_for_writing(b);
    for (int i = 0; i < 60; ++i) {
      add_article(*archive, url_of(static_cast<uint64_t>(i)), i,
                  noise(i % 7 == 6 ? 5 << 20 : 50'000, i));
    }
  }
  const std::string wanted = from_parent("HALFTONE_KILLS");
  const int kills = wanted.empty() ? 10 : std::stoi(wanted);
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < kills; ++round) {
    const auto delay = std::chrono::microseconds(std::uniform_int_distribution(0, 200'000)(random));
    CAPTURE(round, delay.count());
    if (round % 4 == 3) fs::remove_all(a);
    TestChild child("child: merges", {{"HALFTONE_TEST_ARCHIVE", a}, {"HALFTONE_TEST_FROM", b}});
    if (child.read_line() != "ready") FAIL(child.output());
    std::this_thread::sleep_for(delay);
    child.kill();
    child.finish();
    const auto archive = Archive::open_for_reading(a);
    REQUIRE(archive);
    const auto is_here = [&](const Digest& digest) {
      return (*archive)->blobs().info(digest).has_value();
    };
    REQUIRE((*archive)->captures().for_each([&](const Capture& capture) {
      CHECK(is_here(capture.digest));
      return true;
    }));
    REQUIRE((*archive)->articles().for_each_version([&](const Article& article) {
      CHECK(is_here(article.digest));
      CHECK((*archive)->captures().latest(article.url)->has_value());
      CHECK(is_here(*article.references[0].digest));
      return true;
    }));
    check_all_blobs(**archive);
  }
  merge_well(a, b);
  CHECK((contents(a) == contents(b)));
}
