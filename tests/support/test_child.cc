#include "tests/support/test_child.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "media/error.h"

extern char** environ;

namespace halftone {

namespace {

constexpr int kLinesInChild = 9;  // the descriptor that tell_parent() writes to

std::vector<std::string> environment_with(const std::map<std::string, std::string>& additions) {
  std::vector<std::string> all;
  for (const auto& [name, value] : additions) all.push_back(name + "=" + value);
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    if (!additions.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (std::string& text : strings) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

}  // namespace

TestChild::TestChild(const std::string& name,
                     const std::map<std::string, std::string>& environment) {
  int input[2], lines[2];
  if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(lines, O_CLOEXEC) != 0) bug("no pipes");
  input_ = input[1];
  lines_ = lines[0];
  output_ = ::memfd_create("output", MFD_CLOEXEC);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], 0);
  posix_spawn_file_actions_adddup2(&actions, output_, 1);
  posix_spawn_file_actions_adddup2(&actions, output_, 2);
  posix_spawn_file_actions_adddup2(&actions, lines[1], kLinesInChild);
  std::vector<std::string> arguments = {"/proc/self/exe", name};
  std::vector<std::string> variables = environment_with(environment);
  const int error = posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr,
                                pointers(arguments).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(lines[1]);
  if (error != 0) bug("cannot start the test program again");
}

TestChild::~TestChild() {
  kill();
  finish();
  ::close(lines_);
  ::close(output_);
}

std::optional<std::string> TestChild::read_line() {
  for (;;) {
    if (const size_t end = unread_.find('\n'); end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    char piece[4096];
    const ssize_t size = ::read(lines_, piece, sizeof piece);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return std::nullopt;
    unread_.append(piece, static_cast<size_t>(size));
  }
}

void TestChild::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

int TestChild::finish() {
  if (input_ >= 0) ::close(input_);
  input_ = -1;
  if (pid_ > 0) {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  return status_;
}

std::string TestChild::output() const {
  std::string text;
  char piece[4096];
  for (;;) {
    const ssize_t size = ::pread(output_, piece, sizeof piece, static_cast<off_t>(text.size()));
    if (size <= 0) return text;
    text.append(piece, static_cast<size_t>(size));
  }
}

std::string from_parent(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

void tell_parent(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(kLinesInChild, text.data(), text.size()) < 0) std::abort();
}

void wait_for_parent() {
  char byte;
  while (::read(0, &byte, 1) > 0) {
  }
}

}  // namespace halftone
