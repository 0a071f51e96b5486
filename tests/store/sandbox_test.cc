#include "store/sandbox.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;

namespace {

constexpr int kNotClosed = 99;

// Runs `act` in a child process that has closed the sandbox around itself; its status, as waitpid
// gives it. The child exits with what `act` returns.
template <class Act>
int in_sandbox(Act act) {
  const pid_t child = fork();
  if (child == 0) {
    if (!limit_process(uint64_t{1} << 40) || !forbid_system_calls()) _exit(kNotClosed);
    _exit(act());
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return status;
}

int errno_of(long result) { return result < 0 ? errno : 0; }

}  // namespace

TEST_CASE("nothing can be opened in the sandbox", "[store][sandbox]") {
  struct Row {
    const char* name;
    int (*act)();
  };
  const Row rows[] = {
      {"reading a file", [] { return errno_of(open("/etc/passwd", O_RDONLY)); }},
      {"making a file", [] { return errno_of(open("halftone.out", O_CREAT | O_RDWR, 0600)); }},
      {"naming a file", [] { return errno_of(unlink("halftone.out")); }},
      {"looking at a file", [] { return errno_of(access("/etc/passwd", F_OK)); }},
      {"TCP", [] { return errno_of(socket(AF_INET, SOCK_STREAM, 0)); }},
      {"a local socket", [] { return errno_of(socket(AF_UNIX, SOCK_STREAM, 0)); }},
      {"signalling the parent", [] { return errno_of(kill(getppid(), 0)); }},
      {"lifting limits",
       [] {
         const rlimit more{100, 100};
         return errno_of(setrlimit(RLIMIT_NOFILE, &more));
       }},
      {"becoming readable again", [] { return errno_of(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const int status = in_sandbox(row.act);
      REQUIRE(WIFEXITED(status));
      CHECK(WEXITSTATUS(status) == EACCES);
    }
  }
}

TEST_CASE("starting a program or a process is the end", "[store][sandbox]") {
  struct Row {
    const char* name;
    int (*act)();
  };
  const Row rows[] = {
      {"execve",
       [] {
         char* const none[] = {nullptr};
         return execve("/bin/true", none, none);
       }},
      {"fork",
       [] {
         if (fork() == 0) _exit(0);
         return 0;
       }},
      {"unshare", [] { return unshare(0); }},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const int status = in_sandbox(row.act);
      REQUIRE(WIFSIGNALED(status));
      CHECK(WTERMSIG(status) == SIGSYS);
    }
  }
}

TEST_CASE("threads work in the sandbox", "[store][sandbox]") {
  const int status = in_sandbox([] {
    int answer = 0;
    std::thread([&answer] { answer = 42; }).join();
    return answer;
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}

TEST_CASE("a thread that ran before is closed in, too", "[store][sandbox]") {
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<bool> closed = false;
    int result = 0;
    std::thread early([&] {
      closed.wait(false);
      result = errno_of(open("/etc/passwd", O_RDONLY));
    });
    if (!limit_process(uint64_t{1} << 40) || !forbid_system_calls()) _exit(kNotClosed);
    closed = true;
    closed.notify_all();
    early.join();
    _exit(result);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == EACCES);
}

TEST_CASE("of all files what was left readable can be read, and no other", "[store][sandbox]") {
  const TemporaryDirectory left, other;
  const std::string inside = left.write("font", "glyphs"), outside = other.write("secret", "no"),
                    way_out = left.file("way out"), fresh = left.file("new");
  std::filesystem::create_symlink(outside, way_out);
  const pid_t child = fork();
  if (child == 0) {
    const std::string folders[] = {left.path(), left.file("missing")};
    if (!leave_readable(folders)) _exit(kNotClosed);
    if (!limit_process(uint64_t{1} << 40) || !forbid_system_calls(Opening::kForReading)) {
      _exit(kNotClosed);
    }
    // Every answer must be as wanted, also in a thread that starts now.
    const auto count = [&] {
      char bytes[8];
      const int font = open(inside.c_str(), O_RDONLY);
      return (read(font, bytes, sizeof bytes) == 6 ? 1 : 0) +
             (errno_of(open(outside.c_str(), O_RDONLY)) == EACCES ? 2 : 0) +
             (errno_of(open(way_out.c_str(), O_RDONLY)) == EACCES ? 4 : 0) +
             (errno_of(open(inside.c_str(), O_RDWR)) == EACCES ? 8 : 0) +
             (errno_of(open(fresh.c_str(), O_CREAT | O_WRONLY, 0600)) == EACCES ? 16 : 0) +
             (errno_of(open("/etc/passwd", O_RDONLY)) == EACCES ? 32 : 0);
    };
    int in_thread = 0;
    std::thread([&] { in_thread = count(); }).join();
    _exit(in_thread == count() ? in_thread : 0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNotClosed) {
    WARN("skipped: this kernel has no Landlock");
    return;
  }
  CHECK(WEXITSTATUS(status) == 63);
}

TEST_CASE("files are not half closed where threads run already", "[store][sandbox]") {
  std::atomic<bool> done = false;
  std::thread early([&] { done.wait(false); });
  CHECK_FALSE(leave_readable({}));
  done = true;
  done.notify_all();
  early.join();
  CHECK(open("/etc/passwd", O_RDONLY) >= 0);
}
