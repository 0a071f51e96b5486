#include "store/database_snapshot.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "store/files.h"

namespace halftone {

namespace {

constexpr int kAttempts = 1000;

// "000012.log" and the like.
bool is_numbered(const std::string& name, std::string_view extension) {
  const size_t digits = name.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string::npos && name.substr(digits) == extension;
}

std::vector<std::string> logs_among(const std::vector<std::string>& names) {
  std::vector<std::string> logs;
  std::copy_if(names.begin(), names.end(), std::back_inserter(logs),
               [](const std::string& name) { return is_numbered(name, ".log"); });
  // Shorter numbers come first: from 1000000 on they have more digits.
  std::stable_sort(logs.begin(), logs.end(),
                   [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return logs;
}

bool are_same_file(const std::string& a, const std::string& b) {
  struct stat of_a {
  }, of_b{};
  return ::stat(a.c_str(), &of_a) == 0 && ::stat(b.c_str(), &of_b) == 0 &&
         of_a.st_ino == of_b.st_ino;
}

// A second name for a file. One that has gone is well. One that has the second name from an earlier
// attempt gives it up, unless it is the same file: a writer that was killed may use a name again.
Result<void> link_file(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0 || errno == ENOENT) return {};
  if (errno == EEXIST) {
    if (are_same_file(from, to)) return {};
    ::unlink(to.c_str());
    if (::link(from.c_str(), to.c_str()) == 0 || errno == ENOENT) return {};
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
  friend bool operator==(const Moment&, const Moment&) = default;
};

Result<DatabaseSnapshot::Moment> DatabaseSnapshot::look_at_manifest() const {
  auto current = read_file(folder_ + "/CURRENT", 4096);
  if (!current) {
    if (current.error().code != ErrorCode::kNotFound) return tl::unexpected(current.error());
    return fail(ErrorCode::kCorrupt, "the database {} is damaged: its file CURRENT is missing",
                folder_);
  }
  while (current->ends_with('\n')) current->pop_back();
  if (!current->starts_with("MANIFEST-") || current->find('/') != std::string::npos) {
    return fail(ErrorCode::kCorrupt, "the database {} is damaged: its file CURRENT names nothing",
                folder_);
  }
  struct stat status {};
  const std::string path = folder_ + "/" + *current;
  if (::stat(path.c_str(), &status) != 0) {
    return tl::unexpected(system_error(errno, "cannot look at", path));
  }
  return Moment{*std::move(current), static_cast<uint64_t>(status.st_size)};
}

Result<void> DatabaseSnapshot::note_files() {
  const auto names = list_folder(folder_);
  if (!names) return tl::unexpected(names.error());
  const auto log_names = logs_among(*names);
  if (!links_.empty()) {
    std::vector<std::string> wanted = log_names;
    wanted.push_back(manifest_);
    for (const std::string& name : *names) {
      if (is_numbered(name, ".sst")) wanted.push_back(name);
    }
    for (const std::string& name : wanted) {
      auto linked = link_file(folder_ + "/" + name, links_ + "/" + name);
      if (!linked) return linked;
    }
  }
  logs_.clear();
  for (const std::string& name : log_names) {
    const std::string path = where() + "/" + name;
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) continue;  // gone: MANIFEST has changed
    logs_.push_back({name, path, static_cast<uint64_t>(status.st_size)});
  }
  const auto again = list_folder(folder_);
  if (!again) return tl::unexpected(again.error());
  if (logs_among(*again) != log_names) return fail(ErrorCode::kInUse, "the logs change");
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
  const auto noted = note_files();
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
  if (const auto moment = snapshot.look_at_manifest(); !moment) {
    return fail(ErrorCode::kCorrupt, "the database {} is damaged: {}", folder,
                moment.error().message);
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
  return moment && *moment == Moment{manifest_, manifest_size_};
}

}  // namespace halftone
