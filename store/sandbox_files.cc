// The file system, closed by Landlock (landlock(7)).
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "store/sandbox.h"

namespace halftone {

namespace {

class Descriptor {
 public:
  explicit Descriptor(long fd) : fd_(static_cast<int>(fd)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Every right that this kernel's version of Landlock knows: it refuses a set with one more.
uint64_t all_rights(long version) {
  constexpr int kFirst = 13, kSecond = 14, kThird = 15, kFifth = 16;  // rights known by versions
  const int known = version >= 5 ? kFifth : version >= 3 ? kThird : version == 2 ? kSecond : kFirst;
  return (uint64_t{1} << known) - 1;
}

// What this process may do beneath `folder`. One that is not there has nothing to be read.
bool allow_reading(const Descriptor& rules, const std::string& folder) {
  const Descriptor opened(open(folder.c_str(), O_PATH | O_CLOEXEC));
  if (opened.get() < 0) return true;
  const landlock_path_beneath_attr rule{
      .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
      .parent_fd = opened.get()};
  return syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

// Landlock binds the thread that asks for it and those that it starts, not those that run already.
bool is_alone() {
  std::error_code failed;
  const auto threads = std::filesystem::directory_iterator("/proc/self/task", failed);
  return !failed && std::distance(begin(threads), end(threads)) == 1;
}

Error refused() {
  return {ErrorCode::kIo, fmt::format("files cannot be closed off: {}", strerror(errno))};
}

}  // namespace

Result<void> leave_readable(std::span<const std::string> folders) {
  if (!is_alone()) return fail(ErrorCode::kIo, "files cannot be closed off: threads run already");
  const long version =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return tl::unexpected(refused());
  const landlock_ruleset_attr handled{.handled_access_fs = all_rights(version)};
  const Descriptor rules(syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0));
  if (rules.get() < 0) return tl::unexpected(refused());
  for (const std::string& folder : folders) {
    if (!allow_reading(rules, folder)) return tl::unexpected(refused());
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
    return tl::unexpected(refused());
  }
  return {};
}

}  // namespace halftone
