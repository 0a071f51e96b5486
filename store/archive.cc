#include "store/archive.h"

#include <filesystem>

#include "store/archive_marker.h"
#include "store/files.h"
#include "store/lock.h"
#include "store/rocks_blob_store.h"
#include "store/seal.h"

namespace halftone {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kDatabase = "db";
constexpr std::string_view kReports = "reports";

std::string inside(const std::string& folder, std::string_view name) {
  return fmt::format("{}/{}", folder, name);
}

// True for a folder where an archive may be made: absent, empty, or left by a making that was
// interrupted, which always begins with the lock.
Result<bool> is_free(const std::string& folder) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  if (error == std::errc::no_such_file_or_directory) return true;
  if (error == std::errc::not_a_directory) return false;
  bool empty = true, has_lock = false, has_others = false;
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name == "lost+found") continue;
    empty = false;
    has_lock = has_lock || name == WriterLock::kName;
    has_others =
        has_others || (name != WriterLock::kName && name != kDatabase && name != kReports &&
                       !name.starts_with(fmt::format(".{}.", kMarkerName)));
  }
  if (error) return tl::unexpected(system_error(error.value(), "cannot list", folder));
  return empty || (has_lock && !has_others);
}

// True: an archive of a format that we know. False: none yet, and one may be made.
Result<bool> find_archive(const std::string& folder) {
  const auto format = read_format(folder);
  if (!format) return tl::unexpected(format.error());
  if (*format) {
    if (auto checked = check_format(folder, **format); !checked) {
      return tl::unexpected(checked.error());
    }
    return true;
  }
  const auto free = is_free(folder);
  if (!free) return tl::unexpected(free.error());
  if (!*free) {
    return fail(ErrorCode::kInvalid,
                "{} is not an archive: it is not empty and has no {}; name another folder", folder,
                kMarkerName);
  }
  return false;
}

Result<std::unique_ptr<Database>> make_new(const std::string& folder) {
  for (const auto name : {kReports, kDatabase}) {
    if (auto made = make_folder(inside(folder, name)); !made) return tl::unexpected(made.error());
  }
  auto database = Database::open(inside(folder, kDatabase), Database::Mode::kWrite);
  if (!database) return database;
  if (auto written = write_new_marker(folder); !written) return tl::unexpected(written.error());
  return database;
}

bool is_report_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && name[0] != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '.' || c == '_' || c == '-';
         });
}

}  // namespace

Result<std::unique_ptr<Database>> open_database(const std::string& folder, Database::Mode mode) {
  const std::string path = inside(folder, kDatabase);
  std::error_code error;
  if (!fs::exists(path + "/CURRENT", error)) {
    return fail(ErrorCode::kCorrupt,
                "the archive {} is damaged: its database {} is missing; restore it from a backup",
                folder, path);
  }
  return Database::open(path, mode);
}

// Destroyed from the last to the first: whoever uses the database, the database, the lock.
struct Archive::Parts {
  Parts(std::string path, std::optional<WriterLock> held, std::unique_ptr<Database> opened,
        std::unique_ptr<BlobStore> store)
      : folder(std::move(path)),
        lock(std::move(held)),
        database(std::move(opened)),
        blobs(std::move(store)),
        captures(*database),
        articles(*database),
        derivatives(*database),
        runs(*database) {}

  // A writer that lost nothing leaves a seal. Where it cannot, as on a full disk, there is none,
  // and checks take longer.
  ~Parts() {
    if (lock) close();
  }

  void close() {
    blobs.reset();
    if (const auto files = database->close()) (void)write_seal(folder, *files);
  }

  std::string folder;
  std::optional<WriterLock> lock;
  std::unique_ptr<Database> database;
  std::unique_ptr<BlobStore> blobs;
  Captures captures;
  Articles articles;
  Derivatives derivatives;
  Runs runs;
};

