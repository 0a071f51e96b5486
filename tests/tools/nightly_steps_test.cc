// What a night does when its crawl is over, and what it asks for of pages that changed.
#include <filesystem>

#include "store/digest.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/tools/mirror_site.h"
#include "tests/tools/night_site.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

size_t versions_of(const NightJobOfTest& job, const std::string& id) {
  return json_lines(job.archive().run({"show", id, "--json"}).out).at(0).at("snapshots").size();
}

int64_t today() {
  return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())
      .time_since_epoch()
      .count();
}

}  // namespace

TEST_CASE("recipe lines choose what is made", "[nightly]") {
  NightSite site;
  site.add_article(1);
  NightJobOfTest job("url = " + site.url("/1") +
                     "\nderive\nrecipe = tiny = 16x16, crop, png\nrecipe = thumb\n");
  const auto night = job.night();
  REQUIRE(night.at("steps").size() == 1);
  CHECK(night.at("steps").at(0).at("text") == "1 pictures: 2 made, 0 known, 0 cannot be made");
  CHECK(job.archive().stats().at("derivatives") == 2);

  SECTION("and their mistakes are told") {
    const auto check = [&](const std::string& lines) {
      return job.archive()
          .run({"nightly", "--check",
                job.archive().folder().write("jobs/b.job", "url = https://example.org/\n" + lines)})
          .err;
    };
    CHECK(check("derive\nrecipe = thumbs").find("b.job:3: recipe: there is no recipe thumbs") !=
          std::string::npos);
    CHECK(check("derive\nrecipe = card = huge").find("b.job:3: recipe: ") != std::string::npos);
    CHECK(check("recipe = thumb").find("b.job:2: recipe: it counts for derive") !=
          std::string::npos);
  }
}

TEST_CASE("versions go that became due without a new one", "[nightly]") {
  NightSite site;
  // An article whose turn it is today.
  const int64_t day = today();
  std::string url, id;
  for (int i = 0; id.empty(); ++i) {
    const std::string path = "/story-" + std::to_string(i);
    const std::string own = sha256(site.url(path)).hex().substr(0, 12);
    if (std::stoul(own.substr(0, 6), nullptr, 16) % 30 != static_cast<uint64_t>(day) % 30) continue;
    url = site.url(path);
    id = own;
    site.server().on(path,
                     {with_etag(site.article(1, " First."), "\"1\""),
                      with_etag(site.article(1, " Second."), "\"2\""), not_modified("\"2\"")});
  }
  site.server().on("/pictures/1.png", png(70));
  NightJobOfTest job("url = " + url);
  job.night();
  job.night();
  REQUIRE(versions_of(job, id) == 2);
  job.write("url = " + url + "\nkeep-last = 1\n");
  const auto night = job.night();
  if (today() != day) {
    WARN("midnight came in between: not tested");
    return;
  }
  CHECK(night.at("changed_articles") == 0);
  CHECK(night.at("steps").at(0).at("text").get<std::string>().starts_with("1 snapshots"));
  CHECK(versions_of(job, id) == 1);
  CHECK(job.archive().run({"verify"}).code == 0);
}

TEST_CASE("pictures of style sheets are looked at again when their page changed", "[nightly]") {
  NightSite site;
  const std::string link = "<link rel=stylesheet href=/look.css>";
  site.server().on("/1", {text(link + site.article(1)), text(link + site.article(1)),
                          text(link + site.article(1, " And more."))});
  site.server().on("/pictures/1.png", png(70));
  site.server().on("/look.css", text("body{background:url(/pictures/back.png)}", "text/css"));
  site.server().on("/pictures/back.png", {png(80), png(90)});
  NightJobOfTest job("url = " + site.url("/1"));
  job.night();
  CHECK(job.night().at("pages_unchanged") == 1);
  CHECK(site.times("/pictures/back.png") == 1);
  CHECK(job.night().at("changed_articles") == 1);
  CHECK(site.times("/look.css") == 2);
  CHECK(site.times("/pictures/back.png") == 2);
}
