// A crawl that is stopped, politely or not, goes on where it was: HALFTONE_KILLS tells how often it
// is killed; 200 by hand.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "tests/support/catch.h"
#include "tests/tools/mirror_site.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

int kills_wanted() {
  const char* wanted = std::getenv("HALFTONE_KILLS");
  return wanted ? std::atoi(wanted) : 10;
}

std::vector<std::string> command(const ArchiveOfTest& archive, const MirrorSite& site,
                                 std::vector<std::string> more) {
  std::vector<std::string> all = {HALFTONE_PROGRAM, "--archive", archive.path()};
  for (std::string& word : mirror_words(site.url(), std::move(more))) all.push_back(word);
  return all;
}

size_t asked_without_robots(const MirrorSite& site) {
  size_t asked = 0;
  for (const auto& [target, times] : site.times_asked()) {
    asked += target == "/robots.txt" ? 0 : times;
  }
  return asked;
}

// Those killed behind their report among them; a report may be written twice.
size_t ended_crawls(const ArchiveOfTest& archive) {
  size_t reports = 0;
  for (const auto& file : fs::directory_iterator(archive.path() + "/reports")) {
    reports += file.path().extension() == ".html";
  }
  return reports;
}

}  // namespace

TEST_CASE("a crawl that was interrupted goes on and asks for nothing twice", "[mirror]") {
  MirrorSite site(std::chrono::milliseconds(15));
  ArchiveOfTest archive;
  const TemporaryDirectory logs;
  ChildProcess first(command(archive, site, {"--per-host", "2"}), logs.file("out"),
                     logs.file("err"));
  while (site.server().requests().size() < 12) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ::kill(first.pid(), SIGINT);
  CHECK(first.wait() == 130);
  CHECK(logs.read("err").find("the same command goes on") != std::string::npos);

  const Ended second = archive.run({"mirror", "--retry-delay", "0.01"});  // what is unfinished
  INFO(second.err);
  CHECK(second.code == 3);
  CHECK(second.err.find("going on") != std::string::npos);
  for (const auto& [target, times] : site.times_asked()) {
    CAPTURE(target);
    CHECK(times <= (target == "/robots.txt" ? 2U : 1U));
  }
  CHECK(json_lines(archive.run({"list", "--json"}).out).size() == MirrorSite::kPages + 1);
}

TEST_CASE("a crawl that is killed at any instant loses nothing", "[mirror][kill]") {
  const int kills = kills_wanted();
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  CAPTURE(seed, kills);
  constexpr size_t kAtOnce = 4;
  MirrorSite site(std::chrono::milliseconds(std::clamp(kills, 10, 60)));
  ArchiveOfTest archive;
  const TemporaryDirectory logs;
  int killed = 0;
  int runs = 0;
  int code = -1;
  size_t to_be_asked_again = 0;  // at most
  // A crawl that came to its end is begun anew: the kills fall into its last instants, too.
  while (killed < kills) {
    ChildProcess crawl(command(archive, site, {"--per-host", "4", "-q"}), logs.file("out"),
                       logs.file("err"));
    std::this_thread::sleep_for(std::chrono::milliseconds(30 + random() % 150));
    if (!crawl.is_running()) {
      code = crawl.wait();
      CHECK(code == 3);
      ++runs;
      continue;
    }
    ::kill(crawl.pid(), SIGKILL);
    crawl.wait();
    ++killed;
    // On the way, or answered and not yet written.
    to_be_asked_again += 4 * kAtOnce;
  }
  CHECK(archive.run(mirror_words(site.url(), {"--per-host", "4"})).code == 3);
  ++runs;
  WARN("killed " << killed << " times in " << runs << " crawls");
  CHECK(archive.run({"verify"}).code == 0);
  const Held after_kills = held_by(archive, site);

  MirrorSite untroubled;
  ArchiveOfTest whole;
  REQUIRE(whole.run(mirror_words(untroubled.url())).code == 3);
  const size_t needed = asked_without_robots(untroubled);
  CHECK(asked_without_robots(site) >= needed * static_cast<size_t>(runs));
  CHECK(asked_without_robots(site) <= needed * ended_crawls(archive) + to_be_asked_again);
  const Held whole_one = held_by(whole, untroubled);
  REQUIRE(whole_one.references.size() == MirrorSite::kPages + 1);
  REQUIRE(whole_one.references.at(MirrorSite::page_path(3)).find("archived") != std::string::npos);
  CHECK(after_kills == whole_one);
}
