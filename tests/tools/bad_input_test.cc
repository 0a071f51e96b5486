// What goes wrong on the way: one clear line, the right exit code, and nothing stored is lost.
#include <csignal>
#include <filesystem>
#include <thread>

#include "store/archive.h"
#include "tests/support/catch.h"
#include "tests/support/nginx.h"
#include "tests/support/pictures.h"
#include "tests/support/test_server.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

using Options = std::vector<std::string>;

// Quick to give up, as tests must be.
const Options kImpatient = {"--retry",   "1", "--retry-delay",     "0.05",
                            "--timeout", "2", "--connect-timeout", "2"};

Ended snapshot(const ArchiveOfTest& archive, Options targets, const Options& more = {}) {
  targets.insert(targets.begin(), "snapshot");
  targets.insert(targets.end(), kImpatient.begin(), kImpatient.end());
  targets.insert(targets.end(), more.begin(), more.end());
  return archive.run(targets);
}

Script png_script(const std::string& type = "image/png") { return text(make_png(20, 20), type); }

// A page that shows one picture of the same server.
Script page_with(const std::string& picture) {
  return text("<!DOCTYPE html><title>One picture</title><p>Text.</p><img src=\"" + picture + "\">",
              "text/html; charset=utf-8");
}

size_t lines_of(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

// An article that is safe in the archive before anything else happens.
std::string keep_one(const ArchiveOfTest& archive, TestServer& server) {
  server.on("/kept", page_with("/kept.png"));
  server.on("/kept.png", png_script());
  const Ended kept = snapshot(archive, {server.url("/kept")});
  REQUIRE(kept.code == 0);
  return archive.only_article()["id"];
}

void check_kept(const ArchiveOfTest& archive, const std::string& id) {
  const Ended shown = archive.run({"show", "--json", id});
  REQUIRE(shown.code == 0);
  CHECK(json_lines(shown.out).at(0)["missing"] == 0);
  CHECK(archive.run({"export", id, archive.folder().file("kept-copy")}).code == 0);
}

}  // namespace

TEST_CASE("an article that cannot be had ends with one line that names it", "[tools]") {
  TestServer server;
  const ArchiveOfTest archive;
  const std::string kept = keep_one(archive, server);

  server.on("/circle", redirect("/circle-2"));
  server.on("/circle-2", redirect("/circle"));
  server.on("/error", status(500));
  server.on("/gone", status(410));
  server.on("/picture", png_script());
  server.on(
      "/endless",
      endless({.fields = {{"Content-Type", "text/html"}}, .length_by_close = true}, "<p>more"));
  server.on("/silent", Script{}.hang());
  server.on("/reset", Script{}.reset());
  server.on(
      "/short",
      cut_after({.fields = {{"Content-Type", "text/html"}}, .body = std::string(500, 'x')}, 200));
  server.on("/private", redirect("http://10.0.0.1/"));

  struct Row {
    const char* name;
    std::string target;
    const char* says;
    Options more = {};
  };
  const Row rows[] = {
      {"a name that does not resolve", "http://nowhere.invalid/a", "cannot find the host"},
      {"a port where nobody listens", "http://127.0.0.1:" + std::to_string(free_port()) + "/a",
       "refused"},
      {"redirects in a circle", server.url("/circle"), "circle"},
      {"a server error", server.url("/error"), "500 Internal Server Error"},
      {"a page that is gone", server.url("/gone"), "410 Gone"},
      {"a page that never was", server.url("/never"), "404 Not Found"},
      {"a picture in place of an article", server.url("/picture"), "is image/png, not an article"},
      {"a page without end", server.url("/endless"), "--max-size", {"--max-size", "100k"}},
      {"a server that says nothing", server.url("/silent"), "slower than"},
      {"a connection that breaks", server.url("/reset"), "/reset"},
      {"a page that ends too soon", server.url("/short"), "/short"},
      {"a redirect to a private address", server.url("/private"), "10.0.0.1 is a private address"},
      {"a scheme that nobody can fetch", "ftp://127.0.0.1/a", "ftp://127.0.0.1/a"},
      {"no URL at all", "http://[bad/", "http://[bad/"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Ended ended = snapshot(archive, {row.target}, row.more);
      CAPTURE(ended.err);
      CHECK(ended.code == 1);
      CHECK(ended.err.starts_with("halftone: "));
      CHECK(ended.err.find(row.says) != std::string::npos);
      CHECK(lines_of(ended.err) == 2);  // the reason and the summary
      check_kept(archive, kept);
    }
  }
}

