// Ordered tables of bytes on disk: the only door to RocksDB.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone {

// One RocksDB column family each; docs/format.md tells keys and values.
enum class Table : uint8_t {
  kMeta,
  kDigest,
  kBlob,
  kCapture,
  kArticle,
  kImage,
  kDerivative,
  kRun,
  kIndex
};

// Changes that happen together or not at all.
class WriteBatch {
 public:
  WriteBatch();
  ~WriteBatch();
  WriteBatch(WriteBatch&&) noexcept;
  WriteBatch& operator=(WriteBatch&&) noexcept;

  void put(Table table, std::string_view key, std::string_view value);
  void remove(Table table, std::string_view key);

 private:
  friend class Database;
  struct Changes;
  std::unique_ptr<Changes> changes_;
};

// A file that holds entries of a table. It never changes until it is deleted.
struct TableFile {
  Table table;
  std::string name;  // "000012.sst", in the database's folder
  uint64_t size = 0;
  std::string first_key, last_key;
  // CRC-32C of the whole file, from when it was written, as eight hexadecimal digits; empty where
  // that is not known (files of format 1).
  std::string checksum;
  uint64_t entries = 0;    // removals among them
  uint64_t deletions = 0;  // of those, removals
};

// Keys, first and last included.
struct KeyRange {
  std::string first, last;
};

// Entries on their way into a table as one file, beside the log. They are seen by nobody until
// Database::add_files(). One thread at a time; must not outlive its database.
class TableFileWriter {
 public:
  // What was not added to the database is deleted.
  ~TableFileWriter();

  // Keys ascend. An error here, as in finish(), fails the database for good.
  Result<void> put(std::string_view key, std::string_view value);

  // Bytes so far.
  uint64_t size() const;

  // No more will come. The file is on the disk when this returns; a second call does nothing.
  Result<void> finish();

 private:
  friend class Database;
  struct File;
  explicit TableFileWriter(std::unique_ptr<File> file);
  std::unique_ptr<File> file_;
};

// Writes that somebody holds back until the next durable one.
class HeldWrites {
 public:
  virtual ~HeldWrites() = default;

  // Adds them to a batch that is about to be written durably.
  virtual Result<void> move_into(WriteBatch& batch) = 0;

  // That batch is on the disk.
  virtual void written() = 0;
};

struct DatabaseEnvironment;  // database_rocks.h

// Safe for concurrent use by several threads.
class Database {
 public:
  enum class Mode {
    kWrite,
    kRead,
    kCheck,    // reads, and opens whatever can be opened of a damaged database
    kSalvage,  // the same, and takes blocks that do not match their checksum: for blobs alone,
               // which have a digest
    kRepair,   // writes the same way, and leaves the files as they are until it is told otherwise
  };

  // Opens or, with kWrite, makes the database in `folder`. kRead opens a secondary instance, which
  // sees what was there at this moment and never blocks a writer; write() is then refused (kIo).
  // kInUse: another process writes; kNotFound: nothing to read there; kCorrupt: no sound database;
  // kNoSpace, kIo.
  // `environment` is another file system than the machine's, for tests; it must outlive the
  // database.
  static Result<std::unique_ptr<Database>> open(const std::string& folder, Mode mode,
                                                const DatabaseEnvironment* environment = nullptr);
  ~Database();

  // Moves what is in the log into table files, ends all work and returns the files that make up the
  // database from then on; nothing else may be called afterwards. Closed it is in any case; kIo,
  // kNoSpace and others: not all of it went into files.
  Result<std::vector<TableFile>> close();

  Result<std::optional<std::string>> get(Table table, std::string_view key) const;

  // Applies the batch. `durable`: returns after this and every earlier write, held ones among them,
  // is safe from a power cut. Without it the write survives the process, but not the machine. Once
  // a write has failed, every later one fails alike until the database is opened again.
  Result<void> write(WriteBatch batch, bool durable);

  // Every durable write takes along what `held` holds from now on; null ends that. `held` must
  // outlive the database or that end.
  void hold(HeldWrites* held);

  // Begins a file of entries for a table.
  Result<std::unique_ptr<TableFileWriter>> new_file(Table table);

  // Makes finished files part of the table, all at once and durably. Their keys must not be in the
  // table.
  Result<void> add_files(Table table, const std::vector<std::unique_ptr<TableFileWriter>>& files);

  // With kRead and, for get(), with kCheck: takes in what was written since the opening. Entries
  // that were written through the log may be seen before the files that they came after.
  Result<void> catch_up() const;

  // Calls `visit` for each entry whose key begins with `prefix`, in key order, until it returns
  // false.
  Result<void> scan(
      Table table, std::string_view prefix,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  // The same from the last such entry to the first.
  Result<void> scan_backward(
      Table table, std::string_view prefix,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  // The same for the entries with from <= key < to; an empty `to` is the end of the table.
  Result<void> scan_range(
      Table table, std::string_view from, std::string_view to,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) const;
  Result<void> scan_range_backward(
      Table table, std::string_view from, std::string_view to,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  // The last entry whose key begins with `prefix`.
  Result<std::optional<std::pair<std::string, std::string>>> last(Table table,
                                                                  std::string_view prefix) const;

  // The files that hold what is written, as this instance sees it; what has not left the log yet is
  // in none.
  std::vector<TableFile> table_files() const;

  // How removed entries give their space back; kIo for a reader, kNoSpace, kCorrupt.
  //
  // Brings what is written into table files.
  Result<void> flush();
  // Drops the files that hold keys of one of the ranges and nothing else, if they have settled
  // below the youngest level. What they hold is gone.
  Result<void> drop_files(Table table, const std::vector<KeyRange>& ranges);
  // Writes the files anew that overlap the range, without what was removed. An empty key is the end
  // of the table.
  Result<void> rewrite(Table table, const KeyRange& range);
  // A scan that goes on behind what cannot be read. `lost` is told of each range of keys, without
  // its ends, where there may have been entries; an empty `before` stands for the end of the table.
  struct Lost {
    std::string after, before, why;
  };
  void scan_past_damage(
      Table table, std::string_view prefix,
      const std::function<bool(std::string_view key, std::string_view value)>& visit,
      const std::function<void(const Lost&)>& lost) const;

  // With kRepair: writes again what can be read of these files of one table, durably, and drops
  // them. `lost` as above. Before that nothing is dropped. kIo, kNoSpace.
  Result<void> replace(const std::vector<TableFile>& damaged,
                       const std::function<void(const Lost&)>& lost);

  // Reads every block of the file and checks it against its checksum. kCorrupt, kIo.
  Result<void> check_blocks(const TableFile& file) const;

  struct Rocks;  // database_rocks.h

 private:
  explicit Database(std::unique_ptr<Rocks> rocks);
  std::unique_ptr<Rocks> rocks_;
};

}  // namespace halftone
