// halftone nightly, night after night, as its users have it: the built program, a server on
// loopback, RocksDB on disk.
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

#include "store/archive.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/smtp_server.h"
#include "tests/tools/mirror_site.h"
#include "tests/tools/night_site.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

const std::vector<NightEntry> kThree = {
    {"/1", "a", "One", ""}, {"/2", "b", "Two", ""}, {"/3", "c", "Three", ""}};

// A feed of three articles that stay as they are.
class SteadySite : public NightSite {
 public:
  SteadySite() {
    for (int i = 1; i <= 4; ++i) add_article(i);
    server().on("/feed",
                {with_etag(feed(kThree), "\"f\"", "application/rss+xml"), not_modified("\"f\"")});
  }
  std::string job() const { return "feed = " + url("/feed") + "\n"; }
};

size_t count_articles(const NightJobOfTest& job) {
  return json_lines(job.archive().run({"list", "--json"}).out).size();
}

}  // namespace

TEST_CASE("a job takes what its feed lists, with its pictures", "[nightly]") {
  SteadySite site;
  NightJobOfTest job(site.job());
  const auto night = job.night();
  CHECK(night.at("code") == 0);
  CHECK(night.at("new_articles") == 3);
  CHECK(night.at("new").at(0).at("source") == site.url("/feed"));
  CHECK(night.at("troubles").empty());
  CHECK(count_articles(job) == 3);
  CHECK(site.times("/pictures/2.png") == 1);
  CHECK(job.archive().run({"verify"}).code == 0);
  const auto listed = json_lines(job.archive().run({"list", "--json"}).out);
  CHECK(listed.at(0).at("missing") == 0);

  SECTION("and leaves no frontier, but says why") {
    const auto archive = *Archive::open_for_reading(job.archive().path());
    size_t rows = 0;
    REQUIRE(archive->database().scan(Table::kRun, "f ", [&](auto, auto) { return ++rows > 0; }));
    CHECK(rows == 0);
    for (const char* path : {"/2", "/pictures/2.png"}) {
      const auto why = job.archive().run({"why", site.url(path)});
      CHECK(why.out.find("1 answer kept") != std::string::npos);
    }
  }
  SECTION("and leaves a report") {
    size_t pages = 0;
    for (const auto& file : fs::directory_iterator(job.archive().path() + "/reports")) {
      pages += file.path().extension() == ".html";
    }
    CHECK(pages == 1);
  }
  SECTION("whose end --status tells") {
    const auto status = job.archive().run({"nightly", "--status", "--json"});
    REQUIRE(json_lines(status.out).size() == 1);
    CHECK(json_lines(status.out)[0].at("job") == "papers");
    CHECK(json_lines(status.out)[0].at("outcome") == "done");
  }
  SECTION("and the next night asks whether things changed, and stores no body") {
    const auto before = job.archive().stats();
    const auto second = job.night();
    CHECK(second.at("code") == 0);
    CHECK(second.at("new_articles") == 0);
    CHECK(second.at("new_blobs") == 0);
    CHECK(second.at("pages_asked") == 3);
    CHECK(second.at("pages_unchanged") == 3);
    CHECK(second.at("confirmed") == 4);
    CHECK(site.last("/1").field("If-None-Match") == "\"a1\"");
    CHECK(site.last("/feed").field("If-None-Match") == "\"f\"");
    CHECK(site.times("/pictures/1.png") == 1);
    CHECK(job.archive().stats().at("blobs") == before.at("blobs"));
    CHECK(job.archive().stats().at("articles") == 3);
    CHECK(job.archive().run({"verify"}).code == 0);
  }
}

