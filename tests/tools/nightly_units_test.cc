// The systemd units as `cmake --install` puts them in place.
#include <filesystem>
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

std::string value_of(const std::string& unit, const std::string& key) {
  const size_t at = unit.find("\n" + key + "=");
  if (at == std::string::npos) return {};
  const size_t begin = at + key.size() + 2;
  return unit.substr(begin, unit.find('\n', begin) - begin);
}

}  // namespace

TEST_CASE("the installed units run the installed program, hardened", "[nightly]") {
  const TemporaryDirectory folder;
  const Ended installed =
      run_program({"cmake", "--install", HALFTONE_BUILD_DIR, "--prefix", folder.path()});
  INFO(installed.out << installed.err);
  REQUIRE(installed.code == 0);
  const std::string service = folder.read("lib/systemd/system/halftone-nightly@.service");
  const std::string timer = folder.read("lib/systemd/system/halftone-nightly@.timer");

  const std::string start = value_of(service, "ExecStart");
  const std::string program = start.substr(0, start.find(' '));
  CHECK(program == folder.file("bin/halftone"));
  CHECK(start.ends_with(" nightly --quiet /etc/halftone/%i"));
  CHECK(fs::exists(program));
  for (const char* key : {"NoNewPrivileges", "PrivateTmp", "ProtectHome"}) {
    CHECK(value_of(service, key) == "yes");
  }
  CHECK(value_of(service, "ProtectSystem") == "strict");
  CHECK(value_of(service, "SuccessExitStatus") == "3 75");
  CHECK(value_of(service, "SystemCallFilter").find("seccomp") != std::string::npos);
  CHECK(value_of(timer, "Persistent") == "true");

  constexpr const char* kAnalyze = "/usr/bin/systemd-analyze";
  if (!is_program_there(kAnalyze)) {
    WARN("systemd-analyze is not there: not verified");
    return;
  }
  const std::string units = folder.file("lib/systemd/system/halftone-nightly@papers");
  const Ended verified = run_program({kAnalyze, "verify", units + ".service", units + ".timer"});
  CHECK(verified.code == 0);
  CHECK(verified.err.find("halftone-nightly") == std::string::npos);
}
