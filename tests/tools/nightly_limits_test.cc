// Nights that end early, and what they leave for the next one.
#include <cmath>
#include <functional>

#include "crawler/night_rows.h"
#include "store/archive.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/tools/mirror_site.h"
#include "tests/tools/night_site.h"
#include "tools/nightly_report.h"

using namespace halftone;

namespace {

constexpr int kArticles = 10;

// Articles that take a moment each, asked for one after the other.
class SlowSite : public NightSite {
 public:
  explicit SlowSite(std::chrono::milliseconds moment) {
    for (int i = 1; i <= kArticles; ++i) {
      const std::string name = "/" + std::to_string(i);
      Script slow;
      slow.pause(moment);
      const Script answer = text(article(i));
      slow.steps.insert(slow.steps.end(), answer.steps.begin(), answer.steps.end());
      server().on(name, slow);
      server().on("/pictures" + name + ".png", png(static_cast<uint32_t>(60 + i)));
    }
  }
  std::string job() const {
    std::string lines = "per-host = 1\n";
    for (int i = 1; i <= kArticles; ++i) lines += "url = " + url("/" + std::to_string(i)) + "\n";
    return lines;
  }
};

size_t count_articles(const NightJobOfTest& job) {
  return json_lines(job.archive().run({"list", "--json"}).out).size();
}

// Changes what the job remembers of its nights.
void remember(const NightJobOfTest& job, const std::function<void(NightJob&)>& change) {
  const auto archive = Archive::open_for_writing(job.archive().path());
  const NightRows rows((*archive)->database(), "papers");
  NightJob known = rows.job().value();
  change(known);
  REQUIRE(rows.keep(known));
}

}  // namespace

TEST_CASE("--max-time ends a night, and the next one goes on", "[nightly]") {
  SlowSite site(std::chrono::milliseconds(400));
  NightJobOfTest job("");
  job.archive().folder().write("jobs/papers.job", "retry-delay = 0.01\n" + site.job());
  const auto first = job.night({"--max-time", "1s"});
  CHECK(first.at("outcome") == "limit");
  CHECK(first.at("limit").get<std::string>().find("--max-time 1") == 0);
  CHECK(first.at("code") == 3);
  CHECK(first.at("owed").get<int>() > 0);
  CHECK(first.at("troubles").empty());
  const auto second = job.night();
  CHECK(second.at("outcome") == "done");
  CHECK(count_articles(job) == kArticles);
}

TEST_CASE("--max-bytes ends a night, and the next one goes on", "[nightly]") {
  SlowSite site(std::chrono::milliseconds(200));
  NightJobOfTest job(site.job() + "max-bytes = 1000\n");
  const auto first = job.night();
  CHECK(first.at("outcome") == "limit");
  CHECK(first.at("limit") == "--max-bytes 1000");
  CHECK(first.at("new_articles").get<int>() < kArticles);
  CHECK(job.night({"--max-bytes", "1G"}).at("outcome") == "done");
  CHECK(count_articles(job) == kArticles);
}

TEST_CASE("--host-time leaves a slow host's rest for the next night", "[nightly]") {
  SlowSite slow(std::chrono::milliseconds(400));
  SlowSite quick(std::chrono::milliseconds(0));
  NightJobOfTest job("host-time = 1s\n" + slow.job() + quick.job().substr(13));
  const auto first = job.night();
  CHECK(first.at("outcome") == "done");
  for (int i = 1; i <= kArticles; ++i) CHECK(quick.times("/" + std::to_string(i)) == 1);
  size_t had = 0;
  for (int i = 1; i <= kArticles; ++i) had += slow.times("/" + std::to_string(i));
  CHECK(had < kArticles);
  CHECK(first.at("troubles").empty());
  const auto second = job.night({"--host-time", "0"});
  CHECK(second.at("outcome") == "done");
  CHECK(count_articles(job) == 2 * kArticles);
}

