// halftone mirror and why, as their users have them: the built program, a server on loopback,
// RocksDB on disk.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/test_server.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

constexpr int kPages = 24;

std::string page_path(int i) { return "/articles/" + std::to_string(i) + ".html"; }
std::string picture_path(int i) { return "/pictures/" + std::to_string(i) + ".png"; }

Script png(uint32_t width) {
  return whole({.fields = {{"Content-Type", "image/png"}}, .body = make_png(width, 50)});
}

// A paragraph of its own for each page: pages that say the same are no articles.
std::string words(int i) {
  std::mt19937 random(static_cast<unsigned>(i));
  std::string text;
  for (int word = 0; word < 60; ++word) {
    for (int letter = 0; letter < 6; ++letter) text += static_cast<char>('a' + random() % 26);
    text += ' ';
  }
  return text;
}

// A front page that links to all others; each shows three pictures (a plain one, one by srcset, one
// that waits for a script), one style sheet with a picture of its own, and a picture that is gone
// on every eighth.
class Site {
 public:
  explicit Site(std::chrono::milliseconds delay = {}) {
    std::string links;
    for (int i = 0; i < kPages; ++i) {
      links += "<a href='" + page_path(i) + "?utm_source=front'>" + std::to_string(i) + "</a> ";
      add(page_path(i), text(page(i)), delay);
      for (int j = 0; j < 3; ++j) {
        add(picture_path(3 * i + j), png(static_cast<uint32_t>(60 + 3 * i + j)), delay);
      }
    }
    links += "<a href='/old.html'>old</a> <a href='/private/x.html'>private</a>";
    add("/", text("<title>Front</title><p>" + words(99) + links), delay);
    add("/old.html", redirect(page_path(0), 301), delay);
    add("/style.css", text("body { background: url(/pictures/paper.png) }", "text/css"), delay);
    add("/pictures/paper.png", png(59), delay);
    add("/private/x.html", text("<p>private"), delay);
    add("/robots.txt", text("User-agent: *\nDisallow: /private/\n", "text/plain"), delay);
  }

  std::string url(std::string_view path = "/") const { return server_.url(path); }
  TestServer& server() { return server_; }

  std::map<std::string, size_t> times_asked() const {
    std::map<std::string, size_t> times;
    for (const SeenRequest& request : server_.requests()) ++times[request.target];
    return times;
  }

 private:
  static std::string page(int i) {
    const auto tag = [&](int j) { return picture_path(3 * i + j); };
    std::string html = "<html><head><title>Article " + std::to_string(i) +
                       "</title><link rel=stylesheet href=/style.css></head><body><article><h1>" +
                       "Article " + std::to_string(i) + "</h1><p>" + words(i) + "</p><img src='" +
                       tag(0) + "'><img srcset='" + tag(1) + " 2x'><img data-src='" + tag(2) + "'>";
    if (i % 8 == 0) html += "<img src='/gone/" + std::to_string(i) + ".png'>";
    return html + "</article></body></html>";
  }

  void add(const std::string& target, Script script, std::chrono::milliseconds delay) {
    Script slow;
    if (delay.count() > 0) slow.pause(delay);
    slow.steps.insert(slow.steps.end(), script.steps.begin(), script.steps.end());
    server_.on(target, slow);
  }

  TestServer server_;
};

