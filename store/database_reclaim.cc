#include <rocksdb/convenience.h>

#include "store/database_rocks.h"

namespace halftone {

Result<void> Database::flush() {
  if (const auto failure = rocks_->earlier_failure()) return tl::unexpected(*failure);
  const auto status = rocks_->db->Flush(rocksdb::FlushOptions(), rocks_->handles);
  if (!status.ok()) return tl::unexpected(rocks_->fail_for_good(status));
  return {};
}

Result<void> Database::drop_files(Table table, const std::vector<KeyRange>& ranges) {
  if (const auto failure = rocks_->earlier_failure()) return tl::unexpected(*failure);
  std::vector<rocksdb::Slice> bounds;  // RocksDB keeps their addresses
  bounds.reserve(ranges.size() * 2);
  std::vector<rocksdb::RangePtr> pointers;
  for (const KeyRange& range : ranges) {
    bounds.emplace_back(slice(range.first));
    bounds.emplace_back(slice(range.last));
    pointers.emplace_back(&bounds[bounds.size() - 2], &bounds.back());
  }
  const auto status = rocksdb::DeleteFilesInRanges(rocks_->db.get(), rocks_->handle(table),
                                                   pointers.data(), pointers.size());
  if (!status.ok()) return tl::unexpected(rocks_->fail_for_good(status));
  return {};
}

Result<void> Database::rewrite(Table table, const KeyRange& range) {
  if (auto flushed = flush(); !flushed) return flushed;
  rocksdb::CompactRangeOptions options;
  // What was removed leaves a file only when the file is written anew, at the bottom, too.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  const rocksdb::Slice first(slice(range.first)), last(slice(range.last));
  const auto status = rocks_->db->CompactRange(options, rocks_->handle(table),
                                               range.first.empty() ? nullptr : &first,
                                               range.last.empty() ? nullptr : &last);
  if (!status.ok()) return tl::unexpected(rocks_->fail_for_good(status));
  return {};
}

}  // namespace halftone
