// The RocksDB behind a Database, for the files that carry it out; nobody else includes this.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/db.h>

#include "store/database.h"

namespace halftone {

struct Database::Rocks {
  std::string folder;
  Mode mode;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  // Debian's RocksDB has its assertions on, and one of them fails when a file is touched again
  // after a failed write. So the first failure is the answer to every later write, and nothing is
  // flushed.
  std::mutex failure_mutex;
  std::optional<Error> failure;

  std::optional<Error> earlier_failure() {
    const std::lock_guard lock(failure_mutex);
    return failure;
  }
  Error fail_for_good(const rocksdb::Status& status);

  rocksdb::ColumnFamilyHandle* handle(Table table) const {
    return handles[static_cast<size_t>(table)];
  }
  rocksdb::ReadOptions read_options(Table table) const {
    rocksdb::ReadOptions options;
    options.fill_cache = table != Table::kBlob;  // one large body would push out everything else
    return options;
  }

  rocksdb::Status open_for_writing();
  rocksdb::Status open_for_reading();
  rocksdb::Status open_as_secondary();
  void close();
  ~Rocks() { close(); }
};

// What a status means for the database in `folder`: kNoSpace, kInUse, kCorrupt or kIo, in words.
Error to_error(const rocksdb::Status& status, const std::string& folder);

// A view of nothing has no address, which RocksDB asserts against.
inline rocksdb::Slice slice(std::string_view bytes) {
  return bytes.empty() ? rocksdb::Slice() : rocksdb::Slice(bytes.data(), bytes.size());
}
inline std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

// The column family's table; nothing for one that is not ours.
std::optional<Table> table_named(std::string_view family);

// Options and column families as the archive's database has them, for other ways to open it.
rocksdb::DBOptions database_options();
std::vector<rocksdb::ColumnFamilyDescriptor> column_families();

// The checksum that RocksDB keeps of each table file: CRC-32C, four bytes, big-endian.
constexpr std::string_view kChecksumName = "FileChecksumCrc32c";

// That of a table file, as TableFile::checksum.
std::string checksum_of(const rocksdb::LiveFileMetaData& file);

// The first key after all that begin with `prefix`; empty where there is none.
std::string after_prefix(std::string_view prefix);

}  // namespace halftone