TEST_CASE("pages are left alone until they are due", "[nightly]") {
  SteadySite site;
  NightJobOfTest job("");
  job.write(site.job());
  fs::path file = job.file();
  // As it is by itself: a page that was just seen is not due before the next night.
  job.archive().folder().write("jobs/papers.job", site.job());
  CHECK(job.night().at("new_articles") == 3);
  site.server().on("/feed", with_etag(site.feed({{"/4", "d", "Four", ""}, kThree[0], kThree[1]}),
                                      "\"g\"", "application/rss+xml"));
  const auto second = job.night();
  CHECK(second.at("new_articles") == 1);
  CHECK(second.at("pages_asked") == 1);
  CHECK(site.times("/1") == 1);
  CHECK(site.times("/4") == 1);

  SECTION("or their feed says that they changed") {
    site.server().on("/feed", with_etag(site.feed({{"/1", "a", "One, corrected", ""}, kThree[1]}),
                                        "\"h\"", "application/rss+xml"));
    CHECK(job.night().at("pages_asked") == 1);
    CHECK(site.times("/1") == 2);
    CHECK(site.times("/2") == 1);
  }
}

TEST_CASE("what changed is told, and both versions stay", "[nightly]") {
  NightSite site;
  site.server().on("/1", {with_etag(site.article(1, " It cost a million."), "\"1\""),
                          with_etag(site.article(1, " It cost two million."), "\"2\"")});
  site.server().on("/pictures/1.png", {png(80), png(90)});
  NightJobOfTest job("url = " + site.url("/1") + "\nderive\n");
  CHECK(job.night().at("new_articles") == 1);
  const auto night = job.night();
  REQUIRE(night.at("changed").size() == 1);
  const auto& changed = night.at("changed").at(0);
  CHECK(changed.at("text_changed") == true);
  CHECK(changed.at("title_changed") == false);
  CHECK(changed.at("images_replaced").at(0) == site.url("/pictures/1.png"));
  const auto shown =
      json_lines(job.archive().run({"show", changed.at("id").get<std::string>(), "--json"}).out);
  CHECK(shown.at(0).at("snapshots").size() == 2);

  std::string page;
  for (const auto& file : fs::directory_iterator(job.archive().path() + "/reports")) {
    const std::string name = file.path().filename().string();
    if (name.ends_with(".html")) page = std::max(page, name);
  }
  std::ifstream in(job.archive().path() + "/reports/" + page);
  const std::string html{std::istreambuf_iterator<char>(in), {}};
  CHECK(html.find("<del>a </del>") != std::string::npos);
  CHECK(html.find("<ins>two </ins>") != std::string::npos);
  // Before and after, side by side.
  const size_t before = html.find("<div class=\"gone\"><img alt=\"\" src=\"data:image/");
  const size_t after = html.find("<div class=\"new\"><img alt=\"\" src=\"data:image/");
  REQUIRE(before != std::string::npos);
  CHECK((after != std::string::npos && after > before));
}

TEST_CASE("pages whose pictures are due are asked for with all that they show", "[nightly]") {
  NightSite site;
  site.add_article(1);
  NightJobOfTest job("url = " + site.url("/1") + "\nfile-age = 0s\n");
  CHECK(job.night().at("new_articles") == 1);
  const auto second = job.night();
  CHECK(second.at("confirmed") == 2);
  CHECK(second.at("changed").empty());
  CHECK(site.last("/pictures/1.png").field("If-None-Match") == "\"p1\"");
  const std::string id = job.archive().only_article().at("id");
  const auto versions = [&] {
    const auto shown = json_lines(job.archive().run({"show", id, "--json"}).out);
    return shown.at(0).at("snapshots").size();
  };
  CHECK(versions() == 1);

  SECTION("a picture that changed makes a new version, once") {
    site.server().on("/pictures/1.png",
                     {with_etag(make_png(90, 50), "\"q1\"", "image/png"), not_modified("\"q1\"")});
    const auto third = job.night();
    REQUIRE(third.at("changed").size() == 1);
    CHECK(third.at("changed").at(0).at("images_replaced").at(0) == site.url("/pictures/1.png"));
    CHECK(versions() == 2);
    CHECK(job.night().at("changed").empty());
    CHECK(versions() == 2);
    CHECK(site.times("/pictures/1.png") == 4);
  }
  SECTION("a picture that is gone is missing, and found again") {
    site.server().on("/pictures/1.png",
                     {status(404), with_etag(make_png(61, 50), "\"p1\"", "image/png")});
    CHECK(job.night().at("files_missing") == 1);
    CHECK(job.archive().only_article().at("missing") == 1);
    CHECK(job.night().at("files_found") == 1);
    CHECK(job.archive().only_article().at("missing") == 0);
    CHECK(job.night().at("files_missing") == 0);
  }
  SECTION("an article that was let go comes again") {
    REQUIRE(job.archive().run({"forget", id, "--all-versions"}).code == 0);
    site.add_article(1);  // its captures went, too: it is asked for as a whole
    CHECK(job.night().at("new_articles") == 1);
  }
  CHECK(job.archive().run({"verify"}).code == 0);
}

