// Another process for tests that need one: this very program, running one of its hidden test cases.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <sys/types.h>

namespace halftone {

// Ended, if need be by SIGKILL, when it is destroyed. One thread at a time.
class TestChild {
 public:
  // Runs the test case `name`, which should be tagged "[.child]", with these additions to the
  // environment. What Catch prints is kept for output().
  TestChild(const std::string& name, const std::map<std::string, std::string>& environment);
  TestChild(const TestChild&) = delete;
  TestChild& operator=(const TestChild&) = delete;
  ~TestChild();

  pid_t pid() const { return pid_; }

  // The next line that the child told by tell_parent(); nothing once it has ended.
  std::optional<std::string> read_line();

  // SIGKILL, at once. Lines told before can still be read.
  void kill();

  // Closes the child's standard input, waits for its end and returns its exit status; -1 where a
  // signal ended it.
  int finish();

  std::string output() const;

 private:
  pid_t pid_ = -1;
  int input_ = -1, lines_ = -1, output_ = -1;
  int status_ = -1;
  std::string unread_;
};

// In the child: a variable that the parent set (empty where nobody did, as when the hidden test
// case is run by hand), a line for the parent, and waiting until the parent calls finish().
std::string from_parent(const char* name);
void tell_parent(const std::string& line);
void wait_for_parent();

}  // namespace halftone