TEST_CASE("--min-free is looked at before a night begins, and told", "[nightly]") {
  SlowSite site(std::chrono::milliseconds(0));
  NightJobOfTest job(site.job() + "min-free = 900000000G\n");
  const auto night = job.night();
  CHECK(night.at("outcome") == "failed");
  CHECK(night.at("code") == 1);
  REQUIRE(night.at("troubles").size() == 1);
  CHECK(night.at("troubles").at(0).get<std::string>().find("--min-free") != std::string::npos);
  CHECK(site.server().requests().empty());
}

TEST_CASE("a log for machines has an object for each line", "[nightly]") {
  SlowSite site(std::chrono::milliseconds(0));
  NightJobOfTest job(site.job() + "feed = " + site.url("/nowhere"));
  const Ended ended = job.run({"--log-format", "json"});
  CHECK(ended.code == 3);
  CHECK(ended.out.empty());
  const auto lines = json_lines(ended.err);  // throws where one is none
  REQUIRE_FALSE(lines.empty());
  for (const auto& line : lines) {
    CHECK(line.contains("time"));
    CHECK(line.contains("level"));
    CHECK(line.at("message").is_string());
  }
  CHECK(lines.back().at("message").get<std::string>().starts_with("papers: 10 new articles"));
  CHECK(job.run({"--log-format", "xml"}).code == 2);
}

TEST_CASE("a report tells how the disk grows and how long it lasts", "[nightly]") {
  SlowSite site(std::chrono::milliseconds(0));
  NightJobOfTest job(site.job());
  const auto first = job.night();
  CHECK(first.at("disk_grown").get<int64_t>() > 0);
  CHECK(first.at("disk_free").get<uint64_t>() > 0);
  CHECK(first.at("days_left").is_null());  // nothing is known yet
  remember(job, [](NightJob& known) {
    known.marks = {{now() - std::chrono::hours(240), 1}};  // ten days, from nothing
  });
  const auto second = job.night();
  const double days = second.at("days_left").get<double>();
  const double expected =
      second.at("disk_free").get<double>() / (second.at("disk_bytes").get<double>() - 1) * 10;
  CHECK(std::abs(days - expected) < expected / 100);
}

TEST_CASE("a disk that is full soon needs a person", "[nightly]") {
  NightRun run;
  run.disk_free = 10'000'000;
  run.marks = {{now() - std::chrono::hours(48), 1'000'000}, {now(), 3'000'000}};
  CHECK(std::abs(days_left(run).value() - 10) < 0.1);
  REQUIRE(troubles_of(run).size() == 1);
  CHECK(troubles_of(run)[0] == "the disk will be full in 10 days");
  run.disk_free = 1'000'000'000;
  CHECK(troubles_of(run).empty());
  run.marks.back().disk_bytes = 900'000;  // it shrinks
  CHECK_FALSE(days_left(run));
}

TEST_CASE("after the clock was set back by a year nothing waits for a year", "[nightly]") {
  SlowSite site(std::chrono::milliseconds(0));
  NightJobOfTest job("");
  job.archive().folder().write("jobs/papers.job", "retry-delay = 0.01\n" + site.job());
  CHECK(job.night().at("pages_asked") == kArticles);
  CHECK(job.night().at("pages_asked") == 0);
  constexpr auto kYear = std::chrono::hours(24 * 365);
  {
    const auto archive = Archive::open_for_writing(job.archive().path());
    const NightRows rows((*archive)->database(), "papers");
    WriteBatch batch;
    REQUIRE(rows.each_visit([&](auto page, const NightVisit& before) {
      NightVisit visit = before;
      visit.checked += kYear;
      visit.files_checked += kYear;
      visit.past.first += kYear;
      visit.next = *visit.next + kYear;
      rows.put(batch, page, visit, before);
      return true;
    }));
    REQUIRE((*archive)->database().write(std::move(batch), true));
  }
  remember(job, [&](NightJob& known) { known.begun = *known.begun + kYear; });
  const auto night = job.night();
  CHECK(night.at("pages_asked") == kArticles);
  REQUIRE(night.at("warnings").size() == 1);
  CHECK(night.at("warnings").at(0).get<std::string>().starts_with("the clock was set back"));
  CHECK(job.night().at("warnings").empty());
}
