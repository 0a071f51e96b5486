#include "store/backup.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "store/archive.h"
#include "store/archive_marker.h"
#include "store/files.h"
#include "store/lock.h"

namespace halftone {

namespace fs = std::filesystem;

namespace {

using nlohmann::json;

constexpr const char* kMarker = "halftone-backup.json";
constexpr int kFormat = 1;

std::string inside(const std::string& folder, std::string_view name) {
  return fmt::format("{}/{}", folder, name);
}

// "20261127T093000Z".
std::string name_of(Time time) {
  const std::string digits = to_digits(time);
  return fmt::format("{}T{}Z", digits.substr(0, 8), digits.substr(8, 6));
}

std::optional<Time> time_in(std::string_view name) {
  if (name.size() != 16 || name[8] != 'T' || name[15] != 'Z') return std::nullopt;
  return from_digits(fmt::format("{}{}000000", name.substr(0, 8), name.substr(9, 6)));
}

std::string hidden(const std::string& folder, const std::string& name) {
  return fmt::format("{}/.{}.tmp", folder, name);
}

bool is_hidden_generation(const std::string& name) {
  return name.starts_with('.') && name.ends_with(".tmp") && name.size() == 21 &&
         time_in(std::string_view(name).substr(1, 16));
}

// What an archive is called in the marker: RocksDB's name for its database, which every copy keeps.
std::string identity_of(const std::string& archive) {
  const auto text = read_file(archive + "/db/IDENTITY", 4096);
  return text ? text->substr(0, text->find('\n')) : std::string();
}

// The archive that a backup is of. kNotFound: no backup there.
Result<std::string> read_marker(const std::string& folder) {
  const std::string path = inside(folder, kMarker);
  const auto text = read_file(path, 65536);
  if (!text) return tl::unexpected(text.error());
  const json marker = json::parse(*text, nullptr, false);
  const auto word = [&](const char* name) {
    return marker.is_object() ? marker.value(name, json()) : json();
  };
  const json format = word("backup"), archive = word("archive");
  if (!format.is_number_integer() || format < 1 || !archive.is_string()) {
    return fail(ErrorCode::kCorrupt,
                "{} is damaged; the generations beside it can be used as archives all the same",
                path);
  }
  if (format > kFormat) {
    return fail(ErrorCode::kNewerFormat, "the backup {} was made by a newer halftone: upgrade",
                folder);
  }
  return archive.get<std::string>();
}

Result<void> write_marker(const std::string& folder, const std::string& archive) {
  const json marker = {{"backup", kFormat},
                       {"archive", archive},
                       {"created", to_iso8601(std::chrono::floor<std::chrono::seconds>(now()))},
                       {"made_by", "halftone " HALFTONE_VERSION}};
  return write_file(inside(folder, kMarker),
                    marker.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

// A backup of this archive, or a folder where one may begin: absent, empty, or with nothing but the
// lock and the marker's beginnings.
Result<void> check_folder(const std::string& folder, const std::string& archive) {
  const auto of = read_marker(folder);
  if (of) {
    if (of->empty() || archive.empty() || *of == archive) return {};
    return fail(ErrorCode::kInvalid, "{} holds backups of another archive; name another folder",
                folder);
  }
  if (of.error().code != ErrorCode::kNotFound) return tl::unexpected(of.error());
  const auto names = list_folder(folder);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (name == WriterLock::kName || name == "lost+found" ||
        name.starts_with(fmt::format(".{}.", kMarker))) {
      continue;
    }
    return fail(ErrorCode::kInvalid,
                "{} is no backup: it is not empty and has no {}; name another folder", folder,
                kMarker);
  }
  return {};
}

void remove_leftovers(const std::string& folder) {
  const auto names = list_folder(folder);
  if (!names) return;
  std::error_code ignored;
  for (const std::string& name : *names) {
    if (is_hidden_generation(name)) fs::remove_all(inside(folder, name), ignored);
  }
}

// Later than all others, so that names tell which is the newest, whatever the clock does.
std::string next_name(const std::vector<std::string>& earlier) {
  Time time = now();
  if (!earlier.empty()) {
    const auto last = time_of_generation(earlier.back());
    if (last) time = std::max(time, *last + Time::duration(std::chrono::seconds(1)));
  }
  return name_of(time);
}

Result<void> rename_durably(const std::string& from, const std::string& to,
                            const std::string& folder) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return tl::unexpected(system_error(errno, "cannot put in place", to));
  }
  return sync_folder(folder);
}

// Hidden first, so that no half generation is ever seen.
Result<std::vector<std::string>> remove_oldest(const std::string& folder, size_t keep) {
  std::vector<std::string> removed;
  auto all = generations(folder);
  if (!all) return all;
  while (all->size() - removed.size() > keep) {
    const std::string& oldest = (*all)[removed.size()];
    const std::string out_of_sight = hidden(folder, fs::path(oldest).filename().string());
    auto renamed = rename_durably(oldest, out_of_sight, folder);
    if (!renamed) return tl::unexpected(renamed.error());
    std::error_code error;
    fs::remove_all(out_of_sight, error);
    if (error) {
      return tl::unexpected(system_error(error.value(), "cannot remove", out_of_sight));
    }
    removed.push_back(oldest);
  }
  return removed;
}

Result<void> check_places(const BackupOptions& options) {
  const auto found = Archive::check_marker(options.archive);
  if (!found && found.error().code != ErrorCode::kOlderFormat) return found;
  if (overlap(options.archive, options.folder)) {
    return fail(ErrorCode::kInvalid,
                "the backup {} and the archive {} must not be inside each other; name another "
                "folder, best on another disk",
                options.folder, options.archive);
  }
  return {};
}

Result<BackupReport> add_generation(const BackupOptions& options) {
  const auto earlier = generations(options.folder);
  if (!earlier) return tl::unexpected(earlier.error());
  const std::string name = next_name(*earlier);
  const std::string building = hidden(options.folder, name);
  if (auto made = make_folder(building); !made) return tl::unexpected(made.error());
  const auto counts = copy_archive({.from = options.archive,
                                    .to = building,
                                    .earlier = earlier->empty() ? "" : earlier->back(),
                                    .on_copied = options.on_copied});
  if (!counts) return tl::unexpected(counts.error());
  BackupReport report{.generation = inside(options.folder, name), .counts = *counts, .removed = {}};
  auto renamed = rename_durably(building, report.generation, options.folder);
  if (!renamed) return tl::unexpected(renamed.error());
  return report;
}

}  // namespace

