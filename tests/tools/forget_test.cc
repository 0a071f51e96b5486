// halftone forget and halftone gc, as their users have them.
#include <csignal>
#include <filesystem>
#include <set>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/test_server.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;

namespace {

Script html(const std::string& page) { return text(page, "text/html; charset=utf-8"); }

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string noisy_picture(int seed) { return make_png(200, 200) + std::string(50'000, 'a' + seed); }

// An archive with two snapshots of a page whose picture has changed, and one of another page.
struct TwoSnapshots {
  TestServer server;
  ArchiveOfTest archive;

  TwoSnapshots() {
    server.on("/page", {html("<title>First</title><p>x<img src=/p.png>"),
                        html("<title>Second</title><p>x<img src=/p.png>")});
    server.on("/p.png", {text(noisy_picture(0), "image/png"), text(noisy_picture(1), "image/png")});
    server.on("/other", html("<title>Other</title><p>x"));
    REQUIRE(archive.run({"snapshot", server.url("/page")}).code == 0);
    REQUIRE(archive.run({"snapshot", server.url("/page"), server.url("/other")}).code == 0);
  }

  nlohmann::json json(std::vector<std::string> words) const {
    words.emplace_back("--json");
    const Ended ended = archive.run(words);
    INFO(ended.err);
    CHECK(ended.code == 0);
    return json_lines(ended.out).at(0);
  }
};

}  // namespace

TEST_CASE("forget tells what would go, does it, and frees the space", "[tools]") {
  const TwoSnapshots its;
  const auto stats = its.archive.stats();
  const auto forecast = its.json({"forget", "--keep-last", "1", "--dry-run"});
  CHECK(forecast["dry_run"] == true);
  CHECK(forecast["forgotten"] == 1);
  CHECK(forecast["kept"] == 2);
  CHECK(forecast["captures"] == 2);
  CHECK(forecast["blobs"] == 2);
  CHECK(forecast["bytes"] > 50'000);
  REQUIRE(forecast["articles"].size() == 2);
  CHECK(its.archive.stats() == stats);

  const Ended said = its.archive.run({"forget", "--keep-last", "1", "-n"});
  CHECK(holds(said.out, "Second"));
  CHECK(holds(said.out, "nothing was changed"));
  CHECK_FALSE(holds(said.out, "Other"));

  const auto done = its.json({"forget", "--keep-last", "1"});
  CHECK(done["forgotten"] == 1);
  CHECK(done["captures"] == 2);
  CHECK(done["blobs"] == 2);
  size_t reports = 0;
  for (const auto& file : std::filesystem::directory_iterator(its.archive.path() + "/reports")) {
    if (!file.path().filename().string().starts_with("forget-")) continue;
    ++reports;
    const auto report = nlohmann::json::parse(
        its.archive.folder().read("archive/reports/" + file.path().filename().string()));
    CHECK(report["forgotten"] == 1);
    std::set<std::string> urls;  // in order of ids, which depend on the port
    for (const auto& article : report["articles"]) urls.insert(article["url"]);
    CHECK(urls.contains(its.server.url("/page")));
  }
  CHECK(reports == 1);
  const auto after = its.archive.stats();
  CHECK(after["blobs"] == stats["blobs"].get<int>() - 2);
  CHECK(after["captures"] == stats["captures"].get<int>() - 2);
  CHECK(after["articles"] == 2);
  const auto shown =
      json_lines(its.archive.run({"show", its.server.url("/page"), "--json"}).out).at(0);
  CHECK(shown["title"] == "Second");
  CHECK(shown["snapshots"].size() == 1);
  CHECK(its.archive.run({"export", "--all", its.archive.folder().file("copy")}).code == 0);
}

TEST_CASE("forget without gc leaves the space to gc", "[tools]") {
  const TwoSnapshots its;
  const auto stats = its.archive.stats();
  REQUIRE(its.json({"forget", "--keep-last", "1", "--no-gc"})["forgotten"] == 1);
  CHECK(its.archive.stats()["blobs"] == stats["blobs"]);
  const auto forecast = its.json({"gc", "--dry-run"});
  CHECK(forecast["blobs"] == 2);
  CHECK(its.archive.stats()["blobs"] == stats["blobs"]);
  const auto done = its.json({"gc"});
  CHECK(done["blobs"] == 2);
  CHECK(done["returned"] > 50'000);
  CHECK(its.archive.stats()["blobs"] == stats["blobs"].get<int>() - 2);
  CHECK(holds(its.archive.run({"gc"}).out, "nothing to take away"));
}

TEST_CASE("an article goes altogether only when that is said", "[tools]") {
  const TwoSnapshots its;
  const std::string page = its.server.url("/page");
  CHECK(its.archive.run({"forget", page}).code == 2);
  CHECK(its.archive.run({"forget"}).code == 2);
  CHECK(its.archive.run({"forget", "--keep-last", "0"}).code == 2);
  CHECK(its.archive.run({"forget", "--all-versions"}).code == 2);
  CHECK(its.archive.run({"forget", "--all-versions", "--keep-last", "1", page}).code == 2);
  CHECK(its.archive.run({"forget", "--all-versions", "--site", "127.0.0.1", page}).code == 2);
  CHECK(its.archive.run({"forget", "--keep-within", "soon"}).code == 2);
  CHECK(its.archive.run({"forget", "--keep-last", "-1"}).code == 2);
  CHECK(its.archive.run({"forget", "--keep-last", "1", "ffff"}).code == 1);
  CHECK(its.archive.stats()["articles"] == 2);
  CHECK(its.json({"forget", "--keep-yearly", "unlimited", "--keep-within", "7d"})["kept"] == 3);

  CHECK(its.json({"forget", "--all-versions", page})["forgotten"] == 2);
  CHECK(its.archive.stats()["articles"] == 1);
  CHECK(its.archive.run({"show", page}).code == 1);
  CHECK(its.archive.only_article()["title"] == "Other");
}

TEST_CASE("forget and gc make no archive, and leave one in use alone", "[tools]") {
  const ArchiveOfTest nowhere;
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"gc"}, {"gc", "-n"}, {"forget", "--keep-last", "1"}, {"upgrade"}}) {
    const Ended ended = nowhere.run(words);
    CHECK(ended.code == 1);
    CHECK(holds(ended.err, "there is no archive"));
    CHECK_FALSE(std::filesystem::exists(nowhere.path()));
  }

  TwoSnapshots its;
  its.server.on("/slow", {Script{}.hang()});
  const TemporaryDirectory logs;
  ChildProcess writer(
      {HALFTONE_PROGRAM, "snapshot", its.server.url("/slow"), "--archive", its.archive.path()},
      logs.file("out"), logs.file("err"));
  for (int waited = 0; its.server.requests("/slow").empty() && waited < 600; ++waited) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(its.archive.run({"gc"}).code == 75);
  CHECK(its.archive.run({"forget", "--keep-last", "1"}).code == 75);
  CHECK(its.archive.run({"gc", "--dry-run"}).code == 0);
  CHECK(its.archive.run({"forget", "--keep-last", "1", "--dry-run"}).code == 0);
  ::kill(writer.pid(), SIGINT);
  writer.wait();
}
