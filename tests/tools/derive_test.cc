// halftone derive, as its users have it: the built program on archives that mirror and others made.
#include <csignal>
#include <pty.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "store/archive.h"
#include "tests/store/archive_of_test.h"
#include "tests/support/pictures.h"
#include "tests/tools/mirror_site.h"

using namespace halftone;

namespace {

nlohmann::json derived(const ArchiveOfTest& archive, std::vector<std::string> more = {}) {
  std::vector<std::string> words = {"derive", "--json"};
  words.insert(words.end(), more.begin(), more.end());
  const Ended run = archive.run(words);
  INFO(run.err);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 1);
  return lines[0];
}

// What a program writes to the terminal that it runs on.
std::string shown_on_terminal(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  REQUIRE(child > 0);
  std::string shown;
  char piece[4096];
  for (ssize_t got; (got = read(terminal, piece, sizeof piece)) > 0;) {
    shown.append(piece, static_cast<size_t>(got));
  }
  close(terminal);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  return shown;
}

// An archive of one article that shows these.
void make_archive(const ArchiveOfTest& archive, const std::vector<std::string>& bodies) {
  const auto opened = Archive::open_for_writing(archive.path());
  REQUIRE(opened);
  std::vector<Shown> shown;
  for (const std::string& body : bodies) {
    shown.push_back({fmt::format("https://a.example/{}.jpg", shown.size()), body, ""});
  }
  keep_article(**opened, "https://a.example/", 1000, "a page", shown);
}

}  // namespace

TEST_CASE("a mirrored archive gets its thumbnails", "[derive]") {
  MirrorSite site;
  ArchiveOfTest archive;
  REQUIRE(archive.run(mirror_words(site.url())).code == 3);
  CHECK(archive.stats()["derivatives"] == 0);

  const auto first = derived(archive);
  CHECK(first["pictures"] == 3 * MirrorSite::kPages + 1);  // and the paper
  CHECK(first["made"] > first["pictures"]);                // headers, too
  CHECK(first["known"] == 0);
  CHECK(first["failed"] == 0);
  CHECK(first["interrupted"] == false);
  CHECK(archive.stats()["derivatives"] == first["made"]);

  const Ended again = archive.run({"derive"});
  CHECK(again.code == 0);
  CHECK(again.out.empty());
  CHECK(again.err.find("73 pictures: 0 made, " + first["made"].dump() + " known, 0 failed") !=
        std::string::npos);
  CHECK(archive.run({"derive", "-q"}).err.empty());
  CHECK(archive.run({"verify"}).code == 0);

  SECTION("a picture has a placeholder") {
    const auto shown = archive.run({"show", site.url(MirrorSite::page_path(0)), "--json"});
    size_t pictures = 0;
    const auto article = json_lines(shown.out).at(0);
    for (const auto& reference : article["reference_list"]) {
      if (!reference.contains("derivatives")) continue;
      ++pictures;
      const auto placeholder = reference.at("placeholder").get<std::string>();
      CHECK(placeholder.size() >= 20);
      CHECK(placeholder.size() <= 36);
    }
    CHECK(pictures >= 3);
  }
  SECTION("one article, one recipe") {
    const auto more = derived(
        archive, {site.url(MirrorSite::page_path(1)), "--recipe", "thumb@2x", "--jobs", "1"});
    CHECK(more["pictures"] >= 3);
    CHECK(more["pictures"] <= 4);
    CHECK(more["made"] == more["pictures"]);
  }
  SECTION("all, again, of a site") {
    CHECK(derived(archive, {"--all", "--site", "127.0.0.1"})["made"] == first["made"]);
    CHECK(derived(archive, {"--all", "--site", "other.example"})["pictures"] == 0);
  }
}

