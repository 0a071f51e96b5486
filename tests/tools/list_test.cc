// halftone list: which articles, in which order, and the captures behind them.
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/test_server.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;

namespace {

Script html(const std::string& page) { return text(page, "text/html; charset=utf-8"); }

std::vector<std::string> titles(const ArchiveOfTest& archive, std::vector<std::string> words) {
  words.insert(words.begin(), {"list", "--json"});
  const Ended ended = archive.run(words);
  CHECK(ended.code == 0);
  std::vector<std::string> found;
  for (const auto& article : json_lines(ended.out)) found.push_back(article["title"]);
  return found;
}

using Titles = std::vector<std::string>;

}  // namespace

TEST_CASE("articles are listed by what led to them, by site and by time", "[tools]") {
  TestServer server;
  server.on("/feed", text("<rss><channel><item><link>" + server.url("/a") +
                              "</link><pubDate>Fri, 21 Jan 2022 10:30:00 GMT</pubDate></item>"
                              "</channel></rss>",
                          "application/rss+xml"));
  server.on("/a", html("<title>A</title><p>x"));
  server.on("/b", html("<title>B</title><meta name=date content=2023-05-06><p>x"));
  server.on("/c", html("<title>C</title><p>x"));
  const ArchiveOfTest archive;
  const std::string seeds = archive.folder().write("lists/seeds.txt", server.url("/b") + "\n");
  REQUIRE(archive.run({"snapshot", server.url("/feed")}).code == 0);
  REQUIRE(archive.run({"snapshot", "--seeds", seeds, server.url("/c")}).code == 0);

  CHECK(titles(archive, {}) == Titles{"B", "C", "A"});
  CHECK(titles(archive, {"--sort", "date"}) == Titles{"B", "A", "C"});
  CHECK(titles(archive, {"--source", server.url("/feed")}) == Titles{"A"});
  CHECK(titles(archive, {"--source", "seeds.txt"}) == Titles{"B"});
  CHECK(titles(archive, {"--site", "127.0.0.1"}).size() == 3);
  CHECK(titles(archive, {"--site", "example.com"}).empty());
  CHECK(titles(archive, {"--until", "2001-01-01"}).empty());
  CHECK(titles(archive, {"--since", "2001-01-01"}).size() == 3);
  const auto entry = json_lines(archive.run({"list", "--json", "--source", "seeds.txt"}).out).at(0);
  CHECK(entry["source"] == "seeds.txt");
  CHECK(entry["date"] == "2023-05-06T00:00:00Z");
  CHECK(archive.run({"list", "--site", "example.com"}).err.find("no article") != std::string::npos);
  CHECK(archive.run({"list", "--sort", "size"}).code == 2);
  CHECK(archive.run({"list", "--since", "yesterday"}).code == 2);
}

TEST_CASE("captures are listed by URL, by host and by moment", "[tools]") {
  TestServer server;
  server.on("/a", html("<title>A</title><p>x<img src=/p.png>"));
  server.on("/p.png", text(make_png(20, 20), "image/png"));
  const ArchiveOfTest archive;
  REQUIRE(archive.run({"snapshot", server.url("/a")}).code == 0);
  REQUIRE(archive.run({"snapshot", server.url("/a")}).code == 0);
  const auto captures = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"list", "--json", "--captures"});
    const Ended ended = archive.run(words);
    CHECK(ended.code == 0);
    return json_lines(ended.out);
  };
  const auto picture = captures({server.url("/p.png")});
  REQUIRE(picture.size() == 2);
  CHECK(picture[0]["url"] == server.url("/p.png"));
  CHECK(picture[0]["status"] == 200);
  CHECK(picture[0]["revisit"] == false);
  CHECK(picture[1]["revisit"] == true);
  CHECK(picture[0]["digest"] == picture[1]["digest"]);
  CHECK(captures({"127.0.0.1"}).size() >= 4);
  const auto nearest = captures({server.url("/p.png"), "--near", "2001-01-01"});
  REQUIRE(nearest.size() == 1);
  CHECK(nearest[0] == picture[0]);
  CHECK(archive.run({"list", "--captures", "example.org"}).code == 1);
  CHECK(archive.run({"list", "--captures", "127.0.0.1", "--near", "2001-01-01"}).code == 2);
}

TEST_CASE("an archive of an older format says how it is upgraded", "[tools]") {
  TestServer server;
  server.on("/a", html("<title>A</title><p>x"));
  const ArchiveOfTest archive;
  REQUIRE(archive.run({"snapshot", server.url("/a")}).code == 0);
  archive.folder().write("archive/halftone-archive.json", R"({"format": 1})");
  const Ended refused = archive.run({"list"});
  CHECK(refused.code == 1);
  CHECK(refused.err.find("halftone upgrade --archive") != std::string::npos);
  const Ended upgraded = archive.run({"upgrade", "--json"});
  CHECK(upgraded.code == 0);
  CHECK(json_lines(upgraded.out).at(0) ==
        nlohmann::json{{"from", 1}, {"to", 2}, {"snapshots", 1}, {"damaged", 0}});
  CHECK(titles(archive, {}) == Titles{"A"});
  CHECK(archive.run({"upgrade"}).out.find("already") != std::string::npos);
}
