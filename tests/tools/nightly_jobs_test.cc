// Several jobs of a night: beside each other, on one host, on one archive, with hosts that are
// down.
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

#include "crawler/night_rows.h"
#include "store/archive.h"
#include "tests/support/catch.h"
#include "tests/support/nginx.h"
#include "tests/support/pictures.h"
#include "tests/tools/mirror_site.h"
#include "tests/tools/night_site.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

nlohmann::json report_of(const Ended& ended) {
  const auto lines = json_lines(ended.out);
  if (lines.size() != 1) throw std::runtime_error("no report: " + ended.err);
  return lines[0];
}

// The hosts that the job remembers as silent, and what it is made to remember.
std::set<std::string> silent_hosts(const NightJobOfTest& job) {
  const auto archive = Archive::open_for_reading(job.archive().path());
  return NightRows((*archive)->database(), "papers").job().value().silent_hosts;
}
void remember_silent(const NightJobOfTest& job, const std::string& host) {
  const auto archive = Archive::open_for_writing(job.archive().path());
  const NightRows rows((*archive)->database(), "papers");
  NightJob known = rows.job().value();
  known.silent_hosts = {host};
  REQUIRE(rows.keep(known));
}

std::string host_of(NightSite& site) { return "127.0.0.1:" + std::to_string(site.server().port()); }

}  // namespace

