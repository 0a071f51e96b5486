// halftone verify, as its user has it.
#include <filesystem>
#include <fstream>

#include "store/digest.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/test_server.h"
#include "tests/tools/halftone_program.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

struct Kept {
  TestServer server;
  ArchiveOfTest archive;
  std::string picture = make_png(300, 200);

  Kept() {
    server.on("/a", text("<title>The article</title><p>Text.<img src=/p.png>", "text/html"));
    server.on("/p.png", text(picture, "image/png"));
    REQUIRE(archive.run({"snapshot", server.url("/a")}).code == 0);
  }

  // Flips a bit of the picture as it stands in the database.
  void damage() const {
    for (const auto& entry : fs::directory_iterator(archive.path() + "/db")) {
      std::ifstream in(entry.path(), std::ios::binary);
      std::string bytes{std::istreambuf_iterator<char>(in), {}};
      const size_t at = bytes.find(picture.substr(picture.size() / 2, 16));
      if (at == std::string::npos || entry.path().extension() != ".sst") continue;
      bytes[at] ^= 4;
      std::ofstream(entry.path(), std::ios::binary) << bytes;
      return;
    }
    FAIL("the picture stands nowhere");
  }

  nlohmann::json verified(const std::vector<std::string>& more, int code) const {
    std::vector<std::string> arguments = {"verify", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = archive.run(arguments);
    INFO(ended.err);
    CHECK(ended.code == code);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    return json_lines(ended.out).at(0);
  }
};

}  // namespace

TEST_CASE("verify finds nothing wrong, says so in one line and leaves one in the log", "[tools]") {
  const Kept kept;
  const auto result = kept.verified({}, 0);
  CHECK(result["damaged"] == 0);
  CHECK(result["damages"].empty());
  CHECK(result["scope"] == "everything");
  CHECK(result["sealed"] == true);
  CHECK(result["articles"] == 1);
  CHECK(result["captures"] == 2);

  kept.verified({"--sample", "50%"}, 0);
  const auto second = kept.verified({"--sample", "50%"}, 0);
  CHECK(second["scope"] == "sample 2/2");
  const Ended log = kept.archive.run({"verify", "--log", "--json"});
  CHECK(log.code == 0);
  const auto lines = json_lines(log.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1]["scope"] == "sample 1/2");
  CHECK(lines[1]["blobs"].get<int>() + lines[2]["blobs"].get<int>() == lines[0]["blobs"]);
  CHECK(log.err.find("an unbroken chain") != std::string::npos);
}

TEST_CASE("verify names damage and harmed articles, and ends with 4", "[tools]") {
  const Kept kept;
  kept.damage();
  const std::string digest = sha256(kept.picture).hex();
  const auto result = kept.verified({}, 4);
  CHECK(result["harmed"] == 1);
  CHECK(result["harmed_articles"][0]["title"] == "The article");
  CHECK(result["harmed_articles"][0]["urls"][0] == kept.server.url("/p.png"));

  const Ended people = kept.archive.run({"verify", "--article", kept.server.url("/a")});
  CHECK(people.code == 4);
  CHECK(people.out.find("damaged: blob " + digest) != std::string::npos);
  CHECK(people.out.find("harmed: article ") != std::string::npos);
  CHECK(people.out.find(kept.server.url("/p.png")) != std::string::npos);
  CHECK(people.err.starts_with("damaged"));
}

TEST_CASE("verify repairs from the web, and only with the same bytes", "[tools]") {
  Kept kept;
  kept.damage();
  kept.server.on("/p.png", text(make_png(20, 20), "image/png"));
  auto result = kept.verified({"--repair", "web", "--allow-private"}, 4);
  for (const auto& blob :
       result["repair"]["restored"]) {  // the page may be a neighbour in the block
    CHECK(blob["from"] == "its own damaged files");
    CHECK(blob["digest"] != sha256(kept.picture).hex());
  }
  kept.server.on("/p.png", text(kept.picture, "image/png"));
  result = kept.verified({"--repair", "web", "--allow-private"}, 0);
  REQUIRE(result["repair"]["restored"].size() == 1);
  CHECK(result["repair"]["restored"][0]["from"] == "web");
  CHECK(result["repair"]["restored"][0]["digest"] == sha256(kept.picture).hex());
  CHECK(kept.verified({}, 0)["damaged"] == 0);
  const auto lines = json_lines(kept.archive.run({"verify", "--log", "--json"}).out);
  CHECK(lines.at(1)["repaired"] >= 1);
}

TEST_CASE("verify says what cannot be asked of it", "[tools]") {
  const Kept kept;
  struct Row {
    const char* name;
    std::vector<std::string> arguments;
    int code;
    const char* says;
  };
  const Row rows[] = {
      {"no part", {"--sample", "many"}, 2, "5% is one"},
      {"more than all", {"--sample", "200%"}, 2, "5% is one"},
      {"no date", {"--since", "lately"}, 2, "2026-01-09 is one"},
      {"no article", {"--article", "0123"}, 1, "there is no article"},
      {"two at once", {"--log", "--sample", "5%"}, 2, "exclude one another"},
      {"no source", {"--repair", "/nowhere"}, 1, "there is no /nowhere to repair from"},
      {"a word too many", {"everything"}, 2, "verify takes no everything"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      std::vector<std::string> arguments = {"verify"};
      arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
      const Ended ended = kept.archive.run(arguments);
      CAPTURE(ended.err);
      CHECK(ended.code == row.code);
      CHECK(ended.err.find(row.says) != std::string::npos);
    }
  }
}

TEST_CASE("an altered log of checks shows", "[tools]") {
  const Kept kept;
  kept.verified({}, 0);
  kept.verified({}, 0);
  const std::string path = kept.archive.path() + "/fixity.jsonl";
  std::ifstream in(path);
  std::string first, second;
  std::getline(in, first);
  std::getline(in, second);
  std::ofstream(path) << second << '\n';
  const Ended log = kept.archive.run({"verify", "--log"});
  CHECK(log.code == 4);
  CHECK(log.err.find("the chain is broken") != std::string::npos);
}