TEST_CASE("missing pictures are looked for until they are found", "[nightly]") {
  NightSite site;
  site.add_article(1);
  const std::string picture = "/pictures/1.png";
  NightJobOfTest job("url = " + site.url("/1") + "\nmissing-tries = 3\n");
  SECTION("found") {
    site.server().on(picture, {status(404), status(404), png(70)});
    const auto first = job.night();
    CHECK(first.at("code") == 3);
    CHECK(first.at("files_missing") == 1);
    CHECK(job.night().at("files_missing") == 1);
    const auto third = job.night();
    CHECK(third.at("files_found") == 1);
    CHECK(third.at("files_missing") == 0);
    CHECK(third.at("code") == 0);
    CHECK(job.archive().only_article().at("missing") == 0);
    job.night();
    CHECK(site.times(picture) == 3);
  }
  SECTION("given up, with the reason") {
    site.server().on(picture, status(404));
    job.night();
    job.night();
    const auto third = job.night();
    CHECK(third.at("files_given_up") == 1);
    REQUIRE(third.at("missing").size() == 1);
    CHECK(third.at("missing").at(0).at("given_up") == true);
    CHECK(third.at("missing").at(0).at("reason") == "404 Not Found");
    CHECK_FALSE(third.at("troubles").empty());
    const auto why = job.archive().run({"why", site.url(picture)});
    CHECK(why.out.find("the nightly job papers has given it up (3 tries in vain: 404 Not Found)") !=
          std::string::npos);
    const auto fourth = job.night();
    CHECK(site.times(picture) == 3);
    CHECK(fourth.at("code") == 0);
    CHECK(fourth.at("troubles").empty());
  }
}

