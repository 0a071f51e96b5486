// halftone mirror and why, as their users have them: the built program, a server on loopback,
// RocksDB on disk.
#include <filesystem>

#include "tests/support/catch.h"
#include "tests/tools/mirror_site.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

constexpr int kPages = MirrorSite::kPages;

std::vector<std::string> mirror(const MirrorSite& site, std::vector<std::string> more = {}) {
  return mirror_words(site.url(), std::move(more));
}

}  // namespace

TEST_CASE("a site becomes articles with everything they show", "[mirror]") {
  MirrorSite site;
  ArchiveOfTest archive;
  const Ended run = archive.run(mirror(site));
  INFO(run.err);
  CHECK(run.code == 3);  // three pictures are gone
  CHECK(run.err.find("3 missing") != std::string::npos);

  const auto articles = json_lines(archive.run({"list", "--json"}).out);
  CHECK(articles.size() == kPages + 1);
  const auto times = site.times_asked();
  for (int i = 0; i < kPages; ++i) {
    CAPTURE(i);
    CHECK(times.at(MirrorSite::page_path(i)) ==
          1);  // without what tracks, and once by whatever address
    for (int j = 0; j < 3; ++j) CHECK(times.at(MirrorSite::picture_path(3 * i + j)) == 1);
  }
  CHECK(times.at("/style.css") == 1);
  CHECK(times.at("/pictures/paper.png") == 1);
  CHECK(times.count("/private/x.html") == 0);
  CHECK(archive.run({"verify"}).code == 0);

  SECTION("an article is found by every address of its page") {
    for (const std::string path : {"/old.html", "/articles/0.html?utm_source=x&fbclid=1"}) {
      CAPTURE(path);
      const auto shown = archive.run({"show", site.url(path), "--json"});
      REQUIRE(shown.code == 0);
      CHECK(json_lines(shown.out).at(0).at("url") == site.url(MirrorSite::page_path(0)));
    }
  }
  SECTION("why tells which answer or rule decided") {
    const std::pair<std::string, std::string> rows[] = {
        {"/pictures/1.png", "archived: image/png"},
        {"/gone/0.png", "404 Not Found"},
        {"/private/x.html", "Disallow: /private/"},
        {"/old.html", "the same page as"},
        {"/a/b/a/b/a/b/a/b", "folders repeat"},
        {"/never", "no page that was looked through links to it"},
    };
    for (const auto& [path, words] : rows) {
      DYNAMIC_SECTION(path) {
        const auto why = archive.run({"why", site.url(path)});
        CHECK(why.code == 0);
        CHECK(why.out.find(words) != std::string::npos);
      }
    }
    CHECK(archive.run({"why", "http://example.com/"}).out.find("--scope domain") !=
          std::string::npos);
  }
  SECTION("a report is left, for people and for scripts") {
    size_t pages = 0, scripts = 0;
    for (const auto& file : fs::directory_iterator(archive.path() + "/reports")) {
      pages += file.path().extension() == ".html";
      scripts += file.path().extension() == ".json";
    }
    CHECK(pages == 1);
    CHECK(scripts == 1);
  }
  SECTION("the next run asks for everything again and keeps what is new") {
    const Ended again = archive.run(mirror(site, {"--json"}));
    const auto lines = json_lines(again.out);
    REQUIRE_FALSE(lines.empty());
    CHECK(lines.back().at("run") == "mirror");
    CHECK(lines.back().at("new_blobs") == 0);
    CHECK(lines.back().at("articles") == kPages + 1);
    CHECK(lines.back().at("missing_files") == 3);
    CHECK(lines.front().contains("event"));
    CHECK(site.times_asked().at(MirrorSite::page_path(3)) == 2);
  }
}

TEST_CASE("rules of the user decide what is taken", "[mirror]") {
  MirrorSite site;
  ArchiveOfTest archive;
  const auto pages_after = [&](std::vector<std::string> options) {
    archive.run(mirror(site, std::move(options)));
    return json_lines(archive.run({"list", "--json"}).out).size();
  };
  SECTION("--exclude") { CHECK(pages_after({"--exclude", "*/articles/1*"}) == kPages + 1 - 11); }
  SECTION("--include") { CHECK(pages_after({"--include", "/articles/2.html"}) == 2); }
  SECTION("--depth 0") { CHECK(pages_after({"--depth", "0"}) == 1); }
  SECTION("--scope page") { CHECK(pages_after({"--scope", "page"}) == 1); }
  SECTION("--max-pages, and the same command goes on") {
    CHECK(pages_after({"--max-pages", "5"}) == 5);
    CHECK(pages_after({}) == kPages + 1);
    CHECK(site.times_asked().at("/") == 1);
  }
  SECTION("--max-host-pages") {
    CHECK(pages_after({"--max-host-pages", "3"}) == 4);  // beside what was named
    const auto why = archive.run({"why", site.url(MirrorSite::page_path(9))});
    CHECK(why.out.find("--max-host-pages 3") != std::string::npos);
  }
  SECTION("--robots ignore") {
    CHECK(pages_after({"--robots", "ignore"}) == kPages + 2);
    CHECK(site.times_asked().count("/robots.txt") == 0);
  }
}

TEST_CASE("what cannot be crawled is told before anything is done", "[mirror]") {
  ArchiveOfTest archive;
  const std::pair<std::vector<std::string>, std::string> rows[] = {
      {{"mirror"}, "mirror needs a URL"},
      {{"mirror", "http://127.0.0.1/", "--scope", "planet"}, "page, dir, host, domain and any are"},
      {{"mirror", "http://127.0.0.1/", "--robots", "maybe"}, "obey and ignore are"},
      {{"mirror", "notes/article.md://"}, "no http or https URL"},
      {{"why"}, "why needs exactly one URL"},
  };
  for (const auto& [words, text] : rows) {
    const Ended ended = archive.run(words);
    CHECK(ended.code == 2);
    CHECK(ended.err.find(text) != std::string::npos);
  }
  CHECK_FALSE(fs::exists(archive.path()));
}