TEST_CASE("jobs beside each other keep to a host's limits together", "[nightly]") {
  if (!Nginx::is_installed()) {
    WARN("nginx is not installed: not tested");
    return;
  }
  constexpr int kPages = 12;
  // More than two requests at once are refused; bodies take a while.
  const Nginx site({.hosts = {"127.0.0.1"},
                    .config = "limit_conn all 2; limit_conn_status 418; sendfile on; "
                              "sendfile_max_chunk 4k; limit_rate 40k;",
                    .http = "limit_conn_zone $server_port zone=all:1m;",
                    .tls = false});
  ArchiveOfTest archives;
  for (const std::string job : {"a", "b"}) {
    std::string links;
    for (int i = 1; i <= kPages; ++i) {
      const std::string name = std::to_string(i);
      links += "<a href='" + name + ".html'>" + name + "</a> ";
      site.serve("/" + job + "/" + name + ".html", "<title>" + job + name + "</title><p>" +
                                                       words(i + (job == "a" ? 0 : 100)) +
                                                       std::string(8000, 'x'));
    }
    site.serve("/" + job + "/index.html", "<title>" + job + "</title><p>" + words(50) + links);
    archives.folder().write("jobs/" + job + ".job", "archive = ../" + job +
                                                        "\nscope = dir\nper-host = 2\nurl = " +
                                                        site.url("/" + job + "/index.html") + "\n");
  }
  const Ended ended =
      run_halftone({"nightly", archives.folder().file("jobs"), "--jobs", "2", "--json"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  const auto report = report_of(ended);
  for (const auto& job : report.at("jobs")) CHECK(job.at("new_articles") == kPages + 1);

  const auto log = site.log(2 * (kPages + 1));
  size_t refused = 0, first_b = log.size(), last_a = 0;
  for (size_t i = 0; i < log.size(); ++i) {
    refused += log[i].status == "418";
    if (log[i].target.starts_with("/b/")) first_b = std::min(first_b, i);
    if (log[i].target.starts_with("/a/")) last_a = i;
  }
  CHECK(refused == 0);
  CHECK(first_b < last_a);  // they did run beside each other
}

TEST_CASE("jobs on one archive go one after the other, however many may run", "[nightly]") {
  NightSite site;
  ArchiveOfTest archive;
  for (int i = 1; i <= 4; ++i) {
    site.add_article(i);
    const std::string name = std::to_string(i);
    archive.folder().write("jobs/" + name + ".job", "url = " + site.url("/" + name));
  }
  const Ended ended =
      archive.run({"nightly", archive.folder().file("jobs"), "--jobs", "3", "--json"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  const auto jobs = report_of(ended).at("jobs");
  REQUIRE(jobs.size() == 4);
  for (size_t i = 0; i < 4; ++i) {
    CHECK(jobs[i].at("job") == std::to_string(i + 1));
    CHECK(jobs[i].at("new_articles") == 1);
  }
  CHECK(archive.run({"verify"}).code == 0);
  CHECK(archive.run({"nightly", "--jobs", "0", archive.folder().file("jobs")}).code == 2);
}

TEST_CASE("limits of the command line are for all jobs together", "[nightly]") {
  NightSite site;
  ArchiveOfTest archive;
  for (int i = 1; i <= 2; ++i) {
    site.add_article(i);
    const std::string name = std::to_string(i);
    archive.folder().write("jobs/" + name + ".job",
                           "archive = ../" + name + "\nurl = " + site.url("/" + name));
  }
  const Ended ended =
      run_halftone({"nightly", archive.folder().file("jobs"), "--max-bytes", "100", "--json"});
  CHECK(ended.code == 3);
  const auto jobs = report_of(ended).at("jobs");
  CHECK(jobs.at(1).at("outcome") == "limit");
  CHECK(jobs.at(1).at("limit") == "--max-bytes 100 of all jobs");
  CHECK(site.times("/2") == 0);
  CHECK(run_halftone({"nightly", archive.folder().file("jobs")}).code == 0);
}

TEST_CASE("a host that is down costs no more than its own time", "[nightly]") {
  NightSite alive, dead;
  alive.add_article(1);
  dead.server().on("/robots.txt", Script().hang());
  const std::string lines =
      "retry = 0\nfeed = " + dead.url("/feed") + "\nurl = " + alive.url("/1") + "\n";
  SECTION("it is not waited for beyond that") {
    NightJobOfTest job("host-time = 1s\n" + lines);
    const auto night = job.night();
    CHECK(night.at("new_articles") == 1);
    CHECK(night.at("sources").at(0).at("silent_nights") == 1);
    CHECK(dead.times("/robots.txt") == 1);  // else again after a minute
    CHECK(silent_hosts(job) == std::set{host_of(dead)});
  }
  SECTION("the next night it is tried, but not waited for") {
    NightJobOfTest job("timeout = 1\n" + lines);
    remember_silent(job, host_of(dead));
    const auto night = job.night();
    CHECK(night.at("new_articles") == 1);
    CHECK(dead.times("/robots.txt") == 1);
    CHECK(silent_hosts(job) == std::set{host_of(dead)});
    dead.server().on("/robots.txt", status(404));
    dead.server().on("/feed", text(dead.feed({}), "application/rss+xml"));
    CHECK(job.night().at("sources").at(0).at("silent_nights") == 0);
    CHECK(silent_hosts(job).empty());
  }
  SECTION("other jobs of that night leave it alone") {
    NightJobOfTest job("host-time = 1s\n" + lines);
    job.archive().folder().write("jobs/second.job",
                                 "host-time = 1s\nfeed = " + dead.url("/other") + "\n");
    const Ended ended =
        job.archive().run({"nightly", job.archive().folder().file("jobs"), "--json"});
    const auto second = report_of(ended).at("jobs").at(1);
    CHECK(second.at("sources").at(0).at("reason") ==
          host_of(dead) + " has not answered the job papers tonight");
    CHECK(dead.server().requests().size() == 1);
  }
}

TEST_CASE("overlapping starts are refused, also while a night checks and backs up", "[nightly]") {
  NightSite site;
  // Enough for a check that takes a moment.
  std::string feed;
  for (int i = 1; i <= 3; ++i) {
    site.add_article(i);
    const std::string name = std::to_string(i);
    std::string noise(24u << 20, '\0');
    uint32_t state = static_cast<uint32_t>(i);
    for (char& byte : noise) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    site.server().on("/pictures/" + name + ".png", text(std::move(noise), "image/png"));
    feed += "url = " + site.url("/" + name) + "\n";
  }
  NightJobOfTest job(feed + "verify-nights = 1\nbackup = backup\n");
  const std::string lock_file = job.archive().path() + "/lock";
  ChildProcess night({HALFTONE_PROGRAM, "nightly", job.file(), "--archive", job.archive().path()},
                     job.archive().folder().file("log"));
  while (!fs::exists(lock_file) || site.server().requests().empty()) {
    REQUIRE(night.is_running());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(job.run().code == 75);
  const auto has_ended = [&] { return !fs::is_empty(job.archive().path() + "/reports"); };
  while (true) {
    const int lock = ::open(lock_file.c_str(), O_RDWR | O_CLOEXEC);
    const bool is_free = ::flock(lock, LOCK_EX | LOCK_NB) == 0;
    const bool is_over = has_ended();
    ::close(lock);
    if (is_free) CHECK(is_over);  // nobody gets in before the night is written down
    if (is_free || !night.is_running()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(night.wait() == 0);
  CHECK(job.run().code == 0);
}
