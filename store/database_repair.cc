// Taking damaged table files out of a database, with what can still be read of them kept.
#include <algorithm>
#include <set>

#include <rocksdb/convenience.h>
#include <rocksdb/metadata.h>
#include <rocksdb/write_batch.h>

#include "store/database_rocks.h"

namespace halftone {

namespace {

constexpr size_t kBatchBytes = size_t{4} << 20;

// Puts rows again, past the log: they are flushed before anything is dropped.
class Rewriter {
 public:
  Rewriter(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) : db_(db), family_(family) {}

  bool take(std::string_view key, std::string_view value) {
    status_ = batch_.Put(family_, slice(key), slice(value));
    if (status_.ok() && batch_.GetDataSize() >= kBatchBytes) write();
    return status_.ok();
  }

  rocksdb::Status finish() {
    if (status_.ok()) write();
    if (status_.ok()) status_ = db_.Flush(rocksdb::FlushOptions(), family_);
    return status_;
  }

 private:
  void write() {
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    status_ = db_.Write(options, &batch_);
    batch_.Clear();
  }

  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle* family_;
  rocksdb::WriteBatch batch_;
  rocksdb::Status status_;
};

// Names of the files at level 0, the oldest first: the only order in which they can be dropped.
std::vector<std::string> first_level(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
  rocksdb::ColumnFamilyMetaData about;
  db.GetColumnFamilyMetaData(family, &about);
  auto files =
      about.levels.empty() ? std::vector<rocksdb::SstFileMetaData>() : about.levels[0].files;
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.largest_seqno < b.largest_seqno; });
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const auto& file : files) names.push_back(file.relative_filename);
  return names;
}

}  // namespace

// A file below level 0 overlaps none of its level: its range is written again, and all files
// within that range are dropped. At level 0 only the oldest can be dropped, and only where nothing
// lies below: then the whole table is written again.
Result<void> Database::replace(const std::vector<TableFile>& damaged,
                               const std::function<void(const Lost&)>& lost) {
  if (damaged.empty()) return {};
  const Table table = damaged.front().table;
  auto* family = rocks_->handle(table);
  const auto old_files = first_level(*rocks_->db, family);
  const bool is_whole = std::any_of(damaged.begin(), damaged.end(), [&](const TableFile& file) {
    return std::find(old_files.begin(), old_files.end(), file.name) != old_files.end();
  });
  Rewriter rewriter(*rocks_->db, family);
  const auto rewrite = [&](std::string_view from, std::string_view end) {
    rocks_->scan_range(
        table, from, end, [&](auto key, auto value) { return rewriter.take(key, value); }, lost);
  };
  if (is_whole) {
    rewrite({}, {});
  } else {
    for (const TableFile& file : damaged) rewrite(file.first_key, file.last_key + '\0');
  }
  auto status = rewriter.finish();
  if (!status.ok()) return tl::unexpected(rocks_->fail_for_good(status));

  if (is_whole) {
    status = rocksdb::DeleteFilesInRange(rocks_->db.get(), family, nullptr, nullptr);
    for (auto name = old_files.begin(); name != old_files.end() && status.ok(); ++name) {
      status = rocks_->db->DeleteFile("/" + *name);
    }
  } else {
    for (const TableFile& file : damaged) {
      const rocksdb::Slice first = slice(file.first_key), last = slice(file.last_key);
      status = rocksdb::DeleteFilesInRange(rocks_->db.get(), family, &first, &last);
      if (!status.ok()) break;
    }
  }
  if (!status.ok()) return tl::unexpected(to_error(status, rocks_->folder));
  return {};
}

}  // namespace halftone
