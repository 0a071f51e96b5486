// What the commands promise beside the main job.
#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/test_server.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

Script html(const std::string& page) { return text(page, "text/html; charset=utf-8"); }

}  // namespace

TEST_CASE("export writes into its own folders only, and leaves no old file there", "[tools]") {
  TestServer server;
  server.on("/a", html("<title>A</title><p>x<img src=/a.png>"));
  server.on("/b", html("<title>B</title><p>x<img src=/b.png>"));
  server.on("/a.png", text(make_png(20, 20), "image/png"));
  server.on("/b.png", text(make_png(30, 20), "image/png"));
  const ArchiveOfTest archive;
  REQUIRE(archive.run({"snapshot", server.url("/a"), server.url("/b")}).code == 0);

  archive.folder().write("mine/index.html", "my own");
  const Ended refused = archive.run({"export", server.url("/a"), archive.folder().file("mine")});
  CHECK(refused.code == 1);
  CHECK(refused.err.find("name a new folder") != std::string::npos);
  CHECK(archive.folder().read("mine/index.html") == "my own");

  const std::string copy = archive.folder().file("copy");
  REQUIRE(archive.run({"export", server.url("/a"), copy}).code == 0);
  REQUIRE(archive.run({"export", server.url("/b"), copy}).code == 0);
  const auto pictures = fs::directory_iterator(copy + "/images");
  CHECK(std::distance(begin(pictures), end(pictures)) == 1);

  // One that was cut off is ours as well.
  archive.folder().write("cut/.halftone-copy", "\n");
  archive.folder().write("cut/images/left.png", "x");
  CHECK(archive.run({"export", server.url("/a"), archive.folder().file("cut")}).code == 0);

  const auto entry =
      json_lines(archive.run({"export", server.url("/b"), copy, "--json"}).out).at(0);
  CHECK(entry["entry"] == copy + "/index.html");
}

TEST_CASE("articles that are exported together lead to each other", "[tools]") {
  TestServer server;
  server.on("/a", html("<title>A</title><p><a href=\"/b#end\">b</a> <a href=/else>else</a>"));
  server.on("/b", html("<title>B</title><p>x"));
  const ArchiveOfTest archive;
  REQUIRE(archive.run({"snapshot", server.url("/a"), server.url("/b")}).code == 0);
  const auto shown = json_lines(archive.run({"list", "--json"}).out);
  REQUIRE(shown.size() == 2);
  const bool a_is_first = shown[0]["title"] == "A";
  const std::string a = shown[a_is_first ? 0 : 1]["id"], b = shown[a_is_first ? 1 : 0]["id"];
  REQUIRE(archive.run({"export", "--all", archive.folder().file("copy")}).code == 0);
  const std::string page = archive.folder().read("copy/" + a + "/index.html");
  CHECK(page.find("href=\"../" + b + "/index.html#end\"") != std::string::npos);
  CHECK(page.find("href=" + server.url("/else")) != std::string::npos);
}

TEST_CASE("an earlier version is there for who asks", "[tools]") {
  TestServer server;
  server.on("/page", {html("<title>First</title><p>x<img src=/p.png>"),
                      html("<title>Second</title><p>x<img src=/p.png>")});
  server.on("/p.png", {text(make_png(20, 20), "image/png"), status(404)});
  const ArchiveOfTest archive;
  REQUIRE(archive.run({"snapshot", server.url("/page")}).code == 0);
  const std::string moment = archive.only_article()["captured_at"];
  REQUIRE(archive.run({"snapshot", server.url("/page")}).code == 3);

  const auto now = archive.shown();
  CHECK(now["title"] == "Second");
  CHECK(now["missing"] == 1);
  CHECK(now["snapshots"].size() == 2);
  const auto then =
      json_lines(archive.run({"show", server.url("/page"), "--at", moment, "--json"}).out).at(0);
  CHECK(then["title"] == "First");
  CHECK(then["missing"] == 0);
  CHECK(archive.run({"export", server.url("/page"), archive.folder().file("then"), "--at", moment})
            .code == 0);
  for (const std::string& until : {moment.substr(0, 10), std::string("2999-01-01T00:00:00Z")}) {
    const auto last =
        json_lines(archive.run({"show", server.url("/page"), "--at", until, "--json"}).out).at(0);
    CHECK(last["title"] == "Second");
  }
  CHECK(archive.run({"show", server.url("/page"), "--at", "2001-01-01"}).code == 1);
  CHECK(archive.run({"show", server.url("/page"), "--at", "yesterday"}).code == 2);
}