Result<BackupReport> back_up(const BackupOptions& options) {
  if (auto checked = check_places(options); !checked) return tl::unexpected(checked.error());
  const std::string identity = identity_of(options.archive);
  auto ready = check_folder(options.folder, identity);  // before anything is made in it
  if (ready) ready = make_folder(options.folder);
  if (!ready) return tl::unexpected(ready.error());
  const auto lock = WriterLock::take(options.folder, "backup");
  if (!lock) return tl::unexpected(lock.error());
  ready = check_folder(options.folder, identity);
  if (ready && !read_marker(options.folder)) ready = write_marker(options.folder, identity);
  if (!ready) return tl::unexpected(ready.error());

  remove_leftovers(options.folder);
  auto report = add_generation(options);
  if (!report) {
    remove_leftovers(options.folder);
    return report;
  }
  if (options.keep > 0) {
    auto removed = remove_oldest(options.folder, options.keep);
    if (!removed) return tl::unexpected(removed.error());
    report->removed = *std::move(removed);
  }
  return report;
}

Result<std::vector<std::string>> generations(const std::string& folder) {
  if (const auto of = read_marker(folder); !of) {
    if (of.error().code != ErrorCode::kNotFound) return tl::unexpected(of.error());
    return fail(ErrorCode::kNotFound, "there is no backup in {}", folder);
  }
  const auto names = list_folder(folder);
  if (!names) return tl::unexpected(names.error());
  std::vector<std::string> paths;
  for (const std::string& name : *names) {
    if (time_in(name)) paths.push_back(inside(folder, name));
  }
  return paths;
}

Result<std::string> find_generation(const std::string& named, std::optional<Time> until) {
  std::error_code error;
  if (fs::exists(inside(named, kMarkerName), error)) return named;
  const auto all = generations(named);
  if (!all) {
    if (all.error().code != ErrorCode::kNotFound) return tl::unexpected(all.error());
    return fail(ErrorCode::kNotFound, "{} is neither an archive nor a backup", named);
  }
  for (auto path = all->rbegin(); path != all->rend(); ++path) {
    if (!until || *time_of_generation(*path) <= *until) return *path;
  }
  if (all->empty()) return fail(ErrorCode::kNotFound, "the backup {} holds no generation", named);
  return fail(ErrorCode::kNotFound,
              "the backup {} holds no generation of that time; its oldest is {}", named,
              all->front());
}

std::optional<Time> time_of_generation(const std::string& path) {
  return time_in(fs::path(path).filename().string());
}

}  // namespace halftone
