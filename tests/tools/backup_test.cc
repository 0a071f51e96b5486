// backup, restore and merge, as their user has them.
#include <filesystem>
#include <fstream>

#include "store/archive.h"
#include "store/lock.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/test_server.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A server with two articles, each with a picture, and one picture of both.
struct Web {
  TestServer server;

  Web() {
    for (const std::string name : {"a", "b"}) {
      server.on("/" + name, text(fmt::format("<title>{0}</title><p>x<img src=/{0}.png>"
                                             "<img src=/both.png>",
                                             name),
                                 "text/html"));
    }
    server.on("/a.png", text(make_png(20, 20), "image/png"));
    server.on("/b.png", text(make_png(30, 20), "image/png"));
    server.on("/both.png", text(make_png(40, 20), "image/png"));
  }

  void take(const std::string& name, const std::string& archive) {
    const Ended ended =
        run_halftone({"snapshot", server.url("/" + name), "--archive", archive, "--quiet"});
    INFO(ended.err);
    REQUIRE(ended.code == 0);
  }
};

std::string list_of(const std::string& archive) {
  return run_halftone({"list", "--json", "--archive", archive}).out;
}

nlohmann::json json_of(const Ended& ended) {
  INFO(ended.err);
  REQUIRE(ended.code == 0);
  return json_lines(ended.out).at(0);
}

std::string first_table(const std::string& archive) {
  for (const auto& entry : fs::directory_iterator(archive + "/db")) {
    if (entry.path().extension() == ".sst") return entry.path();
  }
  throw std::runtime_error("no table file");
}

}  // namespace

TEST_CASE("an archive comes back from its backup", "[tools]") {
  Web web;
  const ArchiveOfTest archive;
  const std::string backup = archive.folder().file("backup"),
                    target = archive.folder().file("restored");
  web.take("a", archive.path());
  const auto first = json_of(archive.run({"backup", backup, "--json"}));
  CHECK(first["bytes_copied"] > 1000);
  CHECK(first["files_linked"] == 0);
  CHECK(first["removed"].empty());
  const std::string generation = first["generation"];
  CHECK(generation.starts_with(backup + "/2"));
  CHECK(list_of(generation) == list_of(archive.path()));

  const auto second = json_of(archive.run({"backup", backup, "--json"}));
  CHECK(second["files_linked"] > 4);
  CHECK(second["bytes_copied"] < first["bytes_copied"]);
  const std::string with_a = list_of(archive.path());
  web.take("b", archive.path());
  const Ended third = archive.run({"backup", backup, "--keep", "2"});
  CHECK(third.code == 0);
  CHECK(holds(third.err, " shared with the one before it"));
  CHECK(holds(third.err, generation + ": gone"));
  CHECK_FALSE(fs::exists(generation));

  const Ended restored = run_halftone({"restore", backup, "--archive", target});
  CHECK(restored.code == 0);
  CHECK(holds(restored.err, "verify --archive " + target));
  CHECK(list_of(target) == list_of(archive.path()));
  const Ended again = run_halftone({"restore", backup, "--archive", target});
  CHECK(again.code == 1);
  CHECK(holds(again.err, "there is an archive in " + target + " already"));

  const std::string at = fs::path(second["generation"].get<std::string>()).filename();
  const std::string earlier = archive.folder().file("earlier");
  const auto entry =
      json_of(run_halftone({"restore", backup, "--at", at, "--archive", earlier, "--json"}));
  CHECK(entry["from"] == second["generation"]);
  CHECK(list_of(earlier) == with_a);
  const Ended none = run_halftone({"restore", backup, "--at", "2001-01-01", "--archive", "none"});
  CHECK(none.code == 1);
  CHECK(holds(none.err, "its oldest is " + second["generation"].get<std::string>()));
}

