// The RocksDB behind a Database, for the files that carry it out; nobody else includes this.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/perf_level.h>

#include "store/database.h"

namespace halftone {

struct DatabaseEnvironment {
  rocksdb::Env* env;
};

struct Database::Rocks {
  std::string folder;
  rocksdb::Env* env = rocksdb::Env::Default();
  Mode mode;
  bool is_secondary = false;  // a reader that may have a writer beside it
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  // Debian's RocksDB has its assertions on, and one of them fails when a file is touched again
  // after a failed write. So the first failure is the answer to every later write, and nothing is
  // flushed.
  std::mutex failure_mutex;
  std::optional<Error> failure;
  std::mutex durable_mutex;  // of `held`: one durable write at a time
  HeldWrites* held = nullptr;
  std::atomic<uint64_t> files_begun{0};
  bool is_flushed = false;  // for the last time
  // Of an instance opened for checking: what the MANIFEST was before, and the same database as it
  // is now, for entries whose files came between.
  std::string opened_at;
  mutable std::mutex later_mutex;
  mutable std::shared_ptr<Rocks> later;

  std::optional<Error> earlier_failure() {
    const std::lock_guard lock(failure_mutex);
    return failure;
  }
  Error fail_for_good(const rocksdb::Status& status);
  Result<std::optional<std::string>> get(Table table, std::string_view key) const;
  Result<void> write(WriteBatch batch, bool durable);

  rocksdb::ColumnFamilyHandle* handle(Table table) const {
    return handles[static_cast<size_t>(table)];
  }
  rocksdb::ReadOptions read_options(Table table) const {
    rocksdb::ReadOptions options;
    options.verify_checksums = mode != Mode::kSalvage;
    options.fill_cache = table != Table::kBlob;  // one large body would push out everything else
    return options;
  }

  // Where files are written before they become part of the database; emptied when it is opened.
  std::string incoming() const { return folder + "/incoming"; }

  bool may_write() const { return mode == Mode::kWrite || mode == Mode::kRepair; }

  // Which MANIFEST, and how long it is.
  std::string manifest_state() const;

  bool put_back_missing(const rocksdb::Status& status);
  std::string missing_;          // by put_back_missing(): the last file that was
  std::set<std::string> tried_;  // and what it has tried in its place

  rocksdb::Status open();
  rocksdb::Status open_for_writing();
  rocksdb::Status open_for_reading();
  rocksdb::Status open_as_secondary();
  rocksdb::Status open_for_checking();
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  // Keys from `from` up to `end`, which is none of them; empty: to the end of the table.
  void scan_range(Table table, std::string_view from, std::string_view end, const Visit& visit,
                  const std::function<void(const Lost&)>& lost) const;
  std::string first_key(Table table) const;  // of its files
  void scan_by_files(Table table, std::string_view from, std::string_view end,
                     const Visit& visit) const;

  rocksdb::Status flush();
  void close();
  ~Rocks() { close(); }
};

// What a status means for the database in `folder`: kNoSpace, kInUse, kCorrupt or kIo, in words.
Error to_error(const rocksdb::Status& status, const std::string& folder);

// RocksDB counts, for each thread, every key that it compares; nobody asks, and it costs a tenth.
inline void count_nothing() { rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable); }

// A view of nothing has no address, which RocksDB asserts against.
inline rocksdb::Slice slice(std::string_view bytes) {
  return bytes.empty() ? rocksdb::Slice() : rocksdb::Slice(bytes.data(), bytes.size());
}
inline std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

// The column family's table; nothing for one that is not ours.
std::optional<Table> table_named(std::string_view family);

// A raised limit for this process: readers keep every table file open.
void allow_many_open_files();

// Options and column families as the archive's database has them, for other ways to open it.
// Makes the checksums of whole files; the same as GetFileChecksumGenCrc32cFactory()'s.
std::shared_ptr<rocksdb::FileChecksumGenFactory> file_checksums();

rocksdb::DBOptions database_options(rocksdb::Env* env);
std::vector<rocksdb::ColumnFamilyDescriptor> column_families();

// The checksum that RocksDB keeps of each table file: CRC-32C, four bytes, big-endian.
constexpr std::string_view kChecksumName = "FileChecksumCrc32c";

// That of a table file, as TableFile::checksum.
std::string checksum_of(const rocksdb::LiveFileMetaData& file);

// The first key after all that begin with `prefix`; empty where there is none.
std::string after_prefix(std::string_view prefix);

}  // namespace halftone
