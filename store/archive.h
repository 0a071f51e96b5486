// One directory that holds everything: a database, its format version, run reports.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "media/error.h"
#include "store/article.h"
#include "store/blob_store.h"
#include "store/capture.h"
#include "store/derivatives.h"
#include "store/lock.h"
#include "store/runs.h"

namespace halftone {

struct ArchiveStats {
  uint64_t articles = 0, captures = 0, blobs = 0, blob_bytes = 0, disk_bytes = 0, derivatives = 0;
};

// Safe for concurrent use by several threads. One process writes at a time; any number read beside
// it.
class Archive {
 public:
  // The format this version writes; older ones are upgraded, newer ones refused.
  static constexpr int kFormat = 2;

  // Opens the archive for writing, making it where nothing stands yet.
  // kInUse, naming the process that writes; kNewerFormat; kOlderFormat: upgrade_archive();
  // kInvalid: the directory holds something else; kCorrupt; kNoSpace; kIo.
  static Result<std::unique_ptr<Archive>> open_for_writing(const std::string& folder);
  // The same, with the lock that close() left.
  static Result<std::unique_ptr<Archive>> open_for_writing(const std::string& folder,
                                                           WriterLock lock);

  // Closes an archive that was opened for writing, so that it is read as quickly as one that nobody
  // writes to, and still keeps others from writing.
  static WriterLock close(std::unique_ptr<Archive> archive);

  // Opens it as it is at this moment, beside a writer if there is one.
  // kNotFound: no archive there; the rest as above.
  static Result<std::unique_ptr<Archive>> open_for_reading(const std::string& folder);

  // Whether an archive stands in the folder, as its marker tells. Errors as for reading.
  static Result<void> check_marker(const std::string& folder);

  ~Archive();

  BlobStore& blobs();
  Captures& captures();
  Articles& articles();
  Derivatives& derivatives();
  Runs& runs();
  Database& database();  // for what looks after the whole: retention, gc

  const std::string& folder() const;
  Result<ArchiveStats> stats() const;

  // Writes `text` as reports/<name>.<type> and returns its path. Whole or not at all.
  Result<std::string> write_report(std::string_view name, std::string_view text,
                                   std::string_view type = "json");

 private:
  struct Parts;
  explicit Archive(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// The database of the archive in `folder`, whose format and lock the caller has seen to.
// kCorrupt: it is missing; else as Database::open().
Result<std::unique_ptr<Database>> open_database(const std::string& folder, Database::Mode mode);

}  // namespace halftone
