// A child process that is not trusted, and the one socket to talk to it.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "media/error.h"
#include "store/shared_memory.h"

namespace halftone {

// Killed and reaped when this object ends. One thread at a time; the kernel ends the process with
// the thread that started it once the process has asked for that (see sandbox.h).
class WorkerProcess {
 public:
  // How long to wait for it.
  struct Patience {
    std::chrono::steady_clock::time_point deadline;
    std::function<bool()> is_over{};  // sooner than that; nothing: it is not
  };

  // Runs `program argument` with a socket as its standard input, what it prints captured,
  // `given` as its descriptors 3 and 4, no other one of ours, a bare environment and a process
  // group of its own. kIo: it cannot be run.
  static Result<std::unique_ptr<WorkerProcess>> start(const std::string& program,
                                                      const std::string& argument,
                                                      std::array<int, 2> given);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // After an error from either the process is gone. kTimeout: it was killed at the deadline;
  // kInterrupted: before it; kCorrupt: it ended by itself, and the message says how, with its last
  // words.
  Result<void> send(std::string_view bytes, const Patience& patience);
  Result<std::string> receive(size_t size, const Patience& patience);

  // What was printed until now belongs to other work.
  void forget_words();

  bool alive();
  pid_t pid() const { return pid_; }  // 0 once it is gone

 private:
  WorkerProcess(int socket, int words) : socket_(socket), words_(words) {}
  Result<void> spawn(const std::string& program, const std::string& argument,
                     const std::array<int, 4>& its_descriptors);
  Result<void> wait_for(short events, const Patience& patience);
  void hear_words();
  std::optional<int> end();
  tl::unexpected<Error> bury();

  pid_t pid_ = 0;
  Descriptor socket_, words_;
  std::string last_words_;
  bool mute_ = false;  // nothing more will be printed
};

}  // namespace halftone