std::vector<std::string> mirror(const Site& site, std::vector<std::string> more = {}) {
  std::vector<std::string> words = {"mirror", site.url(), "--retry-delay", "0.01"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// What an archive holds, without what differs from run to run.
struct Held {
  std::set<std::string> captures;                 // URL and digest
  std::map<std::string, std::string> references;  // of each article, with what became of them
  bool operator==(const Held&) const = default;
};

Held held_by(const ArchiveOfTest& archive, const Site& site) {
  Held held;
  const auto without_host = [&](std::string text) {
    const std::string host = site.url("");
    const size_t at = text.find(host);
    return at == std::string::npos ? text : text.erase(at, host.size());
  };
  const auto captures = archive.run({"list", "--captures", "127.0.0.1", "--json"});
  for (const auto& capture : json_lines(captures.out)) {
    held.captures.insert(without_host(capture.at("url")) + " " +
                         capture.at("digest").get<std::string>());
  }
  for (const auto& article : json_lines(archive.run({"list", "--json"}).out)) {
    const auto shown = archive.run({"show", article.at("id"), "--json"});
    std::string references;
    for (const auto& reference : json_lines(shown.out).at(0).at("references")) {
      references += without_host(reference.at("url")) + " " +
                    reference.at("outcome").get<std::string>() + "\n";
    }
    held.references[without_host(article.at("url"))] = references;
  }
  return held;
}

int kills_wanted() {
  const char* wanted = std::getenv("HALFTONE_KILLS");
  return wanted ? std::atoi(wanted) : 10;
}

}  // namespace

TEST_CASE("a site becomes articles with everything they show", "[mirror]") {
  Site site;
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
    CHECK(times.at(page_path(i)) == 1);  // without what tracks, and once by whatever address
    for (int j = 0; j < 3; ++j) CHECK(times.at(picture_path(3 * i + j)) == 1);
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
      CHECK(json_lines(shown.out).at(0).at("url") == site.url(page_path(0)));
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
    CHECK(site.times_asked().at(page_path(3)) == 2);
  }
}

TEST_CASE("rules of the user decide what is taken", "[mirror]") {
  Site site;
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

TEST_CASE("a crawl that was interrupted goes on and asks for nothing twice", "[mirror]") {
  Site site(std::chrono::milliseconds(15));
  ArchiveOfTest archive;
  std::vector<std::string> words = {HALFTONE_PROGRAM, "--archive", archive.path()};
  for (const std::string& word : mirror(site, {"--per-host", "2"})) words.push_back(word);
  const TemporaryDirectory logs;
  ChildProcess first(words, logs.file("out"), logs.file("err"));
  while (site.server().requests().size() < 12) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ::kill(first.pid(), SIGINT);
  CHECK(first.wait() == 130);

  const Ended second = archive.run({"mirror", "--retry-delay", "0.01"});  // what is unfinished
  INFO(second.err);
  CHECK(second.code == 3);
  CHECK(second.err.find("going on") != std::string::npos);
  for (const auto& [target, times] : site.times_asked()) {
    CAPTURE(target);
    CHECK(times <= (target == "/robots.txt" ? 2U : 1U));
  }
  CHECK(json_lines(archive.run({"list", "--json"}).out).size() == kPages + 1);
}

// HALFTONE_KILLS tells how often; 200 by hand.
TEST_CASE("a crawl that is killed at any instant loses nothing", "[mirror][kill]") {
  const int kills = kills_wanted();
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  CAPTURE(seed, kills);
  constexpr size_t kAtOnce = 4;
  Site site(std::chrono::milliseconds(std::clamp(kills, 10, 60)));
  ArchiveOfTest archive;
  std::vector<std::string> words = {HALFTONE_PROGRAM, "--archive", archive.path()};
  for (const std::string& word : mirror(site, {"--per-host", "4", "-q"})) words.push_back(word);
  const TemporaryDirectory logs;
  int killed = 0;
  int code = -1;
  while (killed < kills) {
    ChildProcess crawl(words, logs.file("out"), logs.file("err"));
    const auto life = std::chrono::milliseconds(30 + random() % 150);
    std::this_thread::sleep_for(life);
    if (!crawl.is_running()) {
      code = crawl.wait();
      break;
    }
    ::kill(crawl.pid(), SIGKILL);
    crawl.wait();
    ++killed;
  }
  if (code < 0) code = archive.run(mirror(site, {"--per-host", "4"})).code;
  CHECK(code == 3);
  WARN("killed " << killed << " times");
  CHECK(archive.run({"verify"}).code == 0);

  size_t asked = 0;
  const auto times = site.times_asked();
  for (const auto& [target, count] : times) asked += target == "/robots.txt" ? 0 : count;
  const Held after_kills = held_by(archive, site);

  Site untroubled;
  ArchiveOfTest whole;
  REQUIRE(whole.run(mirror(untroubled)).code == 3);
  size_t needed = 0;
  for (const auto& [target, count] : untroubled.times_asked()) {
    needed += target == "/robots.txt" ? 0 : count;
  }
  // On the way, or answered and not yet written, when a kill came.
  CHECK(asked <= needed + static_cast<size_t>(killed) * 4 * kAtOnce);
  CHECK(after_kills == held_by(whole, untroubled));
}
