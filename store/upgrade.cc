#include "store/upgrade.h"

#include <filesystem>

#include "store/archive.h"
#include "store/archive_marker.h"
#include "store/article_index.h"
#include "store/article_json.h"
#include "store/lock.h"

namespace halftone {

namespace {

constexpr size_t kBatchVersions = 256;

// Writes the index rows of every version, a batch at a time. Rows that an interrupted upgrade wrote
// are written again.
class Indexing {
 public:
  Indexing(Database& database, const std::function<void(uint64_t)>& progress, Upgrade& upgrade)
      : database_(database), progress_(progress), upgrade_(upgrade) {}

  Result<void> run() {
    const auto scanned = database_.scan(Table::kArticle, {}, [&](auto key, auto value) {
      add(key, value);
      if (upgrade_.versions % kBatchVersions == 0) flush();
      return written_.has_value();
    });
    if (!scanned) return scanned;
    if (written_) flush();
    return written_;
  }

 private:
  void add(std::string_view key, std::string_view value) {
    auto article = article_from_json(value);
    const auto time = article_index::captured_at_in(key);
    if (!article || !time || key.size() != article_index::kVersionSize) {
      upgrade_.damaged.emplace_back(key);
      return;
    }
    article->id = article_index::id_in(key);
    article->captured_at = *time;
    article_index::add_rows(*article, batch_);
    ++upgrade_.versions;
  }

  void flush() {
    // The last one also makes those before it safe: the log is one.
    written_ = database_.write(std::move(batch_), true);
    batch_ = WriteBatch();
    progress_(upgrade_.versions);
  }

  Database& database_;
  const std::function<void(uint64_t)>& progress_;
  Upgrade& upgrade_;
  WriteBatch batch_;
  Result<void> written_;
};

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
  {
    const auto database = open_database(folder, Database::Mode::kWrite);
    if (!database) return tl::unexpected(database.error());
    if (auto run = Indexing(**database, progress, upgrade).run(); !run) {
      return tl::unexpected(run.error().during("upgrading " + folder));
    }
  }
  if (auto written = write_upgraded_marker(folder); !written) {
    return tl::unexpected(written.error());
  }
  return upgrade;
}

}  // namespace halftone
