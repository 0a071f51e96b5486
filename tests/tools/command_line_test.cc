#include "tests/support/catch.h"
#include "tests/tools/halftone_program.h"
#include "tools/option_values.h"
#include "tools/options.h"

using namespace halftone;

TEST_CASE("sizes are read as curl reads them", "[tools]") {
  struct Row {
    const char* text;
    std::optional<uint64_t> bytes;
  };
  const Row rows[] = {
      {"0", 0},
      {"500", 500},
      {"64k", 65536},
      {"10M", 10485760},
      {"1.5g", 1610612736},
      {"4G", 4294967296},
      {"", std::nullopt},
      {"k", std::nullopt},
      {"-1", std::nullopt},
      {"10MB", std::nullopt},
      {"1e3", std::nullopt},
      {"99999999T", std::nullopt},
      {"nan", std::nullopt},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION("'" << row.text << "'") { CHECK(parse_size(row.text) == row.bytes); }
  }
}

TEST_CASE("a command line that cannot be carried out says why and ends with 2", "[tools]") {
  struct Row {
    const char* name;
    std::vector<std::string> words;
    const char* says;
  };
  const Row rows[] = {
      {"a command that almost is one", {"snapshto", "x"}, "did you mean snapshot?"},
      {"no such command", {"frobnicate"}, "there is no command frobnicate"},
      {"an option that almost is one", {"snapshot", "--proxi", "x", "y"}, "did you mean --proxy?"},
      {"an option without its value", {"snapshot", "x", "--retry"}, "retry"},
      {"a value that is none", {"snapshot", "x", "--max-size", "much"}, "max-size"},
      {"nothing to take", {"snapshot"}, "needs a URL or a file"},
      {"a base for two", {"snapshot", "a", "b", "--base", "https://x.test/"}, "exactly one FILE"},
      {"a base that is no URL", {"snapshot", "a", "--base", "x"}, "--base x"},
      {"show without an ID", {"show"}, "exactly one ID"},
      {"export without a folder", {"export", "3f9c"}, "folder to write to"},
      {"a format that does not exist", {"export", "3f9c", "x", "--format", "pdf"}, "no format pdf"},
      {"list takes nothing", {"list", "x"}, "takes no x"},
      {"a log level that does not exist", {"list", "--log-level", "loud"}, "no log level loud"},
      {"certificates that are not there",
       {"snapshot", "https://x.test/", "--cacert", "/absent"},
       "/absent"},
      {"a malformed --resolve", {"snapshot", "https://x.test/", "--resolve", "x"}, "resolve"},
      {"seeds that are not there", {"snapshot", "--seeds", "/absent"}, "/absent"},
      {"seeds that are a folder", {"snapshot", "--seeds", "/tmp"}, "/tmp"},
      {"no seeds at all", {"snapshot", "--seeds", "/dev/null"}, "names no URL"},
      {"an empty word", {"snapshot", ""}, "empty word"},
      {"standard input as a target", {"snapshot", "-"}, "--seeds -"},
      {"a number below none", {"snapshot", "x", "--retry", "-1"}, "retry"},
      {"help on nothing", {"help", "nope"}, "no command nope"},
  };
  const TemporaryDirectory folder;
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      auto words = row.words;
      words.insert(words.end(), {"--archive", folder.file("archive")});
      const Ended ended = run_halftone(words);
      CAPTURE(ended.err);
      CHECK(ended.code == 2);
      CHECK(ended.err.find(row.says) != std::string::npos);
      CHECK(ended.out.empty());
    }
  }
}

TEST_CASE("help teaches every command", "[tools]") {
  const std::string overview = run_halftone({"--help"}).out;
  for (const char* command : {"snapshot", "list", "show", "export", "stats", "demo"}) {
    CAPTURE(command);
    CHECK(overview.find(std::string("  ") + command + " ") != std::string::npos);
    const Ended help = run_halftone({command, "--help"});
    CHECK(help.code == 0);
    CHECK(help.out.starts_with(std::string("Usage: halftone ") + command));
    CHECK(help.out.find("--archive") != std::string::npos);
    CHECK(run_halftone({"help", command}).out == help.out);
  }
  CHECK(run_halftone({"--version"}).out == "halftone 0.1.0\n");
}

TEST_CASE("an archive that is not there is not made by reading", "[tools]") {
  const TemporaryDirectory folder;
  for (const char* command : {"list", "stats"}) {
    const Ended ended = run_halftone({command, "--archive", folder.file("none")});
    CHECK(ended.code == 1);
    CHECK(ended.err.find(folder.file("none")) != std::string::npos);
  }
  CHECK(run_halftone({"show", "abc", "--archive", folder.file("none")}).code == 1);
}
