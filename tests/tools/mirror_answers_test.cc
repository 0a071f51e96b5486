// What a crawl makes of answers that are hostile, temporary, or not what was asked for.
#include <csignal>
#include <filesystem>
#include <map>

#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/tools/mirror_site.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

// The last line of `mirror --json`: its report.
nlohmann::json report_of(const Ended& run) {
  const auto lines = json_lines(run.out);
  REQUIRE_FALSE(lines.empty());
  return lines.back();
}

std::map<std::string, std::string> reasons_of(const nlohmann::json& report) {
  std::map<std::string, std::string> reasons;
  for (const auto& missing : report.at("missing_references")) {
    reasons[missing.at("url")] = missing.at("reason");
  }
  return reasons;
}

std::string page(const std::string& title, const std::string& rest) {
  return "<title>" + title + "</title><article><h1>" + title + "</h1><p>" +
         words(static_cast<int>(std::hash<std::string>{}(title) % 1000)) + "</p>" + rest +
         "</article>";
}

std::string img(const std::string& path) { return "<img src='" + path + "'>"; }

Script image_that(const std::string& body, std::optional<uint64_t> length = {}, Fields more = {}) {
  Fields fields = {{"Content-Type", "image/png"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return whole({.fields = fields, .body = body, .content_length = length});
}

const char* const kHostile[] = {"cookies", "headers",   "endless",   "loop",  "cut",     "lies",
                                "bomb",    "challenge", "malformed", "drips", "nothing", "early"};

void serve_hostile(TestServer& server) {
  const Fields is_png = {{"Content-Type", "image/png"}};
  std::string cookies = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n";
  for (int i = 0; i < 10'000; ++i) cookies += "Set-Cookie: c" + std::to_string(i) + "=1\r\n";
  server.on("/cookies.png", Script().send(cookies + "\r\n").close());
  server.on("/headers.png", Script()
                                .send("HTTP/1.1 200 OK\r\n")
                                .send_forever("X-More: " + std::string(900, 'x') + "\r\n"));
  server.on("/endless.png",
            endless({.fields = is_png, .length_by_close = true}, std::string(65536, 'x')));
  server.on("/loop.png", redirect("/loop.png"));
  server.on("/cut.png", cut_after({.fields = is_png, .body = make_png(70, 50)}, 40));
  server.on("/lies.png", image_that("short", 5'000'000));
  server.on("/bomb.png",
            image_that(gzip(std::string(80 << 20, '\0')), {}, {{"Content-Encoding", "gzip"}}));
  server.on("/challenge.png",
            whole({.fields = {{"Content-Type", "text/html"}, {"cf-mitigated", "challenge"}},
                   .body = "<title>Just a moment...</title>"}));
  server.on("/malformed.png", Script().send("HTTP/9.9 abc\r\n: \0\r\n\r\n").close());
  server.on("/drips.png", drip({.fields = is_png, .body = std::string(100'000, 'x')}, 1,
                               std::chrono::milliseconds(300)));
  server.on("/nothing.png", Script().hang());
  server.on("/early.png", Script().close());
  server.on("/robots.txt", whole({.fields = {{"Content-Type", "text/plain"}},
                                  .body = std::string(50 << 20, '\xff')}));
}

}  // namespace

TEST_CASE("hostile answers cost their own URL and nothing else", "[mirror]") {
  TestServer server;
  serve_hostile(server);
  server.on("/good.png", png(71));
  server.on("/next", text(page("Next", img("/better.png"))));
  server.on("/better.png", png(72));
  const std::string links =
      "<a href=/next></a><a href='javascript:alert(1)'></a><a href='http://[::zz]/'></a><a "
      "href='/" +
      std::string(60000, 'a') + "'></a><a href='http://" + std::string(300, 'h') + "/'></a>";
  std::string pictures = img("/good.png");
  for (const char* name : kHostile) pictures += img(std::string("/") + name + ".png");
  server.on("/", text(page("Hostile", links + pictures)));

  ArchiveOfTest archive;
  const Ended run = archive.run({"mirror", server.url("/"), "--retry-delay", "0.001", "--retry",
                                 "0", "--max-size", "20M", "--timeout", "1", "--json"});
  INFO(run.err);
  CHECK(run.code == 3);
  auto reasons = reasons_of(report_of(run));
  for (const char* name : kHostile) {
    CAPTURE(name);
    CHECK_FALSE(reasons[server.url(std::string("/") + name + ".png")].empty());
  }
  CHECK_THAT(reasons[server.url("/challenge.png")], Catch::Contains("challenge"));
  CHECK(reasons.count(server.url("/good.png")) == 0);
  CHECK(reasons.count(server.url("/better.png")) == 0);
  CHECK(json_lines(archive.run({"list", "--json"}).out).size() == 2);
  CHECK(archive.run({"verify"}).code == 0);
}

TEST_CASE("what a host cannot give now is asked for again in the same run", "[mirror]") {
  TestServer server;
  ArchiveOfTest archive;
  std::string pictures;
  SECTION("errors of the server") {
    server.on("/busy.png", {status(503), status(500), png(80)});
    pictures = img("/busy.png");
  }
  SECTION("Retry-After in seconds") {
    server.on("/busy.png", {status(429, {{"Retry-After", "1"}}), png(80)});
    pictures = img("/busy.png");
  }
  SECTION("a challenge in place of a picture") {
    server.on("/busy.png", {whole({.fields = {{"Content-Type", "text/html"}},
                                   .body = "<title>Just a moment...</title><script "
                                           "src=/cdn-cgi/challenge-platform/x.js></script>"}),
                            png(80)});
    pictures = img("/busy.png");
  }
  SECTION("a challenge in place of a page") {
    server.on("/second", {whole({.fields = {{"Content-Type", "text/html"}},
                                 .body = "<title>Just a moment...</title><script "
                                         "src=/cdn-cgi/challenge-platform/x.js></script>"}),
                          text(page("Second", img("/busy.png")))});
    server.on("/busy.png", png(80));
    pictures = "<a href=/second>more</a>";
  }
  server.on("/", text(page("Front", pictures)));
  const Ended run = archive.run(mirror_words(server.url("/"), {"--retry", "0", "--json"}));
  INFO(run.err);
  CHECK(run.code == 0);
  const auto report = report_of(run);
  CHECK(report.at("images") == 1);
  CHECK(report.at("blocked") == 0);
  CHECK(report.at("missing") == 0);
  CHECK(server.requests("/").size() == 1);
}

TEST_CASE("each of several that come to nothing for a while is asked for in its own time",
          "[mirror]") {
  TestServer server;
  ArchiveOfTest archive;
  std::string pictures;
  for (int i = 0; i < 3; ++i) {
    const std::string name = fmt::format("/{}.png", i);
    server.on(name, {status(503, {{"Retry-After", std::to_string(i)}}), png(80)});
    pictures += img(name);
  }
  server.on("/", text(page("Front", pictures)));
  const Ended run = archive.run(mirror_words(server.url("/"), {"--retry", "0", "--json"}));
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(report_of(run).at("images") == 3);
  CHECK(server.requests("/").size() == 1);  // nor was the page put aside meanwhile, after a minute
}

TEST_CASE("a page with two addresses is one article, and both find it", "[mirror]") {
  TestServer server;
  ArchiveOfTest archive;
  const std::string same =
      page("Same", "<link rel=canonical href='" + server.url("/article") + "'>");
  server.on("/article", text(same));
  server.on("/print/article", text(same));
  server.on("/", text(page("Front", "<a href=/print/article>print</a> <a href=/article>read</a>")));
  CHECK(archive.run(mirror_words(server.url("/"))).code == 0);
  CHECK(json_lines(archive.run({"list", "--json"}).out).size() == 2);
  const auto by_other =
      json_lines(archive.run({"show", server.url("/print/article"), "--json"}).out);
  REQUIRE(by_other.size() == 1);
  CHECK(by_other[0].at("url") == server.url("/article"));
}

TEST_CASE("pages that ask not to be archived are taken back where that is obeyed", "[mirror]") {
  TestServer server;
  ArchiveOfTest archive;
  server.on("/", text(page("Front", "<a href=/meta>one</a> <a href=/header>two</a>")));
  server.on("/meta", text(page("Meta", "<meta name=robots content=noarchive>" + img("/a.png"))));
  server.on("/header",
            whole({.fields = {{"Content-Type", "text/html"}, {"X-Robots-Tag", "noarchive"}},
                   .body = page("Header", img("/b.png"))}));
  for (const char* name : {"/a.png", "/b.png"}) server.on(name, png(90));
  const auto captures = [&](const std::string& path) {
    return json_lines(archive.run({"list", "--captures", server.url(path), "--json"}).out).size();
  };
  SECTION("by wish") {
    CHECK(archive.run(mirror_words(server.url("/"), {"--obey-noarchive"})).code == 0);
    CHECK(captures("/") == 1);
    for (const char* path : {"/meta", "/header", "/a.png", "/b.png"}) CHECK(captures(path) == 0);
    CHECK(json_lines(archive.run({"list", "--json"}).out).size() == 1);
    CHECK(archive.run({"gc"}).code == 0);
    CHECK(archive.run({"verify"}).code == 0);
  }
  SECTION("else they are articles") {
    CHECK(archive.run(mirror_words(server.url("/"))).code == 0);
    for (const char* path : {"/meta", "/header", "/a.png", "/b.png"}) CHECK(captures(path) == 1);
    CHECK(json_lines(archive.run({"list", "--json"}).out).size() == 3);
  }
}

TEST_CASE("a picture that is shown and linked to is asked for once", "[mirror]") {
  TestServer server;
  ArchiveOfTest archive;
  Script slow = png(120);
  slow.steps.insert(
      slow.steps.begin(),
      {.kind = Script::Step::Kind::kPause, .bytes = {}, .pause = std::chrono::milliseconds(300)});
  std::string shown;
  for (int i = 0; i < 4; ++i) {
    const std::string name = fmt::format("/{}.png", i);
    server.on(name, slow);
    shown += fmt::format("<a href={0}>large</a> <img src={0}>", name);
  }
  server.on("/", text(page("Front", shown)));
  const Ended run = archive.run(mirror_words(server.url("/"), {"--json"}));
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(report_of(run).at("images") == 4);
  for (int i = 0; i < 4; ++i) CHECK(server.requests(fmt::format("/{}.png", i)).size() == 1);
}

TEST_CASE("pictures are had from whatever host has them, and a dead one costs its own",
          "[mirror]") {
  TestServer site, cdn, dead;
  ArchiveOfTest archive;
  std::string links;
  for (int i = 0; i < 30; ++i) {
    const std::string name = "/" + std::to_string(i);
    links += "<a href='" + name + "'>x</a> ";
    site.on(name, text(page("Page " + name, img(cdn.url(name + ".png", "localhost")) +
                                                img(dead.url(name + ".png")))));
    cdn.on(name + ".png", png(static_cast<uint32_t>(100 + i)));
    dead.on(name + ".png", Script().hang());
  }
  site.on("/", text(page("Front", links)));
  const Ended run = archive.run(
      mirror_words(site.url("/"), {"--retry", "0", "--timeout", "1", "--allow-private", "--json"}));
  INFO(run.err);
  CHECK(run.code == 3);
  const auto report = report_of(run);
  CHECK(report.at("articles") == 31);
  CHECK(report.at("images") == 30);
  CHECK(report.at("missing_files") == 30);
  for (const auto& [url, reason] : reasons_of(report)) {
    CHECK(url.find(dead.url("")) == 0);
    CHECK_FALSE(reason.empty());
  }
  for (int i = 0; i < 30; ++i) CHECK(cdn.requests("/" + std::to_string(i) + ".png").size() == 1);
  CHECK(dead.requests().size() < 30);  // given up after some silence
}

TEST_CASE("private addresses are asked only where the user named them", "[mirror]") {
  TestServer site, inner;
  ArchiveOfTest archive;
  inner.on("/secret.png", png(50));
  site.on("/", text(page("Front", img(inner.url("/secret.png", "localhost")))));
  const auto report = report_of(archive.run(mirror_words(site.url("/"), {"--json"})));
  CHECK(report.at("missing_files") == 1);
  CHECK(reasons_of(report).begin()->second.find("--allow-private") != std::string::npos);
  CHECK(inner.requests("/secret.png").empty());
}

TEST_CASE("why names the rule that left out what a page links to", "[mirror]") {
  TestServer server;
  ArchiveOfTest archive;
  server.on("/", text(page("Front",
                           "<a href=/out/a>a</a> <a href='http://example.com/'>b</a> "
                           "<a href=/in>c</a>")));
  server.on("/in", text(page("In", "<a href=/deep>d</a>")));
  archive.run(mirror_words(server.url("/"), {"--exclude", "*/out/*", "--depth", "1"}));
  const auto why = [&](const std::string& url) { return archive.run({"why", url}).out; };
  CHECK(why(server.url("/out/a")).find("--exclude */out/*") != std::string::npos);
  CHECK(why("http://example.com/").find("--scope domain") != std::string::npos);
  CHECK(why(server.url("/deep")).find("--depth 1") != std::string::npos);
  CHECK(why(server.url("/deep")).find("linked from the article " + server.url("/in")) !=
        std::string::npos);
}

TEST_CASE("a crawl pauses while the disk is nearly full, and goes on", "[mirror]") {
  TestServer server;
  const ArchiveOfTest archive;
  std::string pictures;
  for (int i = 0; i < 12; ++i) {
    const std::string path = "/" + std::to_string(i) + ".png";
    pictures += img(path);
    server.on(path, {Script()
                         .pause(std::chrono::milliseconds(200))
                         .send(whole({.fields = {{"Content-Type", "image/png"}},
                                      .body = make_png(static_cast<uint32_t>(900 + i), 900)})
                                   .steps.front()
                                   .bytes)});
  }
  server.on("/", text(page("Front", pictures)));
  const std::string disk = archive.folder().file("disk");
  fs::create_directory(disk);
  // What fills the disk goes as soon as the crawl has said that it waits.
  const std::string script = R"(
    mount -t tmpfs -o size=96m none "$1" || exit 99
    head -c 60m /dev/zero > "$1/filler"
    "$2" mirror "$3" --archive "$1/archive" --min-free 20M --per-host 1 2> "$1/err" & crawl=$!
    for i in $(seq 600); do grep -q "paused:" "$1/err" && break; sleep 0.1; done
    sleep 1; rm "$1/filler"
    wait $crawl; echo "code: $?"
    cat "$1/err" >&2
    "$2" verify --archive "$1/archive" >/dev/null; echo "verify: $?")";
  const Ended ended = run_program(
      {"unshare", "--mount", "sh", "-c", script, "sh", disk, HALFTONE_PROGRAM, server.url("/")});
  if (ended.code == 99 || ended.err.find("unshare") != std::string::npos) {
    WARN("skipped: this machine lets nobody mount a small disk");
    return;
  }
  CAPTURE(ended.out, ended.err);
  CHECK(ended.out == "code: 0\nverify: 0\n");
  CHECK(ended.err.find("paused:") != std::string::npos);
  CHECK(ended.err.find("going on:") != std::string::npos);
  CHECK(ended.err.find("12 files") != std::string::npos);
}
