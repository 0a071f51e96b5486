// The parts of verify(); nobody else includes this.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/blob_store.h"
#include "store/database.h"
#include "store/number_set.h"
#include "store/seal.h"
#include "store/verify.h"

namespace halftone::verifying {

// Gathers what is found, and tells how far the check has come. Safe for concurrent use, but for
// result().
class Findings {
 public:
  Findings(VerifyResult& result, const std::function<bool(const VerifyProgress&)>& go_on)
      : result_(result), go_on_(go_on) {}

  void damage(std::string object, std::string why);
  void harm(HarmedArticle article);
  void harm_capture(const std::string& url);
  void bad_blob(const Digest& digest);

  void stage(std::string_view name);
  void expect(uint64_t bytes) { total_ += bytes; }
  void advance(uint64_t bytes);
  bool stopped() const { return stopped_; }

  VerifyResult& result() { return result_; }

 private:
  std::mutex mutex_;
  VerifyResult& result_;
  const std::function<bool(const VerifyProgress&)>& go_on_;
  std::map<std::string, size_t> harmed_;  // by id: where it stands in the result
  std::string_view stage_ = "files";
  std::atomic<uint64_t> done_ = 0, total_ = 0;
  std::atomic<int64_t> told_ = 0;  // when, in milliseconds
  std::atomic<bool> stopped_ = false;
};

// Compares files with the seal, or reads the logs of an archive that has none.
class FileCheck {
 public:
  FileCheck(std::string folder, Findings& findings)
      : folder_(std::move(folder)), findings_(findings) {}

  // The marker, the seal, and everything that is no table file.
  void check_small_files();

  // One table file as a whole. `database` reads its blocks where no checksum is known; may be null.
  void check_table_file(const TableFile& file, const Database* database);
  // Those that the seal names, for a database that does not open.
  void check_sealed_tables();
  // Asks the system to fetch the file.
  void prefetch(const TableFile& file) const;

  const std::optional<Seal>& seal() const { return seal_; }
  // Table files that were gone when they were to be read: damage, unless a writer dropped them.
  const std::vector<std::string>& gone() const { return gone_; }

 private:
  bool read_the_seal();
  void check_sealed();
  void compare(const SealedFile& file);
  void check_unsealed();
  void check_current(const std::string& name);
  void check_log_file(const std::string& name);
  Result<uint32_t> checksum_of(const std::string& name, uint64_t& size);

  std::string folder_;
  Findings& findings_;
  std::optional<Seal> seal_;
  std::vector<std::string> gone_;
};

// Reads blobs and checks them against their digests, in order of number.
class BlobCheck {
 public:
  BlobCheck(const Database& database, const BlobStore& blobs, FileCheck& files, Findings& findings)
      : database_(database), blobs_(blobs), files_(files), findings_(findings) {}

  // Those that `is_wanted`; with `table_files` (in order of their keys) each of these is checked
  // just before its blobs, so that the disk is read once.
  using Wanted = std::function<bool(const Digest& digest, uint64_t number)>;
  void run(const Wanted& is_wanted, const std::vector<TableFile>& table_files);

  const NumberSet& bad() const { return bad_; }

 private:
  struct Item {
    uint64_t number, size;
    Digest digest;
  };
  std::vector<Item> collect(const Wanted& is_wanted, uint64_t from, uint64_t to, uint64_t& highest);
  void take_row(std::string_view key, std::string_view value);
  void hash(const Item* begin, const Item* end);
  void check(const Item& item);

  const Database& database_;
  const BlobStore& blobs_;
  FileCheck& files_;
  Findings& findings_;
  std::mutex mutex_;
  NumberSet bad_;
};

// Reads the rows of the other tables and follows them to the blobs that they name.
class RowCheck {
 public:
  RowCheck(const Database& database, const NumberSet& bad, Findings& findings)
      : database_(database), bad_(bad), findings_(findings) {}

  void check_captures();
  void check_articles(std::string_view prefix);
  void check_pictures();
  void check_small_tables();
  void check_frontier_row(std::string_view key, std::string_view value);
  void check_index();

  // The blobs of captures since then, and of the versions of an article.
  NumberSet since(Time time) const;
  NumberSet of_article(std::string_view id) const;

 private:
  enum class Found { kSound, kBad, kMissing, kOtherSize };
  void insert(NumberSet& numbers, const Digest& digest) const;
  Found look_up(const Digest& digest, std::optional<uint64_t> size) const;
  void scan(Table table, std::string_view prefix,
            const std::function<void(std::string_view key, std::string_view value)>& visit);

  const Database& database_;
  const NumberSet& bad_;
  Findings& findings_;
};

}  // namespace halftone::verifying