TEST_CASE("sitemaps, lists and OPML lead to pages", "[nightly]") {
  NightSite site;
  for (int i = 1; i <= 3; ++i) site.add_article(i);
  SECTION("a sitemap by its lastmod") {
    const auto sitemap = [&](const std::string& date) {
      return text("<?xml version='1.0'?><urlset><url><loc>" + site.url("/1") + "</loc><lastmod>" +
                      date + "</lastmod></url><url><loc>" + site.url("/2") +
                      "</loc><lastmod>2026-01-01</lastmod></url></urlset>",
                  "application/xml");
    };
    site.server().on("/map.xml", {sitemap("2026-01-01"), sitemap("2026-02-02")});
    NightJobOfTest job("");
    job.archive().folder().write("jobs/papers.job", "sitemap = " + site.url("/map.xml"));
    CHECK(job.night().at("new_articles") == 2);
    CHECK(job.night().at("pages_asked") == 1);
    CHECK(site.times("/1") == 2);
    CHECK(site.times("/2") == 1);
  }
  SECTION("an index of sitemaps") {
    site.server().on("/index.xml",
                     text("<?xml version='1.0'?><sitemapindex><sitemap><loc>" +
                              site.url("/map.xml") + "</loc></sitemap></sitemapindex>",
                          "application/xml"));
    site.server().on("/map.xml", text("<?xml version='1.0'?><urlset><url><loc>" + site.url("/1") +
                                          "</loc></url></urlset>",
                                      "application/xml"));
    NightJobOfTest job("sitemap = " + site.url("/index.xml"));
    CHECK(job.night().at("new_articles") == 1);
    CHECK(job.night().at("pages_unchanged") == 1);
    CHECK(site.times("/map.xml") == 2);
  }
  SECTION("a list by its links") {
    site.server().on("/list", {text("<p>" + words(9) + "<a href=/1>1</a> <a href=/about>x</a>"),
                               text("<p>" + words(9) + "<a href=/1>1</a> <a href=/2>2</a>")});
    NightJobOfTest job("");
    job.archive().folder().write("jobs/papers.job",
                                 "list = " + site.url("/list") + "\nexclude = /about\n");
    CHECK(job.night().at("new_articles") == 1);
    CHECK(job.night().at("new_articles") == 1);
    CHECK(site.times("/1") == 1);
    CHECK(site.times("/about") == 0);
    CHECK(count_articles(job) == 2);  // the list is none
  }
  SECTION("OPML, from the web and from a file") {
    site.server().on("/feed", {text(site.feed({{"/1", "a", "One", ""}}), "application/rss+xml"),
                               text(site.feed({{"/2", "b", "Two", ""}}), "application/rss+xml")});
    const std::string opml =
        "<opml version='2.0'><body><outline text='x'><outline type='rss' "
        "xmlUrl='" +
        site.url("/feed") + "'/></outline></body></opml>";
    site.server().on("/subscriptions.opml", text(opml, "text/x-opml"));
    NightJobOfTest remote("opml = " + site.url("/subscriptions.opml"));
    CHECK(remote.night().at("new_articles") == 1);
    NightJobOfTest local("opml = mine.opml");
    local.archive().folder().write("jobs/mine.opml", opml);
    CHECK(local.night().at("new_articles") == 1);
  }
  SECTION("links of pages, where --scope says so") {
    site.server().on(
        "/", text("<title>Front</title><p>" + words(7) + "<a href=/1>1</a><a href=/2>2</a>"));
    NightJobOfTest job("scope = host\nurl = " + site.url("/"));
    CHECK(job.night().at("new_articles") == 3);
    const auto second = job.night();
    CHECK(second.at("pages_asked") == 3);
    CHECK(second.at("pages_unchanged") == 3);
    CHECK(second.at("new_blobs") == 0);
  }
}

TEST_CASE("feeds that are none, or that lie, do no harm", "[nightly]") {
  SteadySite site;
  NightJobOfTest job(site.job() + "url = " + site.url("/4"));
  struct Row {
    const char* name;
    std::string body, type;
    std::string reason;  // of its silence; empty: it is read
  };
  const Row rows[] = {
      {"HTML", "<!doctype html><title>Moved</title><p>" + words(5), "text/html", "no feed"},
      {"nothing at all", "", "application/rss+xml", "no feed"},
      {"text", "Internal error", "text/plain", "no feed"},
      {"no entries", "<rss version='2.0'><channel/></rss>", "application/rss+xml", ""},
      {"cut in the middle", site.feed(kThree).substr(0, 150), "application/rss+xml", ""},
      {"a wrong charset",
       "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><item>"
       "<title>\xC4\xE3\xBA\xC3</title><link>" +
           site.url("/1") + "</link></item></channel></rss>",
       "application/rss+xml; charset=gbk", ""},
      {"a link into a file",
       "<rss version='2.0'><channel><item><link>file:///etc/passwd</link>"
       "</item><item><link>javascript:alert(1)</link></item></channel></rss>",
       "application/rss+xml", ""},
      {"an entity bomb",
       "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]>"
       "<rss version='2.0'><channel><item><title>&b;</title><link>" +
           site.url("/1") + "</link></item></channel></rss>",
       "application/rss+xml", ""},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      site.server().on("/feed", text(row.body, row.type));
      const auto night = job.night();
      CHECK(night.at("new_articles").get<int>() >= 1);  // /4 does not suffer
      const auto& source = night.at("sources").at(0);
      CHECK(source.at("silent_nights") == (row.reason.empty() ? 0 : 1));
      CHECK(source.value("reason", "").find(row.reason) != std::string::npos);
      CHECK(night.at("code") == (row.reason.empty() ? 0 : 3));
      CHECK(job.archive().run({"verify"}).code == 0);
    }
  }
  SECTION("a huge one") {
    std::vector<NightEntry> many;
    for (int i = 0; i < 60'000; ++i) many.push_back({"/1", "id" + std::to_string(i), "One", ""});
    site.server().on("/feed", text(site.feed(many), "application/rss+xml"));
    CHECK(job.night().at("new_articles") == 2);
    CHECK(site.times("/1") == 1);
  }
}