TEST_CASE("what derive cannot make is told with its digest", "[derive]") {
  ArchiveOfTest archive;
  const std::string bomb = png_header_only(60'000, 60'000);
  const std::string cut = picture("orientation6.jpg").substr(0, 300);
  make_archive(archive, {bomb, cut, make_png(50, 40)});

  const Ended run = archive.run({"derive", "--json"});
  CHECK(run.code == 3);
  const auto summary = json_lines(run.out).at(0);
  CHECK(summary["made"] == 1);
  CHECK(summary["failed"] == 2);
  CHECK(summary["failures"].size() == 2);
  std::map<std::string, std::string> reasons;
  for (const auto& failure : summary["failures"]) reasons[failure["digest"]] = failure["reason"];
  CHECK(reasons[sha256(bomb).hex()].find("60000×60000") != std::string::npos);
  CHECK_FALSE(reasons[sha256(cut).hex()].empty());
  CHECK(run.err.find("failed: " + sha256(bomb).hex() + " as thumb@3: ") != std::string::npos);

  const Ended again = archive.run({"derive"});
  CHECK(again.code == 0);
  CHECK(again.err.find("0 failed; 2 failed before") != std::string::npos);
  CHECK(archive.run({"derive", "--all", "-q"}).code == 3);
}

TEST_CASE("a terminal shows how far derive is, and how long it will take", "[derive]") {
  ArchiveOfTest archive;
  const std::string photo = picture("orientation6.jpg");
  std::vector<std::string> bodies;
  for (int i = 0; i < 1000; ++i) bodies.push_back(photo + std::to_string(i));
  make_archive(archive, bodies);
  const std::string shown =
      shown_on_terminal({HALFTONE_PROGRAM, "--archive", archive.path(), "derive", "--jobs", "1"});
  CAPTURE(shown);
  CHECK(shown.find("/1000 pictures: ") != shown.npos);
  CHECK(shown.find(" made, 0 known, 0 failed; ") != shown.npos);
  CHECK(shown.find(" s left") != shown.npos);
  CHECK(shown.find("1000 pictures: 1000 made, 0 known, 0 failed") != shown.npos);
}

TEST_CASE("an interrupted derive goes on where it was", "[derive]") {
  ArchiveOfTest archive;
  const std::string photo = picture("orientation6.jpg");
  std::vector<std::string> bodies;
  for (int i = 0; i < 3000; ++i) bodies.push_back(photo + std::to_string(i));
  make_archive(archive, bodies);

  const TemporaryDirectory logs;
  ChildProcess first(
      {HALFTONE_PROGRAM, "--archive", archive.path(), "derive", "--jobs", "2", "--json"},
      logs.file("out"), logs.file("err"));
  std::this_thread::sleep_for(std::chrono::seconds(2));
  ::kill(first.pid(), SIGINT);
  CHECK(first.wait() == 130);
  CHECK(logs.read("err").find("the same command goes on") != std::string::npos);
  const auto summary = json_lines(logs.read("out")).at(0);
  CHECK(summary["interrupted"] == true);
  CHECK(summary["made"] > 0);
  CHECK(summary["made"] < 3000);
  CHECK(archive.stats()["derivatives"] == summary["made"]);

  const auto second = derived(archive);
  CHECK(second["known"] == summary["made"]);
  CHECK(second["made"].get<int>() + second["known"].get<int>() == 3000);
  CHECK(archive.stats()["derivatives"] == 3000);
}

TEST_CASE("derive says what it does not understand", "[derive]") {
  ArchiveOfTest archive;
  struct Row {
    std::vector<std::string> words;
    int code;
    const char* text;
  };
  const Row rows[] = {
      {{"derive"}, 1, "no archive"},
      {{"derive", "--recipe", "postcard"}, 2, "there are: thumb thumb@2x header lead poster"},
      {{"derive", "--jobs", "0"}, 2, "--jobs 0"},
      {{"derive", "3f9c", "--site", "a.example"}, 2, "either IDs"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.text) {
      const Ended run = archive.run(row.words);
      CHECK(run.code == row.code);
      CHECK(run.err.find(row.text) != std::string::npos);
    }
  }
}
