#include "store/link_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "store/files.h"

namespace halftone {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = ".links-", kSuffix = ".tmp";

// The descriptor that holds its lock; -1 where another process has it, or it is gone.
int lock_folder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return -1;
  struct stat locked {
  }, there{};
  // Between our opening and locking it, another process may have taken it for a leftover.
  if (::flock(folder, LOCK_EX | LOCK_NB) == 0 && ::fstat(folder, &locked) == 0 &&
      ::stat(path.c_str(), &there) == 0 && locked.st_ino == there.st_ino) {
    return folder;
  }
  ::close(folder);
  return -1;
}

void remove(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace

Result<LinkFolder> LinkFolder::make(const std::string& archive) {
  constexpr int kAttempts = 8;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::string path = fmt::format("{}/{}{}-{}{}", archive, kPrefix, ::getpid(), attempt, kSuffix);
    if (::mkdir(path.c_str(), 0777) != 0) {
      if (errno == EEXIST) continue;
      return tl::unexpected(system_error(errno, "cannot make", path));
    }
    if (const int lock = lock_folder(path); lock >= 0) return LinkFolder(path, lock);
    remove(path);
  }
  return fail(ErrorCode::kIo, "cannot make a folder for links in {}", archive);
}

LinkFolder::LinkFolder(LinkFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::exchange(other.lock_, -1)) {}

LinkFolder& LinkFolder::operator=(LinkFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

LinkFolder::~LinkFolder() {
  if (lock_ < 0) return;
  remove(path_);
  ::close(lock_);
}

void LinkFolder::remove_leftovers(const std::string& archive) {
  std::error_code error;
  for (fs::directory_iterator entry(archive, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    const int lock = lock_folder(entry->path().string());
    if (lock < 0) continue;
    remove(entry->path().string());
    ::close(lock);
  }
}

}  // namespace halftone