TEST_CASE("ids and dates of feeds are believed as far as they make sense", "[nightly]") {
  SteadySite site;
  NightJobOfTest job("");
  job.archive().folder().write("jobs/papers.job", site.job());
  const auto serve = [&](const std::vector<NightEntry>& entries) {
    site.server().on("/feed", text(site.feed(entries), "application/rss+xml"));
  };
  SECTION("one id for all") {
    serve({{"/1", "x", "One", ""}, {"/2", "x", "Two", ""}, {"/3", "x", "Three", ""}});
    CHECK(job.night().at("new_articles") == 3);
  }
  SECTION("another id every night") {
    serve(kThree);
    job.night();
    serve({{"/1", "k", "One", ""}, {"/2", "l", "Two", ""}, {"/3", "m", "Three", ""}});
    CHECK(job.night().at("pages_asked") == 0);
    CHECK(site.times("/1") == 1);
  }
  SECTION("the same id and title under another address is the same article") {
    serve(kThree);
    job.night();
    serve({{"/4", "a", "One", ""}, kThree[1]});
    CHECK(job.night().at("new_articles") == 0);
    CHECK(site.times("/4") == 0);
  }
  SECTION("the same id for another article") {
    serve({{"/1", "first", "One", ""}});
    job.night();
    serve({{"/2", "first", "Two", ""}});
    CHECK(job.night().at("new_articles") == 1);
  }
  SECTION("dates in the future, and today's date for everything every night") {
    const auto dated = [&](const char* date) {
      std::vector<NightEntry> entries;
      for (int i = 1; i <= 4; ++i) {
        const std::string name = std::to_string(i);
        entries.push_back({"/" + name, name, "Title " + name, date});
      }
      return entries;
    };
    serve(dated("Fri, 01 Jan 2100 00:00:00 GMT"));
    CHECK(job.night().at("new_articles") == 4);
    serve(dated("Sat, 02 Jan 2100 00:00:00 GMT"));
    CHECK(job.night().at("pages_asked") == 0);
  }
}

TEST_CASE("validators that lie are found out", "[nightly]") {
  NightSite site;
  site.add_article(1);
  SECTION("another body under the same ETag is a change") {
    site.server().on("/1", {with_etag(site.article(1), "\"x\""),
                            with_etag(site.article(1, " And more."), "\"x\"")});
    NightJobOfTest job("url = " + site.url("/1"));
    job.night();
    CHECK(job.night().at("changed_articles") == 1);
  }
  SECTION("not modified, again and again") {
    site.server().on("/1", {with_etag(site.article(1), "\"x\""), not_modified("\"x\""),
                            with_etag(site.article(1, " And more."), "\"x\"")});
    NightJobOfTest job("whole-every = 1\nurl = " + site.url("/1"));
    job.night();
    CHECK(job.night().at("confirmed") == 1);
    const auto third = job.night();
    CHECK_FALSE(site.last("/1").field("If-None-Match"));
    CHECK(third.at("changed_articles") == 1);
    REQUIRE(third.at("warnings").size() == 1);
    job.night();
    CHECK_FALSE(site.last("/1").field("If-None-Match"));
  }
  SECTION("not modified, though nobody asked for that") {
    site.server().on("/1", not_modified("\"x\""));
    NightJobOfTest job("url = " + site.url("/1"));
    CHECK(job.night().at("new_articles") == 0);
    CHECK(job.archive().run({"verify"}).code == 0);
  }
}

