#include "tools/newsroom.h"

#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/tools/raw_client.h"

using namespace halftone;

namespace {

struct Visit {
  Newsroom& newsroom;
  uint16_t port = port_of(newsroom.feed_url());

  RawAnswer get(const std::string& host, const std::string& target,
                const std::string& referer = {}) const {
    std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: {}:{}\r\n", target, host, port);
    if (!referer.empty()) request += fmt::format("Referer: {}\r\n", referer);
    return ask(port, request + "Connection: close\r\n\r\n");
  }
  RawAnswer page(const std::string& target) const { return get(Newsroom::kSiteHost, target); }
  RawAnswer picture(const std::string& target, const std::string& referer = {}) const {
    return get(Newsroom::kImageHost, target, referer);
  }
  std::string site(const std::string& path) const {
    return fmt::format("http://{}:{}{}", Newsroom::kSiteHost, port, path);
  }

  static uint16_t port_of(const std::string& url) {
    return static_cast<uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
};

// The targets on the picture host that `text` names, whatever attribute they stand in.
std::set<std::string> picture_targets(const std::string& text, uint16_t port) {
  const std::string host = fmt::format("http://{}:{}", Newsroom::kImageHost, port);
  std::set<std::string> targets;
  for (size_t at = 0; (at = text.find(host, at)) != text.npos;) {
    at += host.size();
    const size_t end = text.find_first_of("\"' )<\n", at);
    std::string target = text.substr(at, end - at);
    if (target.ends_with(',')) target.pop_back();
    targets.insert(target);
  }
  return targets;
}

std::string path_of(const std::string& url) { return url.substr(url.find('/', 7)); }

constexpr const char* kPicture = "/20260107/v2_0b6e8d24f97a5c13_img_000";
constexpr const char* kMembersPicture = "/members/20260109/v2_a7d2f50c93e8b614_img_000";

}  // namespace

TEST_CASE("the newsroom serves four articles, an index, a style sheet and a feed", "[tools]") {
  const auto newsroom = Newsroom::open();
  REQUIRE(newsroom);
  const Visit visit{**newsroom};

  const std::vector<std::string> articles = (*newsroom)->article_urls();
  REQUIRE(articles.size() == 4);
  const std::string feed = visit.page("/feed.xml").body;
  const std::string index = visit.page("/").body;
  for (const std::string& url : articles) {
    CAPTURE(url);
    const RawAnswer answer = visit.page(path_of(url));
    CHECK(answer.status == 200);
    CHECK(answer.field("content-type") == "text/html; charset=utf-8");
    CHECK(answer.body.find("\"NewsArticle\"") != std::string::npos);
    CHECK(feed.find("<link>" + url + "</link>") != std::string::npos);
    CHECK(index.find("href=\"" + path_of(url) + "\"") != std::string::npos);
  }
  CHECK(visit.page("/feed.xml").field("content-type") == "application/rss+xml; charset=utf-8");
  CHECK(visit.page("/style.css").field("content-type") == "text/css; charset=utf-8");
  CHECK(visit.page("/style.css").field("referrer-policy") == "no-referrer");
}

TEST_CASE("every picture that the newsroom's pages name is there", "[tools]") {
  const auto newsroom = Newsroom::open();
  REQUIRE(newsroom);
  const Visit visit{**newsroom};

  std::vector<std::string> pages = {"/", "/feed.xml", "/style.css"};
  for (const std::string& url : (*newsroom)->article_urls()) pages.push_back(path_of(url));
  std::set<std::string> targets;
  for (const std::string& page : pages) {
    const std::string text = visit.page(page).body;
    CAPTURE(page);
    CHECK(text.find("{SITE}") == std::string::npos);
    CHECK(text.find("{IMG}") == std::string::npos);
    targets.merge(picture_targets(text, visit.port));
  }
  CHECK(targets.size() == 23);
  for (const std::string& target : targets) {
    CAPTURE(target);
    const bool members = target.starts_with("/members/");
    const RawAnswer answer = visit.picture(target, members ? visit.site("/") : "");
    CHECK(answer.status == 200);
    CHECK(answer.field("content-type").starts_with("image/"));
    CHECK(answer.field("content-length") == std::to_string(answer.body.size()));
    CHECK(answer.body.size() <= 60 * 1024);
  }
}

TEST_CASE("a picture comes as the bytes of its file", "[tools]") {
  const auto newsroom = Newsroom::open();
  REQUIRE(newsroom);
  std::ifstream file(HALFTONE_SOURCE_DIR "/tools/newsroom/pictures/train.png", std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  REQUIRE(file);
  CHECK(Visit{**newsroom}.picture(kPicture).body == bytes.str());
}

TEST_CASE("the picture host refuses by Referer", "[tools]") {
  const auto newsroom = Newsroom::open();
  REQUIRE(newsroom);
  const Visit visit{**newsroom};
  const std::string images = fmt::format("http://{}:{}/", Newsroom::kImageHost, visit.port);

  struct Row {
    const char* name;
    std::string target, referer;
    int status;
  };
  const Row rows[] = {
      {"no Referer", kPicture, "", 200},
      {"its own", kPicture, images, 200},
      {"the newsroom's page", kPicture, visit.site("/2026/slow-train.html"), 403},
      {"the newsroom's origin", kPicture, visit.site("/"), 403},
      {"a stranger", kPicture, "https://example.org/", 403},
      {"a stranger with our name in its path", kPicture, "http://example.org/" + images, 403},
      {"a stranger whose name begins like ours", kPicture, "http://img.newsroom.test.example.org/",
       403},
      {"members: no Referer", kMembersPicture, "", 403},
      {"members: the picture host", kMembersPicture, images, 403},
      {"members: a stranger", kMembersPicture, "https://example.org/", 403},
      {"members: the newsroom's page", kMembersPicture, visit.site("/2026/village-dome.html"), 200},
      {"members: the newsroom's origin", kMembersPicture, visit.site("/"), 200},
      {"refused before it is looked for", "/nothing", "https://example.org/", 403},
      {"no such picture", "/nothing", "", 404},
      {"a size that was never made", fmt::format("{}?process=resize,w_1", kPicture), "", 404},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      CHECK(visit.picture(row.target, row.referer).status == row.status);
    }
  }
}

TEST_CASE("the newsroom tells what it does not have", "[tools]") {
  const auto newsroom = Newsroom::open();
  REQUIRE(newsroom);
  const Visit visit{**newsroom};
  CHECK(visit.page("/nothing.html").status == 404);
  CHECK(visit.page("/../pictures/train.png").status == 404);
  CHECK(visit.page("/2026").status == 404);
  CHECK(visit.get("elsewhere.test", "/").status == 421);
  CHECK(ask(visit.port,
            "POST / HTTP/1.1\r\nHost: newsroom.test\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n")
            .status == 405);
}

TEST_CASE("both hosts of the newsroom lead to loopback", "[tools]") {
  const auto newsroom = Newsroom::open();
  REQUIRE(newsroom);
  const uint16_t port = Visit::port_of((*newsroom)->feed_url());
  CHECK((*newsroom)->resolve() ==
        std::vector<std::string>{fmt::format("newsroom.test:{}:127.0.0.1", port),
                                 fmt::format("img.newsroom.test:{}:127.0.0.1", port)});
}
