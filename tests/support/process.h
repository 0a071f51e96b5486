// Child processes of tests, ended by their id.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace halftone {

// A running program. Ended when this is destroyed.
class ChildProcess {
 public:
  // Starts `arguments[0]` (searched in PATH); standard output and error go to the file `log`.
  ChildProcess(const std::vector<std::string>& arguments, const std::string& log);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  bool is_running();
  // Waits for the end: the exit status, or 128 and the signal.
  int wait();

 private:
  pid_t pid_ = -1;
  int status_ = -1;
};

bool is_program_there(const std::string& path);

}  // namespace halftone