TEST_CASE("sources that moved or are gone need a person", "[nightly]") {
  SteadySite site;
  SECTION("301: followed, and told") {
    site.server().on("/old", redirect(site.url("/feed"), 301));
    NightJobOfTest job("feed = " + site.url("/old"));
    const auto night = job.night();
    CHECK(night.at("new_articles") == 3);
    CHECK(night.at("sources").at(0).at("moved_to") == site.url("/feed"));
    CHECK(night.at("troubles").size() == 1);
  }
  SECTION("302 is no trouble") {
    site.server().on("/old", redirect(site.url("/feed"), 302));
    NightJobOfTest job("feed = " + site.url("/old"));
    CHECK(job.night().at("troubles").empty());
  }
  SECTION("410") {
    site.server().on("/old", status(410));
    NightJobOfTest job(site.job() + "feed = " + site.url("/old"));
    const auto night = job.night();
    CHECK(night.at("code") == 3);
    REQUIRE(night.at("troubles").size() == 1);
    CHECK(night.at("troubles").at(0).get<std::string>().find("410") != std::string::npos);
  }
  SECTION("an article that is gone is given up at once") {
    site.server().on("/1", status(410));
    NightJobOfTest job("url = " + site.url("/1") + "\nurl = " + site.url("/2"));
    const auto night = job.night();
    REQUIRE(night.at("failures").size() == 1);
    CHECK(night.at("failures").at(0).at("given_up") == true);
    CHECK(job.night().at("failures").empty());
    CHECK(site.times("/1") == 1);
  }
}

TEST_CASE("a host that is down costs the others nothing", "[nightly]") {
  SteadySite site;
  uint16_t closed = 0;
  { closed = TestServer().port(); }
  const std::string dead = "http://127.0.0.1:" + std::to_string(closed);
  NightJobOfTest job("robots = ignore\nfeed = " + dead + "/feed\nurl = " + dead + "/a\n" +
                     site.job());
  const auto night = job.night();
  CHECK(night.at("new_articles") == 3);
  CHECK(night.at("code") == 3);
  CHECK(night.at("failures").size() == 1);
  CHECK(night.at("troubles").empty());
  job.night();
  CHECK_FALSE(job.night().at("troubles").empty());  // three nights without an answer
}

TEST_CASE("limits end a night, and the next one goes on", "[nightly]") {
  SteadySite site;
  NightJobOfTest job("per-host = 1\nparallel = 1\n" + site.job());
  const auto first = job.night({"--max-pages", "2"});
  CHECK(first.at("outcome") == "limit");
  CHECK(first.at("code") == 3);
  CHECK(first.at("new_articles").get<int>() < 3);
  const auto second = job.night();
  CHECK(second.at("outcome") == "done");
  CHECK(count_articles(job) == 3);

  SECTION("--host-bytes") {
    SteadySite fresh;
    NightJobOfTest other(fresh.job() + "host-bytes = 1");
    const auto night = other.night();
    CHECK(night.at("new_articles") == 0);
    CHECK(other.night({"--host-bytes", "1G"}).at("new_articles") == 3);
  }
  SECTION("--min-free") {
    const Ended full = job.run({"--min-free", "900000000G"});
    CHECK(full.code == 1);
    CHECK(full.err.find("--min-free") != std::string::npos);
  }
}