TEST_CASE("a backup says what keeps it from being made", "[tools]") {
  Web web;
  const ArchiveOfTest archive;
  const std::string backup = archive.folder().file("backup");
  SECTION("a damaged file") {
    web.take("a", archive.path());
    const std::string table = first_table(archive.path());
    fs::resize_file(table, fs::file_size(table) - 1);
    const Ended ended = archive.run({"backup", backup});
    CHECK(ended.code == 4);
    CHECK(holds(ended.err, table));
    CHECK(holds(ended.err, "halftone verify"));
  }
  SECTION("another backup at work") {
    web.take("a", archive.path());
    REQUIRE(archive.run({"backup", backup}).code == 0);
    const auto held = WriterLock::take(backup, "backup");
    const Ended ended = archive.run({"backup", backup});
    CHECK(ended.code == 75);
    CHECK(holds(ended.err, "in use by process"));
  }
  SECTION("no archive") {
    CHECK(archive.run({"backup", backup}).code == 1);
    CHECK_FALSE(fs::exists(backup));
  }
  SECTION("usage") {
    CHECK(archive.run({"backup"}).code == 2);
    CHECK(archive.run({"backup", "a", "b"}).code == 2);
    CHECK(archive.run({"backup", backup, "--keep", "0"}).code == 2);
    CHECK(archive.run({"backup", backup, "--keep", "-1"}).code == 2);
    CHECK(archive.run({"restore"}).code == 2);
    CHECK(archive.run({"restore", backup, "--at", "soon"}).code == 2);
    CHECK(archive.run({"restore", backup}).code == 1);
    CHECK(archive.run({"merge"}).code == 2);
    CHECK(archive.run({"merge", archive.folder().file("absent")}).code == 1);
    CHECK_FALSE(fs::exists(archive.path()));
  }
}

TEST_CASE("a backup is made while the archive is in use", "[tools]") {
  Web web;
  const ArchiveOfTest archive;
  web.take("a", archive.path());
  const auto writer = Archive::open_for_writing(archive.path());
  REQUIRE(writer);
  REQUIRE((*writer)->blobs().put("in the log"));
  const auto entry = json_of(archive.run({"backup", archive.folder().file("backup"), "--json"}));
  CHECK(list_of(entry["generation"]) == list_of(archive.path()));
}

TEST_CASE("archives are joined", "[tools]") {
  Web web;
  const ArchiveOfTest archive;
  const std::string other = archive.folder().file("other"),
                    backup = archive.folder().file("backup");
  web.take("a", archive.path());
  web.take("b", other);
  REQUIRE(run_halftone({"backup", backup, "--archive", other}).code == 0);

  const Ended would = archive.run({"merge", "--dry-run", other});
  CHECK(would.code == 0);
  CHECK(holds(would.err, "would take 1 article snapshots"));
  CHECK(json_lines(list_of(archive.path())).size() == 1);

  const auto entry = json_of(archive.run({"merge", backup, "--json"}));
  CHECK(entry["merged"][0]["articles"]["added"] == 1);
  CHECK(entry["merged"][0]["blobs"]["known"] == 1);
  CHECK(entry["merged"][0]["left_out"].empty());
  CHECK(json_lines(list_of(archive.path())).size() == 2);
  const Ended again = archive.run({"merge", other});
  CHECK(again.code == 0);
  CHECK(holds(again.err, "nothing new"));
  CHECK(archive.run({"export", "--all", archive.folder().file("copy")}).code == 0);

  CHECK(archive.run({"merge", archive.path()}).code == 2);
  const std::string joined = archive.folder().file("joined");
  CHECK(run_halftone({"merge", archive.path(), other, "--archive", joined}).code == 0);
  CHECK(list_of(joined) == list_of(archive.path()));
}

TEST_CASE("a merge from a damaged archive takes what is sound", "[tools]") {
  Web web;
  const ArchiveOfTest archive;
  const std::string other = archive.folder().file("other");
  web.take("a", other);
  web.take("b", other);
  const std::string picture = make_png(30, 20);
  {
    const auto writer = *Archive::open_for_writing(other);
    Database& database = writer->database();
    const auto entry = *database.get(Table::kDigest, sha256(picture).view());
    WriteBatch batch;
    batch.put(Table::kBlob, entry->substr(1, 8), std::string_view("\0not the picture", 16));
    REQUIRE(database.write(std::move(batch), true));
  }
  const Ended ended = archive.run({"merge", other});
  CHECK(ended.code == 4);
  CHECK(holds(ended.err, sha256(picture).hex()));
  CHECK(holds(ended.err, web.server.url("/b")));
  CHECK(json_lines(list_of(archive.path())).size() == 1);
}
