#include "store/database_snapshot.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <dirent.h>
#include <memory>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "store/files.h"

namespace halftone {

namespace {

constexpr int kAttempts = 1000;

// "000012.log" and the like.
bool is_numbered(const std::string& name, std::string_view extension) {
  const size_t digits = name.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string::npos && name.substr(digits) == extension;
}

// The numbered files in a folder, with the number of each file itself (its inode). Logs come in the
// order in which they were begun.
struct Entry {
  std::string name;
  ino_t file = 0;
  friend bool operator==(const Entry&, const Entry&) = default;
};

struct Listing {
  std::vector<Entry> tables, logs;
};

Result<Listing> list(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
  if (!open) return tl::unexpected(system_error(errno, "cannot list", folder));
  Listing listing;
  errno = 0;
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string name = entry->d_name;
    if (is_numbered(name, ".sst")) listing.tables.push_back({name, entry->d_ino});
    if (is_numbered(name, ".log")) listing.logs.push_back({name, entry->d_ino});
  }
  if (errno != 0) return tl::unexpected(system_error(errno, "cannot list", folder));
  // Longer names hold larger numbers: from 1000000 on they have more digits.
  std::sort(listing.logs.begin(), listing.logs.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.name.size(), a.name) < std::pair(b.name.size(), b.name);
  });
  return listing;
}

// A second name for a file; what had it before gives it up. A file that has gone is well.
Result<void> link_file(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0 || errno == ENOENT) return {};
  if (errno == EEXIST && ::unlink(to.c_str()) == 0 &&
      (::link(from.c_str(), to.c_str()) == 0 || errno == ENOENT)) {
    return {};
  }
  const Error error = system_error(errno, "cannot make a second name for", from);
  if (error.code == ErrorCode::kNoSpace) return tl::unexpected(error);
  return fail(ErrorCode::kRefused, "{}", error.message);
}

}  // namespace

// What CURRENT and MANIFEST say at one time.
struct DatabaseSnapshot::Moment {
  std::string manifest;
  uint64_t size = 0;
  uint64_t file = 0;  // its inode
  friend bool operator==(const Moment&, const Moment&) = default;
};

Result<std::string> DatabaseSnapshot::read_current() const {
  auto current = read_file(folder_ + "/CURRENT", 4096);
  if (!current) {
    if (current.error().code != ErrorCode::kNotFound) return current;
    return fail(ErrorCode::kCorrupt, "the database {} is damaged: its file CURRENT is missing",
                folder_);
  }
  while (current->ends_with('\n')) current->pop_back();
  if (!current->starts_with("MANIFEST-") || current->find('/') != std::string::npos) {
    return fail(ErrorCode::kCorrupt, "the database {} is damaged: its file CURRENT names nothing",
                folder_);
  }
  return current;
}

Result<DatabaseSnapshot::Moment> DatabaseSnapshot::look_at_manifest() const {
  auto current = read_current();
  if (!current) return tl::unexpected(current.error());
  struct stat status {};
  const std::string path = folder_ + "/" + *current;
  if (::stat(path.c_str(), &status) == 0) {
    return Moment{*std::move(current), static_cast<uint64_t>(status.st_size), status.st_ino};
  }
  const Error error = system_error(errno, "cannot look at", path);
  // A MANIFEST is deleted once CURRENT names another.
  const auto again = read_current();
  if (error.code == ErrorCode::kNotFound && again && *again == *current) {
    return fail(ErrorCode::kCorrupt, "the database {} is damaged: its file {} is missing", folder_,
                *current);
  }
  return tl::unexpected(error);
}

// Links what is not linked yet: most of it was in an earlier attempt. A writer that was killed and
// began again may use a name for another file.
Result<void> DatabaseSnapshot::link(const std::string& name, uint64_t file) {
  if (links_.empty()) return {};
  const auto known = linked_.find(name);
  if (known != linked_.end() && known->second == file) return {};
  auto linked = link_file(folder_ + "/" + name, links_ + "/" + name);
  if (linked) linked_[name] = file;
  return linked;
}

Result<void> DatabaseSnapshot::note_files(const Moment& moment) {
  const auto listing = list(folder_);
  if (!listing) return tl::unexpected(listing.error());
  auto linked = link(moment.manifest, moment.file);
  for (const auto* entries : {&listing->tables, &listing->logs}) {
    for (const Entry& entry : *entries) {
      if (linked) linked = link(entry.name, entry.file);
    }
  }
  if (!linked) return linked;
  logs_.clear();
  for (const Entry& entry : listing->logs) {
    const std::string path = where() + "/" + entry.name;
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) continue;  // gone: MANIFEST has changed
    logs_.push_back({entry.name, path, static_cast<uint64_t>(status.st_size)});
  }
  const auto again = list(folder_);
  if (!again) return tl::unexpected(again.error());
  if (again->logs != listing->logs) return fail(ErrorCode::kInUse, "the logs change");
  return {};
}

// False: the writer did something meanwhile that matters.
Result<bool> DatabaseSnapshot::try_to_take() {
  const auto before = look_at_manifest();
  if (!before) {
    // Between the reading of CURRENT and the look at what it named, it may name another.
    if (before.error().code == ErrorCode::kNotFound) return false;
    return tl::unexpected(before.error());
  }
  manifest_ = before->manifest;
  manifest_size_ = before->size;
  manifest_file_ = before->file;
  const auto noted = note_files(*before);
  if (!noted && noted.error().code == ErrorCode::kInUse) return false;
  if (!noted) return tl::unexpected(noted.error());
  const auto after = look_at_manifest();
  return after && *after == *before;
}

Result<DatabaseSnapshot> DatabaseSnapshot::take(const std::string& folder,
                                                const std::string& links) {
  DatabaseSnapshot snapshot(folder, links);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto taken = snapshot.try_to_take();
    if (!taken) return tl::unexpected(taken.error());
    if (*taken) return snapshot;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(attempt, 20)));
  }
  return fail(ErrorCode::kInUse,
              "the database {} changes too fast to be copied; try again when less is written",
              folder);
}

std::string DatabaseSnapshot::table_path(const std::string& name) const {
  return where() + "/" + name;
}

DatabaseSnapshot::Log DatabaseSnapshot::manifest() const {
  return {manifest_, where() + "/" + manifest_, manifest_size_};
}

bool DatabaseSnapshot::still_stands() const {
  if (!links_.empty()) return true;
  const auto moment = look_at_manifest();
  return moment && *moment == Moment{manifest_, manifest_size_, manifest_file_};
}

}  // namespace halftone