Archive::Archive(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Archive::~Archive() = default;

Result<std::unique_ptr<Archive>> Archive::open_for_writing(const std::string& folder) {
  // Before anything is made in it.
  if (const auto found = find_archive(folder); !found) return tl::unexpected(found.error());
  if (auto made = make_folder(folder); !made) return tl::unexpected(made.error());
  auto lock = WriterLock::take(folder);
  if (!lock) return tl::unexpected(lock.error());
  return open_for_writing(folder, *std::move(lock));
}

Result<std::unique_ptr<Archive>> Archive::open_for_writing(const std::string& folder,
                                                           WriterLock lock) {
  const auto found = find_archive(folder);  // again: another process may have made it meanwhile
  if (!found) return tl::unexpected(found.error());
  if (auto removed = remove_seal(folder); !removed) return tl::unexpected(removed.error());
  auto database = *found ? open_database(folder, Database::Mode::kWrite) : make_new(folder);
  if (!database) return tl::unexpected(database.error());
  auto blobs = open_blob_store(**database);
  if (!blobs) return tl::unexpected(blobs.error());
  return std::unique_ptr<Archive>(new Archive(
      std::make_unique<Parts>(folder, std::move(lock), *std::move(database), *std::move(blobs))));
}

WriterLock Archive::close(std::unique_ptr<Archive> archive) {
  Parts& parts = *archive->parts_;
  if (!parts.lock) bug("an archive that is read has no lock to leave");
  parts.close();
  WriterLock lock = *std::move(parts.lock);
  parts.lock.reset();
  return lock;
}

Result<void> Archive::check_marker(const std::string& folder) {
  const auto found = find_archive(folder);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return fail(ErrorCode::kNotFound, "there is no archive in {}", folder);
  return {};
}

Result<std::unique_ptr<Archive>> Archive::open_for_reading(const std::string& folder) {
  if (auto checked = check_marker(folder); !checked) return tl::unexpected(checked.error());
  auto database = open_database(folder, Database::Mode::kRead);
  if (!database) return tl::unexpected(database.error());
  auto blobs = open_blob_store(**database);
  if (!blobs) return tl::unexpected(blobs.error());
  return std::unique_ptr<Archive>(new Archive(
      std::make_unique<Parts>(folder, std::nullopt, *std::move(database), *std::move(blobs))));
}

BlobStore& Archive::blobs() { return *parts_->blobs; }
Captures& Archive::captures() { return parts_->captures; }
Articles& Archive::articles() { return parts_->articles; }
Derivatives& Archive::derivatives() { return parts_->derivatives; }
Runs& Archive::runs() { return parts_->runs; }
Database& Archive::database() { return *parts_->database; }
const std::string& Archive::folder() const { return parts_->folder; }

Result<ArchiveStats> Archive::stats() const {
  ArchiveStats stats;
  std::string last_id;
  auto scanned = parts_->database->scan(Table::kArticle, {}, [&](auto key, auto) {
    const auto id = key.substr(0, key.find(' '));
    if (id != last_id) ++stats.articles;
    last_id = id;
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  scanned = parts_->database->scan(Table::kCapture, {}, [&](auto, auto) {
    ++stats.captures;
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  scanned = parts_->blobs->for_each([&](const BlobInfo& blob) {
    ++stats.blobs;
    stats.blob_bytes += blob.size;
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  const auto derivatives = parts_->derivatives.count();
  if (!derivatives) return tl::unexpected(derivatives.error());
  stats.derivatives = *derivatives;
  stats.disk_bytes = disk_usage(parts_->folder);
  return stats;
}

Result<std::string> Archive::write_report(std::string_view name, std::string_view text,
                                          std::string_view type) {
  if (!is_report_name(name)) {
    return fail(ErrorCode::kInvalid, "\"{}\" cannot name a report: use letters, digits, . _ and -",
                name);
  }
  const std::string reports = inside(parts_->folder, kReports);
  if (auto made = make_folder(reports); !made) return tl::unexpected(made.error());
  const std::string path = fmt::format("{}/{}.{}", reports, name, type);
  if (auto written = write_file(path, text); !written) return tl::unexpected(written.error());
  return path;
}

}  // namespace halftone
