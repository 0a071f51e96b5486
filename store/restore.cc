#include "store/restore.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "store/archive.h"
#include "store/archive_marker.h"
#include "store/files.h"
#include "store/fixity_log.h"
#include "store/lock.h"
#include "store/seal.h"

namespace halftone {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBuilding = ".restore.tmp";

bool is_part_of_archive(const std::string& name) {
  return name == "db" || name == "reports" || name == kFixityLog || name == Seal::kName ||
         (name.starts_with('.') && name.ends_with(".tmp"));
}

// What a restore that was interrupted leaves has the lock, and no marker.
Result<void> check_target(const std::string& folder) {
  const auto names = list_folder(folder);
  if (!names) return tl::unexpected(names.error());
  bool has_lock = false, has_parts = false, has_others = false;
  for (const std::string& name : *names) {
    if (name == kMarkerName) {
      return fail(ErrorCode::kInvalid,
                  "there is an archive in {} already; name another --archive, or join the two with "
                  "`halftone merge`",
                  folder);
    }
    if (name == "lost+found") continue;
    const bool is_lock = name == WriterLock::kName, is_part = is_part_of_archive(name);
    has_lock = has_lock || is_lock;
    has_parts = has_parts || is_part;
    has_others = has_others || (!is_lock && !is_part);
  }
  if (!has_others && (has_lock || !has_parts)) return {};
  return fail(ErrorCode::kInvalid, "{} is not empty; an archive is restored into a new folder",
              folder);
}

void clear(const std::string& folder) {
  const auto names = list_folder(folder);
  if (!names) return;
  std::error_code ignored;
  for (const std::string& name : *names) {
    if (name != WriterLock::kName && name != "lost+found") {
      fs::remove_all(fs::path(folder) / name, ignored);
    }
  }
}

Result<void> move(const std::string& name, const std::string& from, const std::string& to) {
  if (std::rename((from + "/" + name).c_str(), (to + "/" + name).c_str()) != 0) {
    return tl::unexpected(system_error(errno, "cannot put in place", to + "/" + name));
  }
  return {};
}

// The marker last, when all else is on the disk.
Result<void> put_in_place(const std::string& building, const std::string& archive) {
  const auto names = list_folder(building);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (name == kMarkerName) continue;
    if (auto moved = move(name, building, archive); !moved) return moved;
  }
  auto done = sync_folder(archive);
  if (done) done = move(std::string(kMarkerName), building, archive);
  if (done) done = sync_folder(archive);
  std::error_code ignored;
  fs::remove(building, ignored);
  return done;
}

}  // namespace

Result<CopyCounts> restore(const RestoreOptions& options) {
  const auto found = Archive::check_marker(options.from);
  if (!found && found.error().code != ErrorCode::kOlderFormat) {
    return tl::unexpected(found.error());
  }
  if (overlap(options.from, options.archive)) {
    return fail(ErrorCode::kInvalid,
                "{} and {} must not be inside each other; name another --archive", options.from,
                options.archive);
  }
  auto ready = check_target(options.archive);
  if (ready) ready = make_folder(options.archive);
  if (!ready) return tl::unexpected(ready.error());
  const auto lock = WriterLock::take(options.archive);
  if (!lock) return tl::unexpected(lock.error());
  ready = check_target(options.archive);
  if (!ready) return tl::unexpected(ready.error());

  clear(options.archive);
  const std::string building = options.archive + "/" + kBuilding;
  if (auto made = make_folder(building); !made) return tl::unexpected(made.error());
  const auto counts = copy_archive({.from = options.from,
                                    .to = building,
                                    .earlier = {},
                                    .links_in_source = false,
                                    .on_copied = options.on_copied});
  if (!counts) {
    clear(options.archive);
    return counts;
  }
  auto placed = put_in_place(building, options.archive);
  if (!placed) return tl::unexpected(placed.error());
  return counts;
}

}  // namespace halftone
