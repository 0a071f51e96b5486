#include "store/worker_process.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "store/image_messages.h"

namespace halftone {

namespace {

constexpr size_t kLastWords = 1000;

// What posix_spawn() needs to know beside the program.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  // The child gets these as its descriptors 0, 1 and so on. None of them may have such a number.
  template <size_t count>
  void give_only(const std::array<int, count>& descriptors) {
    int next = 0;
    for (const int fd : descriptors) posix_spawn_file_actions_adddup2(&files_, fd, next++);
    posix_spawn_file_actions_addclosefrom_np(&files_, next);
  }

  // A group of its own (Ctrl-C is ours to handle) and signals as a new program expects them.
  void set_apart() {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }

  const posix_spawn_file_actions_t* files() const { return &files_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

// What a worker may know of our environment: no proxy passwords, no tokens.
std::vector<std::string> bare_environment() {
  std::vector<std::string> variables = {"LC_ALL=C.UTF-8"};
  for (const char* name : {"HOME", "XDG_CACHE_HOME", "LD_LIBRARY_PATH"}) {
    if (const char* value = getenv(name)) variables.push_back(fmt::format("{}={}", name, value));
  }
  return variables;
}

// How a process ended, for people; nothing where someone else reaped it.
std::string describe_end(std::optional<int> status) {
  if (!status) return "it is gone";
  if (WIFEXITED(*status)) return fmt::format("it exited with status {}", WEXITSTATUS(*status));
  const int signal = WTERMSIG(*status);
  const char* meaning = signal == SIGSYS ? "forbidden system call" : strsignal(signal);
  return fmt::format("it was ended by signal {} ({})", signal, meaning);
}

bool must_wait(ssize_t result) { return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK); }

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string& program,
                                                            const std::string& argument,
                                                            std::array<int, 2> given) {
  int sockets[2], pipes[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
    return fail(ErrorCode::kIo, "cannot make a socket: {}", strerror(errno));
  }
  const Descriptor its_socket(sockets[1]);
  if (pipe2(pipes, O_CLOEXEC) != 0) {
    close(sockets[0]);
    return fail(ErrorCode::kIo, "cannot make a pipe: {}", strerror(errno));
  }
  const Descriptor its_words(pipes[1]);
  std::unique_ptr<WorkerProcess> process(new WorkerProcess(sockets[0], pipes[0]));
  fcntl(sockets[0], F_SETFL, O_NONBLOCK);
  fcntl(pipes[0], F_SETFL, O_NONBLOCK);
  const auto spawned =
      process->spawn(program, argument, {its_socket.get(), its_words.get(), given[0], given[1]});
  if (!spawned) return tl::unexpected(spawned.error());
  return process;
}

Result<void> WorkerProcess::spawn(const std::string& program, const std::string& argument,
                                  const std::array<int, 4>& its_descriptors) {
  const auto& [socket, words, first_given, second_given] = its_descriptors;
  const std::array order = {socket, words, words, first_given, second_given};
  // A copy that is put in its place must not take the place of one that is still to be copied.
  std::array<Descriptor, order.size()> high;
  std::array<int, order.size()> numbers;
  for (size_t i = 0; i < order.size(); ++i) {
    high[i] = Descriptor(fcntl(order[i], F_DUPFD_CLOEXEC, static_cast<int>(order.size())));
    numbers[i] = high[i].get();
    if (numbers[i] < 0) return fail(ErrorCode::kIo, "no descriptor left: {}", strerror(errno));
  }
  SpawnSettings settings;
  settings.give_only(numbers);
  settings.set_apart();
  std::vector<std::string> variables = bare_environment();
  std::vector<char*> environment;
  environment.reserve(variables.size() + 1);
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  std::string name = program, first = argument;
  std::array<char*, 3> arguments = {name.data(), first.data(), nullptr};
  const int error = posix_spawn(&pid_, program.c_str(), settings.files(), settings.attributes(),
                                arguments.data(), environment.data());
  if (error == 0) return {};
  pid_ = 0;
  return fail(ErrorCode::kIo, "cannot run {}: {}", program, strerror(error));
}

WorkerProcess::~WorkerProcess() { end(); }

void WorkerProcess::forget_words() {
  hear_words();
  last_words_.clear();
}

bool WorkerProcess::alive() {
  if (pid_ == 0) return false;
  const pid_t reaped = waitpid(pid_, nullptr, WNOHANG);
  if (reaped != 0) pid_ = 0;
  return pid_ != 0;
}

Result<void> WorkerProcess::send(std::string_view bytes, const Patience& patience) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (must_wait(sent)) {
      if (auto ready = wait_for(POLLOUT, patience); !ready) return ready;
    } else if (errno != EINTR) {
      return bury();
    }
  }
  return {};
}