TEST_CASE("one target that fails costs the others nothing", "[tools]") {
  TestServer server;
  server.on("/good", html("<title>Good</title><p>x"));
  const ArchiveOfTest archive;
  const Ended ended =
      archive.run({"snapshot", archive.folder().path(), server.url("/absent"),
                   archive.folder().file("absent.md"), server.url("/good"), "--json"});
  CHECK(ended.code == 1);
  const auto report = json_lines(ended.out).at(0);
  CHECK(report["failures"].size() == 3);
  CHECK(report["articles"].size() == 1);
  CHECK(report["not_taken"] == 0);
}

TEST_CASE("a feed and a list of seeds stand for their articles", "[tools]") {
  TestServer server;
  server.on(
      "/feed",
      text("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title><item><link>" +
               server.url("/a") + "</link></item><item><link>" + server.url("/b") +
               "</link></item></channel></rss>",
           "application/rss+xml"));
  server.on("/a", html("<title>A</title><p>x"));
  server.on("/b", html("<title>B</title><p>x"));
  server.on("/c", html("<title>C</title><p>x"));
  const ArchiveOfTest archive;
  const std::string seeds =
      archive.folder().write("seeds.txt", "\xEF\xBB\xBF" + server.url("/feed") +
                                              "\n\n# a comment\n" + server.url("/c") + "\r\n");
  REQUIRE(archive.run({"snapshot", "--seeds", seeds}).code == 0);
  CHECK(json_lines(archive.run({"list", "--json"}).out).size() == 3);
}

TEST_CASE("the feed that led to an article tells what its page does not", "[tools]") {
  TestServer server;
  server.on("/feed",
            text("<rss><channel><item><link>" + server.url("/a") +
                     "</link><title>From the feed</title>"
                     "<pubDate>Fri, 21 Jan 2022 10:30:00 GMT</pubDate></item><item><link>" +
                     server.url("/b") + "</link><title>Not this</title></item></channel></rss>",
                 "application/rss+xml"));
  server.on("/a", html("<p>A page without a title."));
  server.on("/b", html("<title>Its own</title><p>x"));
  const ArchiveOfTest archive;
  REQUIRE(archive.run({"snapshot", server.url("/feed")}).code == 0);
  std::vector<std::string> told;
  for (const auto& article : json_lines(archive.run({"list", "--json"}).out)) {
    told.push_back(article["title"].get<std::string>() + " " + article["date"].dump());
  }
  CHECK_THAT(told, Catch::UnorderedEquals<std::string>(
                       {R"(From the feed "2022-01-21T10:30:00Z")", "Its own null"}));
}

TEST_CASE("a list of articles goes on behind those that it had finished", "[tools]") {
  TestServer server;
  std::vector<std::string> words = {HALFTONE_PROGRAM, "snapshot"};
  for (int i = 0; i < 6; ++i) {
    const std::string target = "/" + std::to_string(i);
    if (i < 4) server.on(target, html("<title>x</title><p>x"));
    if (i == 2) server.on(target, html("<title>x</title><p>x<img src=/absent.png>"));
    if (i >= 4) server.on(target, {Script{}.hang(), html("<title>x</title><p>x")});
    words.push_back(server.url(target));
  }
  const ArchiveOfTest archive;
  words.insert(words.end(), {"--archive", archive.path()});
  const TemporaryDirectory logs;
  ChildProcess first(words, logs.file("out"), logs.file("err"));
  for (int waited = 0; server.requests("/4").empty() && waited < 600; ++waited) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ::kill(first.pid(), SIGINT);
  CHECK(first.wait() == 130);
  CHECK(logs.read("err").find("1 not taken") != std::string::npos);

  const Ended second = run_program(words);
  CHECK(second.code == 3);  // what was missing then is missing now
  CHECK(second.err.find("missing: " + server.url("/absent.png")) != std::string::npos);
  CHECK(second.err.find("4 taken before the interruption") != std::string::npos);
  for (int i = 0; i < 4; ++i) CHECK(server.requests("/" + std::to_string(i)).size() == 1);
  // A third time is a new run.
  CHECK(run_program(words).code == 3);
  CHECK(server.requests("/0").size() == 2);
}

TEST_CASE("output that cannot be written is a failure", "[tools]") {
  TestServer server;
  server.on("/a", html("<title>A</title><p>x"));
  const ArchiveOfTest archive;
  REQUIRE(archive.run({"snapshot", server.url("/a")}).code == 0);
  const std::string list = std::string(HALFTONE_PROGRAM) + " list --archive " + archive.path();
  const Ended full = run_program({"sh", "-c", list + " >/dev/full"});
  CHECK(full.code == 1);
  CHECK(full.err.find("cannot write to standard output") != std::string::npos);
}
