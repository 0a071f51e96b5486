#include "store/lock.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

#include <nlohmann/json.hpp>

#include "media/time.h"
#include "store/files.h"

namespace halftone {

namespace {

using nlohmann::json;

// "halftone snapshot": the program and its subcommand. Other arguments stay out, since they may
// hold passwords.
std::string command_of_this_process() {
  const auto line = read_file("/proc/self/cmdline", 65536);
  if (!line) return "halftone";
  const std::string_view text = *line;
  const size_t end = std::min(text.find('\0'), text.size());
  std::string_view program = text.substr(0, end);
  program.remove_prefix(program.rfind('/') + 1);
  std::string_view word = end < text.size() ? text.substr(end + 1) : std::string_view();
  word = word.substr(0, word.find('\0'));
  const bool is_subcommand =
      !word.empty() && word.size() <= 20 &&
      std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return is_subcommand ? fmt::format("{} {}", program, word) : std::string(program);
}

std::string describe_this_process() {
  const json note = {{"pid", ::getpid()},
                     {"command", command_of_this_process()},
                     {"since", to_iso8601(std::chrono::floor<std::chrono::seconds>(now()))}};
  return note.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Error in_use(const std::string& folder, const std::string& path, std::string_view what) {
  std::string holder = "another process";
  if (const auto note = read_file(path, 4096)) {
    const json value = json::parse(*note, nullptr, false);
    if (value.is_object() && value.contains("pid") && value["pid"].is_number_integer()) {
      const auto word = [&](const char* name) {
        const auto found = value.find(name);
        return found != value.end() && found->is_string() ? found->get<std::string>() : "?";
      };
      holder = fmt::format("process {} ({}) since {}", value["pid"].get<int64_t>(), word("command"),
                           word("since"));
    }
  }
  return {ErrorCode::kInUse,
          fmt::format("the {} {} is in use by {}; wait for it or name another {}", what, folder,
                      holder, what == "archive" ? "--archive" : "folder")};
}

}  // namespace

Result<WriterLock> WriterLock::take(const std::string& folder, std::string_view what) {
  const std::string path = folder + "/" + kName;
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return tl::unexpected(system_error(errno, "cannot open", path));
  WriterLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return tl::unexpected(in_use(folder, path, what));
    return tl::unexpected(system_error(errno, "cannot lock", path));
  }
  // The lock holds even where the note cannot be written, as on a full disk.
  const std::string note = describe_this_process();
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, note.data(), note.size(), 0) < 0) return lock;
  return lock;
}

WriterLock::WriterLock(WriterLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

WriterLock::~WriterLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace halftone