TEST_CASE("two nights at once are refused politely", "[nightly]") {
  SteadySite site;
  NightJobOfTest job(site.job());
  job.night();
  const int lock = ::open((job.archive().path() + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(lock, LOCK_EX | LOCK_NB) == 0);
  CHECK(job.run().code == 75);
  ::close(lock);
  CHECK(job.run().code == 0);
}

TEST_CASE("a night that is killed is gone on with", "[nightly]") {
  NightSite site;
  std::vector<NightEntry> entries;
  for (int i = 1; i <= 12; ++i) {
    const std::string name = std::to_string(i);
    Script slow;
    slow.pause(std::chrono::milliseconds(20));
    const Script answer = with_etag(site.article(i), "\"a" + name + "\"");
    slow.steps.insert(slow.steps.end(), answer.steps.begin(), answer.steps.end());
    site.server().on("/" + name, slow);
    site.server().on("/pictures/" + name + ".png", png(static_cast<uint32_t>(60 + i)));
    entries.push_back({"/" + name, name, "Title " + name, ""});
  }
  site.server().on("/feed", with_etag(site.feed(entries), "\"f\"", "application/rss+xml"));
  NightJobOfTest job("");
  job.archive().folder().write("jobs/papers.job", "per-host = 1\nfeed = " + site.url("/feed"));
  {
    ChildProcess night({HALFTONE_PROGRAM, "nightly", job.file(), "--archive", job.archive().path()},
                       job.archive().folder().file("log"));
    while (site.server().requests().size() < 8) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ::kill(night.pid(), SIGKILL);
    night.wait();
  }
  const auto night = job.night();
  CHECK(night.at("outcome") == "done");
  CHECK(count_articles(job) == 12);
  CHECK(job.archive().run({"verify"}).code == 0);
}

TEST_CASE("afterwards: retention, thumbnails, export, checks, backup", "[nightly]") {
  NightSite site;
  std::vector<Script> versions;
  for (int i = 0; i < 4; ++i) versions.push_back(text(site.article(1, std::to_string(i))));
  site.server().on("/1", versions);
  site.server().on("/pictures/1.png", png(80));
  site.add_article(2);
  NightJobOfTest job("url = " + site.url("/1") + "\nurl = " + site.url("/2") +
                     "\nkeep-last = 2\nderive\nexport = copy\nverify-nights = 2\nbackup = backup\n"
                     "backup-keep = 2\n");
  const auto first = job.night();
  CHECK(first.at("code") == 0);
  REQUIRE(first.at("steps").size() == 5);
  for (const auto& step : first.at("steps")) CHECK(step.at("code") == 0);
  const fs::path copy = job.archive().folder().file("jobs/copy");
  const auto listed = json_lines(job.archive().run({"list", "--json"}).out);
  CHECK(fs::exists(copy / listed.at(0).at("id").get<std::string>() / "index.html"));
  CHECK(job.archive().stats().at("derivatives") > 0);

  // Files that are as before are not touched.
  std::map<std::string, fs::file_time_type> times;
  for (const auto& file : fs::recursive_directory_iterator(copy)) {
    if (file.is_regular_file()) times[file.path()] = file.last_write_time();
  }
  job.night();
  size_t touched = 0, same = 0;
  for (const auto& [path, time] : times) ++(fs::last_write_time(path) == time ? same : touched);
  CHECK(touched > 0);
  CHECK(same > touched);

  job.night();
  const auto fourth = job.night();
  CHECK(fourth.at("code") == 0);
  size_t versions_kept = 0;
  for (const auto& article : listed) {
    const auto shown =
        json_lines(job.archive().run({"show", article.at("id").get<std::string>(), "--json"}).out);
    versions_kept = std::max(versions_kept, shown.at(0).at("snapshots").size());
  }
  CHECK(versions_kept == 2);
  size_t generations = 0;
  for (const auto& entry : fs::directory_iterator(job.archive().folder().file("jobs/backup"))) {
    generations += entry.is_directory() && entry.path().filename().string()[0] == '2';
  }
  CHECK(generations == 2);
  CHECK(job.archive().run({"verify"}).code == 0);
}

TEST_CASE("nights are told of when something needs a person", "[nightly]") {
  SteadySite site;
  site.server().on("/hook", status(204));
  site.server().on("/gone", status(410));
  const std::string hook = "webhook = " + site.url("/hook") + "\n";
  SECTION("not otherwise") {
    NightJobOfTest job(site.job() + hook);
    CHECK(job.night().at("code") == 0);
    CHECK(site.times("/hook") == 0);
  }
  SECTION("trouble") {
    NightJobOfTest job(site.job() + hook + "feed = " + site.url("/gone"));
    job.night();
    REQUIRE(site.times("/hook") == 1);
    CHECK(site.last("/hook").method == "POST");
    CHECK(site.last("/hook").field("Content-Type") == "application/json");
  }
  SECTION("always, and with figures") {
    NightJobOfTest job(site.job() + hook + "notify = always\nmetrics = halftone.prom");
    job.night();
    CHECK(site.times("/hook") == 1);
    const std::string figures = job.archive().folder().read("jobs/halftone.prom");
    CHECK(figures.find("halftone_nightly_articles_new{job=\"papers\"} 3\n") != std::string::npos);
  }
  SECTION("by mail") {
    SmtpServer mail;
    NightJobOfTest job(
        site.job() + "feed = " + site.url("/gone") + "\nmail-server = " + mail.url() +
        "\nmail-to = a@example.org\nmail-to = b@example.org\nmail-from = c@example.org\n");
    CHECK(job.night().at("code") == 3);
    const auto mails = mail.mails();
    REQUIRE(mails.size() == 1);
    CHECK(mails[0].from.starts_with("<c@example.org>"));
    CHECK(mails[0].to == std::vector<std::string>{"<a@example.org>", "<b@example.org>"});
    CHECK(mails[0].message.find("To: <a@example.org>, <b@example.org>\r\n") != std::string::npos);
    CHECK(mails[0].message.find("Subject: =?utf-8?B?") != std::string::npos);
  }
  SECTION("a webhook that fails is a failure") {
    NightJobOfTest job(site.job() + "notify = always\nwebhook = " + site.url("/nowhere"));
    CHECK(job.run().code == 1);
  }
}

TEST_CASE("every mistake of a job file is told", "[nightly]") {
  ArchiveOfTest archive;
  const auto check = [&](const std::string& lines) {
    return archive.run({"nightly", "--check", archive.folder().write("jobs/a.job", lines)});
  };
  CHECK(check("# fine\nfeed = https://example.org/feed\nkeep-last = 3\nderive\nno-sitemaps = yes\n")
            .code == 0);
  const Ended ended = check(
      "fed = https://example.org/feed\n"
      "max-time = soon\n"
      "url = example.org\n"
      "scope = planet\n"
      "\n"
      "delay = 1\n"
      "delay = 2\n"
      "check = yes\n"
      "mail-to = a@example.org\n"
      "derive = perhaps\n"
      "include = /a b/\n"
      "keep-within = ever\n"
      "= https://example.org/feed\n");
  CHECK(ended.code == 2);
  for (const char* told :
       {"a.job:1: fed: there is no such key; did you mean feed?", "a.job:2: max-time: soon",
        "a.job:3: url: example.org: no http or https URL", "a.job:4: scope: planet",
        "a.job:7: delay: it was given on line 6 already", "a.job:8: check: this belongs",
        "a.job:9: mail-to: mail needs a mail-server", "a.job:10: derive: perhaps",
        "a.job:11: include", "a.job:12: keep-within", "a.job:13: a key is missing"}) {
    CAPTURE(told, ended.err);
    CHECK(ended.err.find(told) != std::string::npos);
  }
  SECTION("and nothing is done") {
    CHECK(archive.run({"nightly", archive.folder().file("jobs/a.job")}).code == 2);
    CHECK_FALSE(fs::exists(archive.path()));
  }
  SECTION("a job without sources, a folder without jobs, a file that is not there") {
    CHECK(check("derive\n").err.find("names no source") != std::string::npos);
    fs::create_directories(archive.folder().file("empty"));
    CHECK(archive.run({"nightly", "--check", archive.folder().file("empty")}).code == 2);
    CHECK(archive.run({"nightly", "--check", archive.folder().file("nowhere.job")}).code == 2);
  }
}

TEST_CASE("a folder of jobs is a plan", "[nightly]") {
  SteadySite site;
  ArchiveOfTest archive;
  archive.folder().write("jobs/a.job", "retry-delay = 0.01\n" + site.job());
  archive.folder().write("jobs/b.job", "retry-delay = 0.01\nurl = " + site.url("/4"));
  archive.folder().write("jobs/c.txt", "nonsense");
  const Ended ended = archive.run({"nightly", archive.folder().file("jobs"), "--json"});
  CHECK(ended.code == 0);
  const auto report = json_lines(ended.out).at(0);
  REQUIRE(report.at("jobs").size() == 2);
  CHECK(report.at("jobs").at(0).at("new_articles") == 3);
  CHECK(report.at("jobs").at(1).at("new_articles") == 1);
  CHECK(json_lines(archive.run({"nightly", "--status", "--json"}).out).size() == 2);
}
