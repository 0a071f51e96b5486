// Values on their way into the blob table: few go through the database's log, many as a file.
//
// A value waits in memory until the next durable write. What waits then is at most a few MiB and
// goes into the log, in the same batch as the entries that name it; where more has come, it has
// been written to table files, which become part of the database before that batch is written. So
// each byte is written once where there are many, and one sync pays for everything where there are
// few.
//
// Numbers ascend within a file, and no two files interleave: each draws on a block of its own, so
// that RocksDB never has to merge them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "store/database.h"

namespace halftone {

// Ranges of numbers, ascending, none twice. Safe for concurrent use by several threads.
class BlobNumbers {
 public:
  // `first` has never been given. `database` must outlive this.
  BlobNumbers(Database& database, uint64_t first) : database_(database), next_(first) {}

  // The first of `count` numbers, a multiple of `count`. What was reserved before a crash is left
  // out.
  Result<uint64_t> reserve(uint64_t count);

  // Where the database keeps the first number that is not reserved yet.
  static constexpr std::string_view kKey = "next_blob";

 private:
  Database& database_;
  std::mutex mutex_;
  uint64_t next_;
};

// Chunks of one large body, in files of its own: when it is dropped, nothing is left of it. One
// thread at a time; must not outlive its database.
class LargeBody {
 public:
  LargeBody(Database& database, BlobNumbers& numbers) : database_(database), numbers_(numbers) {}

  // Writes a chunk and returns its number.
  Result<uint64_t> add(std::string_view value);

  // No more will come; what was added is on the disk when this returns.
  Result<void> finish();

 private:
  friend class BlobSpool;
  Database& database_;
  BlobNumbers& numbers_;
  std::vector<std::unique_ptr<TableFileWriter>> files_;  // all but the last are finished
  uint64_t next_ = 0, end_ = 0;                          // of the last file's numbers
};

// Safe for concurrent use by several threads.
class BlobSpool {
 public:
  BlobSpool(Database& database, BlobNumbers& numbers) : database_(database), numbers_(numbers) {}

  // Takes a value and returns its number. It may be written to a file now, but is not safe yet.
  Result<uint64_t> add(std::string value);

  // Takes a body that is finished.
  void add(std::unique_ptr<LargeBody> body);

  // A value that still waits in memory; null where it does not.
  std::shared_ptr<const std::string> find(uint64_t number) const;

  // For a durable write that is about to happen: what waits is made part of the database, or of the
  // batch. Then written() once that is on disk.
  Result<void> move_into(WriteBatch& batch);
  void written();

 private:
  using Values = std::map<uint64_t, std::shared_ptr<const std::string>>;
  using Files = std::vector<std::unique_ptr<TableFileWriter>>;

  Result<uint64_t> take_number();
  Values begin_moving();
  void end_moving(const Values& values);
  Result<void> write_to_file(const Values& values);
  Result<void> finish_file();
  Result<void> spill();

  Database& database_;
  BlobNumbers& numbers_;

  mutable std::mutex mutex_;  // of the following
  Values waiting_, moving_;   // moving: on their way to disk, still to be found here
  size_t waiting_bytes_ = 0;
  uint64_t next_ = 0, end_ = 0;  // of the block that values draw on
  Files bodies_;                 // of large ones

  std::mutex file_mutex_;  // of the following; taken before `mutex_`
  std::unique_ptr<TableFileWriter> file_;
  uint64_t file_block_ = 0;  // that its numbers are of
  Files finished_;
  Values in_batch_;
};

}  // namespace halftone
