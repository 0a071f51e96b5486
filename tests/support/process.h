// Child processes of tests, ended by their id.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace halftone {

// A running program. Ended when this is destroyed.
class ChildProcess {
 public:
  // Starts `arguments[0]` (searched in PATH); standard output goes to the file `log`, standard
  // error too where it has no file of its own.
  ChildProcess(const std::vector<std::string>& arguments, const std::string& log,
               const std::string& errors = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool is_running();
  // Waits for the end: the exit status, or 128 and the signal.
  int wait();

 private:
  pid_t pid_ = -1;
  int status_ = -1;
};

// What a program that ran to its end said.
struct Ended {
  int code = -1;
  std::string out, err;
};
Ended run_program(const std::vector<std::string>& arguments);

bool is_program_there(const std::string& path);

}  // namespace halftone
