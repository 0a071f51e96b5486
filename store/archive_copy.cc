#include "store/archive_copy.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

#include "store/archive_marker.h"
#include "store/crc32c.h"
#include "store/database_copy.h"
#include "store/database_snapshot.h"
#include "store/files.h"
#include "store/fixity_log.h"
#include "store/link_folder.h"
#include "store/log_check.h"
#include "store/seal.h"

namespace halftone {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t kLargestFixityLog = uint64_t{1} << 30;
constexpr int kAttempts = 5;  // without links

std::optional<struct stat> look_at(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

// As good as a checksum where there is none: by size and time, as rsync judges.
bool look_the_same(const std::string& a, const std::string& b) {
  const auto of_a = look_at(a), of_b = look_at(b);
  return of_a && of_b && S_ISREG(of_a->st_mode) && of_a->st_size == of_b->st_size &&
         of_a->st_mtim.tv_sec == of_b->st_mtim.tv_sec &&
         of_a->st_mtim.tv_nsec == of_b->st_mtim.tv_nsec;
}

uint64_t size_of(const struct stat& status) { return static_cast<uint64_t>(status.st_size); }

class Copier {
 public:
  explicit Copier(const ArchiveCopy& copy)
      : copy_(copy),
        source_(copy.from + "/db"),
        target_(copy.to + "/db"),
        earlier_(copy.earlier.empty() ? "" : copy.earlier + "/db") {}

  Result<CopyCounts> run();

 private:
  using Visit = std::function<Result<void>(std::string_view piece)>;

  Result<void> copy_reports();
  Result<void> copy_fixity_log();
  Result<void> seal();
  Result<void> copy_database();
  Result<void> copy_files(const DatabaseSnapshot& snapshot);
  Result<std::vector<NamedFile>> copy_manifest(const DatabaseSnapshot& snapshot);
  Result<void> copy_table(const NamedFile& file, const std::string& from);
  Result<void> copy_checked(const NamedFile& file, const std::string& from);
  Result<void> copy_log(const DatabaseSnapshot::Log& log);
  Result<void> copy_whole(const std::string& from, const std::string& to, uint64_t size,
                          const Visit& visit);
  bool link(const std::string& from, const std::string& to, uint64_t size);
  bool is_in_earlier(const NamedFile& file, const std::string& from) const;
  Result<void> count(uint64_t bytes);
  tl::unexpected<Error> damaged(const std::string& name, std::string_view why) const;

  const ArchiveCopy& copy_;
  const std::string source_, target_, earlier_;
  std::map<std::string, NamedFile> earlier_files_;
  std::set<std::string> copied_;  // table files, in this attempt or before
  CopyCounts counts_;
  uint64_t done_ = 0, total_ = 0;
};

tl::unexpected<Error> Copier::damaged(const std::string& name, std::string_view why) const {
  return fail(ErrorCode::kCorrupt,
              "{}/{} is damaged: {}; nothing was taken from it. `halftone verify --archive {}` "
              "tells what that harms and mends what it can",
              source_, name, why, copy_.from);
}

Result<void> Copier::count(uint64_t bytes) {
  done_ += bytes;
  if (!copy_.on_copied || copy_.on_copied(std::min(done_, total_), total_)) return {};
  return fail(ErrorCode::kInterrupted, "stopped while {} was copied; nothing is left of the copy",
              copy_.from);
}

Result<void> Copier::copy_whole(const std::string& from, const std::string& to, uint64_t size,
                                const Visit& visit) {
  auto copied = copy_file(from, to, size, [&](std::string_view piece) -> Result<void> {
    if (visit) {
      if (auto visited = visit(piece); !visited) return visited;
    }
    return count(piece.size());
  });
  if (!copied) return copied;
  ++counts_.files_copied;
  counts_.bytes_copied += size;
  return {};
}

// False where the file system cannot, or the file has as many names as it may: then it is copied.
bool Copier::link(const std::string& from, const std::string& to, uint64_t size) {
  if (::link(from.c_str(), to.c_str()) != 0) return false;
  ++counts_.files_linked;
  counts_.bytes_linked += size;
  return true;
}

bool Copier::is_in_earlier(const NamedFile& file, const std::string& from) const {
  const auto found = earlier_files_.find(file.name);
  if (found == earlier_files_.end() || found->second != file) return false;
  const std::string path = earlier_ + "/" + file.name;
  if (file.checksum.empty()) return look_the_same(path, from);
  const auto there = look_at(path);
  return there && size_of(*there) == file.size;
}

Result<void> Copier::copy_checked(const NamedFile& file, const std::string& from) {
  const std::string to = target_ + "/" + file.name;
  uint32_t crc = 0;
  auto copied = copy_whole(from, to, file.size, [&](std::string_view piece) -> Result<void> {
    crc = crc32c(piece, crc);
    return {};
  });
  if (!copied) {
    if (copied.error().code == ErrorCode::kNotFound) return damaged(file.name, "it is missing");
    if (copied.error().code == ErrorCode::kTruncated) return damaged(file.name, "it is too short");
    return copied;
  }
  if (file.checksum.empty()) {
    const auto checked = check_table_file(to);
    return checked ? Result<void>() : damaged(file.name, checked.error().message);
  }
  if (fmt::format("{:08x}", crc) != file.checksum) {
    return damaged(file.name, "its bytes no longer match their checksum");
  }
  return {};
}

Result<void> Copier::copy_table(const NamedFile& file, const std::string& from) {
  if (copied_.contains(file.name)) return count(file.size);
  const std::string to = target_ + "/" + file.name;
  if (is_in_earlier(file, from) && link(earlier_ + "/" + file.name, to, file.size)) {
    copied_.insert(file.name);
    return count(file.size);
  }
  if (auto copied = copy_checked(file, from); !copied) return copied;
  copied_.insert(file.name);
  return {};
}

// A log and MANIFEST may end within a record, as after a crash; elsewhere they must be sound.
Result<void> Copier::copy_log(const DatabaseSnapshot::Log& log) {
  LogChecker checker;
  auto copied = copy_whole(log.path, target_ + "/" + log.name, log.size,
                           [&](std::string_view piece) -> Result<void> {
                             checker.add(piece);
                             return {};
                           });
  if (!copied) return copied;
  if (checker.finish().damaged > 0) {
    return damaged(log.name, "its records no longer match their checksums");
  }
  return {};
}

// Which table files there are stands in MANIFEST; the copy tells, for it does not change any more.
Result<std::vector<NamedFile>> Copier::copy_manifest(const DatabaseSnapshot& snapshot) {
  const auto manifest = snapshot.manifest();
  if (auto copied = copy_log(manifest); !copied) return tl::unexpected(copied.error());
  auto written = write_file(target_ + "/CURRENT", manifest.name + "\n");
  if (!written) return tl::unexpected(written.error());
  if (const auto identity = read_file(source_ + "/IDENTITY", 4096)) {
    written = write_file(target_ + "/IDENTITY", *identity);
    if (!written) return tl::unexpected(written.error());
  }
  auto named = named_files(target_);
  if (!named && named.error().code == ErrorCode::kCorrupt) {
    return damaged(manifest.name, named.error().message);
  }
  return named;
}

Result<void> Copier::copy_files(const DatabaseSnapshot& snapshot) {
  const auto files = copy_manifest(snapshot);
  if (!files) return tl::unexpected(files.error());
  done_ = total_ = 0;
  for (const NamedFile& file : *files) total_ += file.size;
  for (const auto& log : snapshot.logs()) total_ += log.size;
  for (const NamedFile& file : *files) {
    auto copied = copy_table(file, snapshot.table_path(file.name));
    if (!copied) return copied;
  }
  for (const auto& log : snapshot.logs()) {
    if (auto copied = copy_log(log); !copied) return copied;
  }
  return {};
}

Result<void> Copier::copy_database() {
  std::optional<LinkFolder> links;
  if (copy_.links_in_source) {
    LinkFolder::remove_leftovers(copy_.from);
    // On read-only media, where nothing writes either, the files are read where they are.
    if (auto made = LinkFolder::make(copy_.from)) links = *std::move(made);
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto snapshot = DatabaseSnapshot::take(source_, links ? links->path() : "");
    if (!snapshot) {
      const ErrorCode code = snapshot.error().code;
      const bool is_about_links = code == ErrorCode::kRefused || code == ErrorCode::kNoSpace;
      if (!links || !is_about_links) return tl::unexpected(snapshot.error());
      links.reset();
      continue;
    }
    const auto copied = copy_files(*snapshot);
    const bool is_of_use = snapshot->still_stands();
    if (copied && is_of_use) return {};
    if (!copied && (is_of_use || copied.error().code == ErrorCode::kInterrupted ||
                    copied.error().code == ErrorCode::kNoSpace)) {
      return copied;
    }
    std::error_code ignored;  // logs and MANIFEST of this attempt
    for (const auto& log : snapshot->logs()) fs::remove(target_ + "/" + log.name, ignored);
    fs::remove(target_ + "/" + snapshot->manifest().name, ignored);
  }
  return fail(ErrorCode::kInUse,
              "the archive {} changed while it was copied, and no links to its files can be made "
              "in its folder; try again when nothing writes to it",
              copy_.from);
}

// Written once and whole, each under a name of its own.
Result<void> Copier::copy_reports() {
  const std::string from = copy_.from + "/reports", to = copy_.to + "/reports";
  if (auto made = make_folder(to); !made) return made;
  std::error_code error;
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const auto status = look_at(entry->path());
    if (!status || !S_ISREG(status->st_mode) || name.starts_with('.')) continue;
    const std::string report = fmt::format("{}/{}", to, name);
    const std::string before = fmt::format("{}/reports/{}", copy_.earlier, name);
    if (!copy_.earlier.empty() && look_the_same(entry->path(), before) &&
        link(before, report, size_of(*status))) {
      continue;
    }
    auto copied = copy_whole(entry->path(), report, size_of(*status), {});
    if (!copied) return copied;
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return tl::unexpected(system_error(error.value(), "cannot list", from));
  }
  return sync_folder(to);
}

Result<void> Copier::copy_fixity_log() {
  const auto log = read_file(copy_.from + "/" + kFixityLog, kLargestFixityLog);
  if (!log && log.error().code == ErrorCode::kNotFound) return {};
  if (!log) return tl::unexpected(log.error());
  // A line that is being written has no end yet.
  const auto lines = std::string_view(*log).substr(0, log->rfind('\n') + 1);
  return write_file(copy_.to + "/" + kFixityLog, lines);
}

// As a writer does that closes its archive.
Result<void> Copier::seal() {
  const auto files = named_files(target_);
  if (!files) return tl::unexpected(files.error());
  std::vector<TableFile> tables(files->size());
  for (size_t i = 0; i < tables.size(); ++i) {
    tables[i].name = (*files)[i].name;
    tables[i].size = (*files)[i].size;
    tables[i].checksum = (*files)[i].checksum;
  }
  return write_seal(copy_.to, tables);
}

Result<CopyCounts> Copier::run() {
  // Before the database: an upgrade meanwhile writes its marker last, and can be done again.
  const auto marker = read_file(fmt::format("{}/{}", copy_.from, kMarkerName), 65536);
  if (!marker) return tl::unexpected(marker.error());
  if (!earlier_.empty()) {
    // One that cannot be read any more is of no use; then everything is copied.
    if (auto files = named_files(earlier_)) {
      for (NamedFile& file : *files) earlier_files_.emplace(file.name, std::move(file));
    }
  }
  // Reports first, so that all they tell of is in the copy.
  for (const auto step : {&Copier::copy_reports, &Copier::copy_fixity_log}) {
    if (auto copied = (this->*step)(); !copied) return tl::unexpected(copied.error());
  }
  if (auto made = make_folder(target_); !made) return tl::unexpected(made.error());
  if (auto copied = copy_database(); !copied) return tl::unexpected(copied.error());
  auto settled = settle_database(target_);
  if (!settled && settled.error().code == ErrorCode::kCorrupt) {
    return damaged("MANIFEST", settled.error().message);
  }
  if (settled) settled = sync_folder(target_);
  if (!settled) return tl::unexpected(settled.error());
  auto written = write_file(fmt::format("{}/{}", copy_.to, kMarkerName), *marker);
  if (written) written = seal();
  if (!written) return tl::unexpected(written.error());
  return counts_;
}

}  // namespace

Result<CopyCounts> copy_archive(const ArchiveCopy& copy) { return Copier(copy).run(); }

bool overlap(const std::string& a, const std::string& b) {
  const auto whole = [](const std::string& path) {
    std::error_code error;
    auto canonical = fs::weakly_canonical(fs::absolute(path, error), error);
    return canonical.has_filename() ? canonical : canonical.parent_path();
  };
  const fs::path first = whole(a), second = whole(b);
  const auto [of_first, of_second] =
      std::mismatch(first.begin(), first.end(), second.begin(), second.end());
  return of_first == first.end() || of_second == second.end();
}

}  // namespace halftone
