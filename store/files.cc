#include "store/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace halftone {

namespace fs = std::filesystem;

namespace {

// An open file, closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

std::string parent_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

Result<void> write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return tl::unexpected(system_error(errno, "cannot write", path));
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

enum class Sync { kYes, kNo };

constexpr mode_t kForAll = 0666, kForOwner = 0600;

Result<void> write_new_file(const std::string& path, Sync sync,
                            const std::function<Result<void>(const Append&)>& produce,
                            mode_t mode = kForAll) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (file.get() < 0) return tl::unexpected(system_error(errno, "cannot create", path));
  const auto append = [&](std::string_view piece) { return write_all(file.get(), piece, path); };
  if (auto written = produce(append); !written) return written;
  if (sync == Sync::kYes && ::fsync(file.get()) != 0) {
    return tl::unexpected(system_error(errno, "cannot sync", path));
  }
  return {};
}

// Hands the first `size` bytes of an open file to `take`, a piece at a time.
Result<void> read_first(int file, uint64_t size, const std::string& path, const Append& take) {
  std::string buffer(std::min(size, uint64_t{1} << 20), '\0');
  for (uint64_t left = size; left > 0;) {
    const ssize_t got = ::read(file, buffer.data(), std::min<uint64_t>(left, buffer.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(system_error(errno, "cannot read", path));
    if (got == 0) {
      return fail(ErrorCode::kTruncated, "{} ends {} bytes too early", path, left);
    }
    left -= static_cast<uint64_t>(got);
    auto taken = take(std::string_view(buffer).substr(0, static_cast<size_t>(got)));
    if (!taken) return taken;
  }
  return {};
}

// False where one of them cannot be read.
bool is_same_file(const std::string& a, const std::string& b) {
  std::ifstream first(a, std::ios::binary), second(b, std::ios::binary);
  if (!first || !second) return false;
  std::string one(size_t{64} << 10, '\0'), other(one.size(), '\0');
  while (true) {
    first.read(one.data(), static_cast<std::streamsize>(one.size()));
    second.read(other.data(), static_cast<std::streamsize>(other.size()));
    const auto size = static_cast<size_t>(first.gcount());
    if (first.gcount() != second.gcount() || first.bad() || second.bad()) return false;
    if (std::string_view(one).substr(0, size) != std::string_view(other).substr(0, size)) {
      return false;
    }
    if (size < one.size()) return true;
  }
}

// Writes beside `path` and renames, so that it is seen whole or not at all. `keep_same`: a file
// that holds these bytes already is not touched.
Result<void> replace_file(const std::string& path, Sync sync,
                          const std::function<Result<void>(const Append&)>& produce,
                          mode_t mode = kForAll, bool keep_same = false) {
  const std::string name = fs::path(path).filename().string();
  const std::string temporary =
      (fs::path(parent_of(path)) / fmt::format(".{}.{}.tmp", name, ::getpid())).string();
  auto written = write_new_file(temporary, sync, produce, mode);
  if (written && keep_same && is_same_file(temporary, path)) {
    ::unlink(temporary.c_str());
    return written;
  }
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = tl::unexpected(system_error(errno, "cannot put in place", path));
  }
  if (!written) ::unlink(temporary.c_str());
  return written;
}

}  // namespace

Error no_space(const std::string& path) {
  return {ErrorCode::kNoSpace,
          fmt::format("the disk that holds {} is full; nothing already stored is lost; free some "
                      "space and run the same command again",
                      path)};
}

Error system_error(int error_number, std::string_view doing, const std::string& path) {
  if (error_number == ENOSPC || error_number == EDQUOT) return no_space(path);
  const ErrorCode code = error_number == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
  return {code, fmt::format("{} {}: {}", doing, path, std::strerror(error_number))};
}

Result<void> sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return tl::unexpected(system_error(errno, "cannot open", path));
  // Some file systems cannot sync folders and say EINVAL; they have nothing to lose there.
  if (::fsync(folder.get()) != 0 && errno != EINVAL) {
    return tl::unexpected(system_error(errno, "cannot sync", path));
  }
  return {};
}