Result<std::string> WorkerProcess::receive(size_t size, const Patience& patience) {
  std::string bytes;
  std::array<char, 65536> piece;
  while (bytes.size() < size) {
    const size_t most = std::min(piece.size(), size - bytes.size());
    const ssize_t got = recv(socket_.get(), piece.data(), most, 0);
    if (got > 0) {
      bytes.append(piece.data(), static_cast<size_t>(got));
    } else if (must_wait(got)) {
      if (auto ready = wait_for(POLLIN, patience); !ready) return tl::unexpected(ready.error());
    } else if (got == 0 || errno != EINTR) {
      return bury();
    }
  }
  return bytes;
}

// Returns when the socket may have something to do, listening to what the process prints
// meanwhile, lest it block on a full pipe.
Result<void> WorkerProcess::wait_for(short events, const Patience& patience) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(patience.deadline -
                                                                 std::chrono::steady_clock::now());
  if (left.count() <= 0) {
    end();
    return fail(ErrorCode::kTimeout, "it was given up: no answer in time");
  }
  if (patience.is_over && patience.is_over()) {
    end();
    return fail(ErrorCode::kInterrupted, "it was given up: nobody waits for its answer");
  }
  const int words = mute_ ? -1 : words_.get();
  std::array<pollfd, 2> watched = {{{socket_.get(), events, 0}, {words, POLLIN, 0}}};
  const int64_t most = patience.is_over ? 100 : 60'000;
  poll(watched.data(), watched.size(), static_cast<int>(std::min<int64_t>(left.count(), most)));
  if ((watched[1].revents & POLLIN) != 0) {
    hear_words();
  } else if (watched[1].revents != 0) {
    mute_ = true;  // it closed its end; asking again would never block
  }
  return {};
}

void WorkerProcess::hear_words() {
  std::array<char, 4096> piece;
  // Bounded: a process that prints without end must not keep us here.
  for (int i = 0; i < 64; ++i) {
    const ssize_t got = read(words_.get(), piece.data(), piece.size());
    if (got <= 0) return;
    last_words_.append(piece.data(), static_cast<size_t>(got));
    if (last_words_.size() > kLastWords) last_words_.erase(0, last_words_.size() - kLastWords);
  }
}

// Kills the process, which may be dead already, and returns its status.
std::optional<int> WorkerProcess::end() {
  if (pid_ == 0) return std::nullopt;
  kill(pid_, SIGKILL);
  int status = 0;
  pid_t reaped;
  do {
    reaped = waitpid(pid_, &status, 0);
  } while (reaped < 0 && errno == EINTR);
  pid_ = 0;
  return reaped < 0 ? std::nullopt : std::optional(status);
}

tl::unexpected<Error> WorkerProcess::bury() {
  const std::string how = describe_end(end());
  hear_words();
  const std::string words = printable_tail(last_words_, kLastWords);
  return fail(ErrorCode::kCorrupt, "{}{}{}", how, words.empty() ? "" : "; its last words: ", words);
}

}  // namespace halftone