TEST_CASE("a file that is no article is refused with its reason", "[tools]") {
  const ArchiveOfTest archive;
  const TemporaryDirectory& folder = archive.folder();
  struct Row {
    const char* name;
    std::string file;
    const char* says;
  };
  const Row rows[] = {
      {"absent", folder.file("absent.md"), "No such file"},
      {"a folder", folder.path(), "directory"},
      {"a picture", folder.write("a.md", make_png(9, 9)), "is image/png, not an article"},
      {"empty", folder.write("b.html", ""), "is empty, not an article"},
      {"noise", folder.write("c.html", std::string("\0\1\2\3\x80\xFF\0\0", 8)), "not an article"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Ended ended = snapshot(archive, {row.file});
      CAPTURE(ended.err);
      CHECK(ended.code == 1);
      CHECK(ended.err.find(row.says) != std::string::npos);
      CHECK(lines_of(ended.err) == 2);
      CHECK(archive.run({"list", "--json"}).out.empty());
    }
  }
}

TEST_CASE("an article with broken front matter is kept, and its line is told", "[tools]") {
  const ArchiveOfTest archive;
  const TemporaryDirectory& folder = archive.folder();
  for (const std::string_view text :
       {"---\ntitle: 'never closed\n---\n\ntext\n", "---\ntitle: x\n\ntext\n"}) {
    const Ended ended = snapshot(archive, {folder.write("a.md", text)});
    CAPTURE(ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.err.find("front matter") != std::string::npos);
    CHECK(ended.err.find("line") != std::string::npos);
  }
}