Result<void> make_folder(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return {};
    return tl::unexpected(system_error(ENOTDIR, "cannot use", path));
  }
  const std::string parent = parent_of(path);
  if (parent != path) {
    if (auto made = make_folder(parent); !made) return made;
  }
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    return tl::unexpected(system_error(errno, "cannot make", path));
  }
  return sync_folder(parent);
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  const auto written =
      replace_file(path, Sync::kYes, [&](const Append& append) { return append(bytes); });
  return written ? sync_folder(parent_of(path)) : written;
}

Result<void> write_private_file(const std::string& path, std::string_view bytes) {
  const auto written = replace_file(
      path, Sync::kYes, [&](const Append& append) { return append(bytes); }, kForOwner);
  return written ? sync_folder(parent_of(path)) : written;
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0) return sync_folder(parent_of(path));
  if (errno == ENOENT) return {};
  return tl::unexpected(system_error(errno, "cannot remove", path));
}

Result<void> copy_file(const std::string& from, const std::string& to, uint64_t size,
                       const std::function<Result<void>(std::string_view piece)>& visit) {
  const Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.get() < 0) return tl::unexpected(system_error(errno, "cannot open", from));
  const Descriptor out(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (out.get() < 0) return tl::unexpected(system_error(errno, "cannot create", to));
  auto copied = read_first(in.get(), size, from, [&](std::string_view piece) {
    auto visited = visit(piece);
    return visited ? write_all(out.get(), piece, to) : visited;
  });
  if (!copied) return copied;
  struct stat status {};
  if (::fstat(in.get(), &status) != 0) {
    return tl::unexpected(system_error(errno, "cannot look at", from));
  }
  const timespec times[] = {status.st_atim, status.st_mtim};
  if (::futimens(out.get(), times) != 0 || ::fsync(out.get()) != 0) {
    return tl::unexpected(system_error(errno, "cannot sync", to));
  }
  return {};
}

Result<void> export_file(const std::string& path,
                         const std::function<Result<void>(const Append&)>& produce) {
  const std::string folder = parent_of(path);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return tl::unexpected(system_error(error.value(), "cannot make", folder));
  return replace_file(path, Sync::kNo, produce, kForAll, true);
}

Result<void> read_file_in_pieces(const std::string& path, uint64_t limit, const Append& visit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return tl::unexpected(system_error(errno, "cannot open", path));
  uint64_t seen = 0;
  std::string piece(size_t{64} * 1024, '\0');
  for (;;) {
    const ssize_t size = ::read(file.get(), piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return tl::unexpected(system_error(errno, "cannot read", path));
    if (size == 0) return {};
    seen += static_cast<uint64_t>(size);
    if (seen > limit) {
      return fail(ErrorCode::kTooLarge, "{} is larger than {} bytes", path, limit);
    }
    auto visited = visit(std::string_view(piece).substr(0, static_cast<size_t>(size)));
    if (!visited) return visited;
  }
}

Result<std::string> read_file(const std::string& path, uint64_t limit) {
  std::string bytes;
  const auto read = read_file_in_pieces(path, limit, [&](std::string_view piece) -> Result<void> {
    bytes.append(piece);
    return {};
  });
  if (!read) return tl::unexpected(read.error());
  return bytes;
}

Result<std::vector<std::string>> list_folder(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(folder, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return tl::unexpected(system_error(error.value(), "cannot list", folder));
  }
  std::sort(names.begin(), names.end());
  return names;
}

uint64_t disk_usage(const std::string& path) {
  uint64_t bytes = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(path, error), end;
  while (!error && entry != end) {
    struct stat status {};
    if (::lstat(entry->path().c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
      bytes += static_cast<uint64_t>(status.st_blocks) * 512;
    }
    entry.increment(error);
  }
  return bytes;
}

}  // namespace halftone
