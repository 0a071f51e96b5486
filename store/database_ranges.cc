#include "store/database_rocks.h"

namespace halftone {

namespace {

// The bounds must outlive the iterator: RocksDB keeps their address.
struct Bounds {
  rocksdb::Slice from, to;
  rocksdb::ReadOptions applied_to(rocksdb::ReadOptions options) const {
    options.iterate_lower_bound = &from;
    if (!to.empty()) options.iterate_upper_bound = &to;
    return options;
  }
};

}  // namespace

Result<void> Database::scan_range(
    Table table, std::string_view from, std::string_view to,
    const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  count_nothing();
  const Bounds bounds{slice(from), slice(to)};
  const std::unique_ptr<rocksdb::Iterator> at(rocks_->db->NewIterator(
      bounds.applied_to(rocks_->read_options(table)), rocks_->handle(table)));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    if (!visit(view(at->key()), view(at->value()))) return {};
  }
  if (!at->status().ok()) return tl::unexpected(to_error(at->status(), rocks_->folder));
  return {};
}

Result<void> Database::scan_range_backward(
    Table table, std::string_view from, std::string_view to,
    const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  count_nothing();
  const Bounds bounds{slice(from), slice(to)};
  const std::unique_ptr<rocksdb::Iterator> at(rocks_->db->NewIterator(
      bounds.applied_to(rocks_->read_options(table)), rocks_->handle(table)));
  for (at->SeekToLast(); at->Valid(); at->Prev()) {
    if (!visit(view(at->key()), view(at->value()))) return {};
  }
  if (!at->status().ok()) return tl::unexpected(to_error(at->status(), rocks_->folder));
  return {};
}

}  // namespace halftone