TEST_CASE("a picture that cannot be had makes the article incomplete, and is named", "[tools]") {
  TestServer server;
  const ArchiveOfTest archive;
  const std::string body = make_png(30, 30);
  const Fields png = {{"Content-Type", "image/png"}};
  struct Row {
    const char* name;
    std::vector<Script> scripts;
    const char* reason;  // empty: archived
    Options more = {};
  };
  const Row rows[] = {
      {"404", {status(404)}, "404 Not Found"},
      {"403 whoever asks", {status(403)}, "403 Forbidden (with every Referer a reader could send)"},
      {"500, again and again", {status(500)}, "500 Internal Server Error (asked 2 times)"},
      {"503 once", {status(503), png_script()}, ""},
      {"429 once, with Retry-After", {status(429, {{"Retry-After", "1"}}), png_script()}, ""},
      {"429 with a Retry-After of a day",
       {status(429, {{"Retry-After", "86400"}})},
       "429 Too Many Requests"},
      {"an HTML page in its place",
       {text("<!DOCTYPE html><p>Log in</p>", "image/png")},
       "an HTML page"},
      {"JSON in its place",
       {text("{\"error\": 1}", "application/json")},
       "application/json, not an image"},
      {"nothing in it", {text("", "image/png")}, "empty"},
      {"too large",
       {text(std::string(200'000, 'x'), "image/png")},
       "--max-size",
       {"--max-size", "100k"}},
      {"cut", {cut_after({.fields = png, .body = body}, 300)}, "ended after"},
      {"cut once", {cut_after({.fields = png, .body = body}, 300), png_script()}, ""},
      {"reset inside", {reset_after({.fields = png, .body = body}, 300)}, "ended after"},
      {"longer than it says",
       {whole({.fields = png, .body = body, .content_length = body.size() + 9}).close()},
       "ended after"},
      {"a circle of redirects", {redirect("/picture")}, "circle"},
      {"a redirect to a scheme",
       {redirect("ftp://127.0.0.1/x")},
       "redirected to ftp://127.0.0.1/x"},
      {"silence", {Script{}.hang()}, "slower than"},
      {"another type than it says", {png_script("text/html")}, ""},
      {"slowly, but it comes",
       {drip({.fields = png, .body = body}, 400, std::chrono::milliseconds(20))},
       ""},
      {"gzip", {whole({.fields = {{"Content-Encoding", "gzip"}}, .body = gzip(body)})}, ""},
      {"br", {whole({.fields = {{"Content-Encoding", "br"}}, .body = brotli(body)})}, ""},
      {"zstd", {whole({.fields = {{"Content-Encoding", "zstd"}}, .body = zstd(body)})}, ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      server.on("/article", page_with("/picture"));
      server.on("/picture", row.scripts);
      const Ended ended = snapshot(archive, {server.url("/article"), "--json"}, row.more);
      CAPTURE(ended.err);
      const auto article = json_lines(ended.out).at(0)["articles"].at(0);
      const std::string reason = row.reason;
      CHECK(ended.code == (reason.empty() ? 0 : 3));
      CHECK(article["missing"] == (reason.empty() ? 0 : 1));
      if (!reason.empty()) {
        const auto missing = article["missing_references"].at(0);
        CHECK(missing["url"] == server.url("/picture"));
        CHECK(missing["reason"].get<std::string>().find(reason) != std::string::npos);
        CHECK(ended.err.find("missing: " + server.url("/picture")) != std::string::npos);
      }
    }
  }
}

TEST_CASE("an archive that cannot be used is left as it is", "[tools]") {
  TestServer server;
  const ArchiveOfTest archive;
  const std::string kept = keep_one(archive, server);

  SECTION("made by a newer version") {
    const std::string marker = archive.path() + "/halftone-archive.json";
    const std::string good = archive.folder().read("archive/halftone-archive.json");
    std::string newer = good;
    const size_t at = newer.find('2', newer.find("\"format\""));
    REQUIRE(at != std::string::npos);
    newer[at] = '3';
    archive.folder().write("archive/halftone-archive.json", newer);
    for (const Options& command : {Options{"list"}, Options{"snapshot", server.url("/kept")}}) {
      const Ended ended = archive.run(command);
      CHECK(ended.code == 1);
      CHECK(ended.err.find("newer halftone") != std::string::npos);
      CHECK(lines_of(ended.err) == 1);
    }
    archive.folder().write("archive/halftone-archive.json", good);
  }
  SECTION("in use") {
    const auto writer = Archive::open_for_writing(archive.path());
    REQUIRE(writer);
    const Ended ended = snapshot(archive, {server.url("/kept")});
    CHECK(ended.code == 75);
    CHECK(ended.err.find("process " + std::to_string(::getpid())) != std::string::npos);
    CHECK(archive.run({"list"}).code == 0);  // reading goes on beside it
  }
  SECTION("a folder of something else") {
    const std::string thesis = archive.folder().write("other/thesis.txt", "years of work");
    const Ended ended = run_halftone(
        {"snapshot", server.url("/kept"), "--archive", archive.folder().file("other")});
    CHECK(ended.code == 1);
    CHECK(archive.folder().read("other/thesis.txt") == "years of work");
  }
  check_kept(archive, kept);
}

TEST_CASE("a full disk ends the run, and what is stored stays", "[tools]") {
  TestServer server;
  const ArchiveOfTest archive;
  server.on("/small", page_with("/small.png"));
  server.on("/small.png", png_script());
  server.on("/large", page_with("/large.png"));
  server.on("/large.png", text(make_png(3000, 3000), "image/png"));  // 27 MB

  // A file system of 12 MiB that only the script's processes see.
  const std::string disk = archive.folder().file("disk");
  fs::create_directory(disk);
  const std::string script = R"(
    mount -t tmpfs -o size=12m none "$1" || exit 99
    "$2" snapshot "$3/small" --archive "$1/archive" --quiet || exit 98
    "$2" snapshot "$3/large" --archive "$1/archive" --quiet; echo "large: $?"
    mount -o remount,size=96m "$1"
    "$2" snapshot "$3/large" --archive "$1/archive" --quiet; echo "again: $?"
    "$2" list --json --archive "$1/archive")";
  const Ended ended = run_program(
      {"unshare", "--mount", "sh", "-c", script, "sh", disk, HALFTONE_PROGRAM, server.url("")});
  if (ended.code == 99 || ended.err.find("unshare") != std::string::npos) {
    WARN("skipped: this machine lets nobody mount a small disk");
    return;
  }
  CAPTURE(ended.out, ended.err);
  CHECK(ended.out.find("large: 1\nagain: 0\n") == 0);
  CHECK(ended.err.find("is full; nothing already stored is lost") != std::string::npos);
  CHECK(ended.out.find("/small") != std::string::npos);
  CHECK(lines_of(ended.err) == 1);
}

TEST_CASE("what is interrupted goes on where it stopped", "[tools]") {
  TestServer server;
  const ArchiveOfTest archive;
  std::string page = "<!DOCTYPE html><title>Twenty pictures</title>";
  for (int i = 0; i < 20; ++i) {
    const std::string target = "/picture" + std::to_string(i);
    page += "<img src=\"" + target + "\">";
    if (i < 15) server.on(target, text(make_png(20 + i, 20), "image/png"));
    if (i >= 15) server.on(target, {Script{}.hang(), text(make_png(20 + i, 20), "image/png")});
  }
  server.on("/article", text(page, "text/html"));
  const int signal = GENERATE(SIGINT, SIGKILL);
  CAPTURE(signal);

  const TemporaryDirectory logs;
  ChildProcess first(
      {HALFTONE_PROGRAM, "snapshot", server.url("/article"), "--archive", archive.path()},
      logs.file("out"), logs.file("err"));
  // All of the first fifteen are there when the five that hang have been asked for.
  for (int waited = 0; server.requests().size() < 21 && waited < 600; ++waited) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  REQUIRE(server.requests().size() == 21);
  std::this_thread::sleep_for(std::chrono::milliseconds(1000));
  ::kill(first.pid(), signal);
  CHECK(first.wait() == (signal == SIGINT ? 130 : 128 + SIGKILL));

  const Ended second = snapshot(archive, {server.url("/article"), "--json"});
  CHECK(second.code == 0);
  const auto article = json_lines(second.out).at(0)["articles"].at(0);
  CHECK(article["archived"] == 20);
  CHECK(article["resumed"] == true);
  for (int i = 0; i < 15; ++i) CHECK(server.requests("/picture" + std::to_string(i)).size() == 1);
  for (int i = 15; i < 20; ++i) CHECK(server.requests("/picture" + std::to_string(i)).size() == 2);
}
