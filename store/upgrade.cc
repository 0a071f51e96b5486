#include "store/upgrade.h"

#include "store/archive.h"
#include "store/archive_marker.h"
#include "store/index_articles.h"
#include "store/lock.h"
#include "store/seal.h"

namespace halftone {

namespace {

// The format there; kNotFound where no archive is.
Result<int64_t> format_of(const std::string& folder) {
  const auto format = read_format(folder);
  if (!format) return tl::unexpected(format.error());
  if (!*format) return fail(ErrorCode::kNotFound, "there is no archive in {}", folder);
  if (**format > Archive::kFormat) {
    const auto checked = check_format(folder, **format);
    return tl::unexpected(checked.error());
  }
  return **format;
}

}  // namespace

Result<Upgrade> upgrade_archive(const std::string& folder,
                                const std::function<void(uint64_t versions)>& progress) {
  const auto found = format_of(folder);
  if (!found) return tl::unexpected(found.error());
  if (*found == Archive::kFormat) return Upgrade{.from = *found, .to = *found, .damaged = {}};
  const auto lock = WriterLock::take(folder);
  if (!lock) return tl::unexpected(lock.error());
  const auto format = format_of(folder);  // again: another process may have upgraded it meanwhile
  if (!format) return tl::unexpected(format.error());
  Upgrade upgrade{.from = *format, .to = Archive::kFormat, .damaged = {}};
  if (upgrade.from == upgrade.to) return upgrade;
  if (auto removed = remove_seal(folder); !removed) return tl::unexpected(removed.error());
  const auto database = open_database(folder, Database::Mode::kWrite);
  if (!database) return tl::unexpected(database.error());
  auto indexed = index_articles(**database, progress);
  if (!indexed) return tl::unexpected(indexed.error().during("upgrading " + folder));
  upgrade.versions = indexed->versions;
  upgrade.damaged = std::move(indexed->damaged);
  const auto files = (*database)->close();
  if (!files) return tl::unexpected(files.error().during("upgrading " + folder));
  if (auto written = write_upgraded_marker(folder); !written) {
    return tl::unexpected(written.error());
  }
  (void)write_seal(folder, *files);  // where this fails, checks take longer
  return upgrade;
}

}  // namespace halftone
