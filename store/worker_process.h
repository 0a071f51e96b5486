// A child process that is not trusted, and the one socket to talk to it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "media/error.h"

namespace halftone {

// Killed and reaped when this object ends. One thread at a time; the kernel ends the process with
// the thread that started it once the process has asked for that (see sandbox.h).
class WorkerProcess {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // Runs `program argument` with a socket as its standard input, what it prints captured, no
  // other descriptor of ours, a bare environment and a process group of its own.
  // kIo: it cannot be run.
  static Result<std::unique_ptr<WorkerProcess>> start(const std::string& program,
                                                      const std::string& argument);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // After an error from either the process is gone. kTimeout: it was killed at the deadline;
  // kCorrupt: it ended by itself, and the message says how, with its last words.
  Result<void> send(std::string_view bytes, Deadline deadline);
  Result<std::string> receive(size_t size, Deadline deadline);

  // What was printed until now belongs to other work.
  void forget_words();

  bool alive();
  pid_t pid() const { return pid_; }  // 0 once it is gone

 private:
  // A descriptor of ours, closed at the end.
  class Handle {
   public:
    explicit Handle(int fd = -1) : fd_(fd) {}
    ~Handle();
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    int get() const { return fd_; }

   private:
    int fd_;
  };

  WorkerProcess(int socket, int words) : socket_(socket), words_(words) {}
  Result<void> spawn(const std::string& program, const std::string& argument, int its_socket,
                     int its_words);
  Result<void> wait_for(short events, Deadline deadline);
  void hear_words();
  std::optional<int> end();
  tl::unexpected<Error> bury();

  pid_t pid_ = 0;
  Handle socket_, words_;
  std::string last_words_;
  bool mute_ = false;  // nothing more will be printed
};

}  // namespace halftone
