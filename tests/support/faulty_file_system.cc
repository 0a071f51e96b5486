#include "tests/support/faulty_file_system.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <unistd.h>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "store/database_rocks.h"

namespace halftone {

namespace {

namespace fs = std::filesystem;
using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// What the disk holds for certain, and what would be lost without power.
class Journal {
 public:
  Journal(const FaultPlan& plan, std::string graveyard)
      : plan_(plan), graveyard_(std::move(graveyard)) {}

  // Counts an operation; an error where it is to fail.
  IOStatus before(Operation operation, bool creates = false) {
    const std::lock_guard lock(mutex_);
    const long number = counts_.of[static_cast<size_t>(operation)]++;
    const bool here = operation == plan_.operation && number == plan_.at;
    if (here && plan_.fault == Fault::kPowerCut) cut_power();
    if (here && plan_.fault == Fault::kFull) failing_ = true;
    if (here && plan_.fault == Fault::kError)
      return IOStatus::IOError("injected: Input/output error");
    if (failing_ && (creates || operation == Operation::kWrite))
      return IOStatus::NoSpace("injected: No space left on device");
    return IOStatus::OK();
  }
  // Whether the write that was just counted is to be cut short.
  bool is_short() {
    const std::lock_guard lock(mutex_);
    return plan_.fault == Fault::kShortWrite && plan_.operation == Operation::kWrite &&
           counts_.of[0] - 1 == plan_.at;
  }

  void created(const std::string& path) {
    const std::lock_guard lock(mutex_);
    sizes_[path] = {0, 0};
    changes_.push_back({path, "", ""});
  }
  void written(const std::string& path, size_t bytes) {
    const std::lock_guard lock(mutex_);
    sizes_[path].now += bytes;
  }
  void cut_to(const std::string& path, size_t size) {
    const std::lock_guard lock(mutex_);
    sizes_[path].now = size;
  }
  void synced(const std::string& path) {
    const std::lock_guard lock(mutex_);
    sizes_[path].safe = sizes_[path].now;
  }
  void synced_folder(const std::string& folder) {
    const std::lock_guard lock(mutex_);
    std::erase_if(changes_, [&](const Change& change) {
      const std::string& path = change.path.empty() ? change.from : change.path;
      return fs::path(path).parent_path() == fs::path(folder).lexically_normal();
    });
  }

  // A file under this path is about to go; returns where its bytes were kept.
  std::string keep(const std::string& path) {
    const std::lock_guard lock(mutex_);
    std::error_code error;
    std::string kept = fmt::format("{}/{}", graveyard_, ++kept_);
    fs::create_hard_link(path, kept, error);
    return error ? std::string() : kept;
  }
  void deleted(const std::string& path, const std::string& kept) {
    const std::lock_guard lock(mutex_);
    changes_.push_back({"", path, kept});
  }
  void renamed(const std::string& from, const std::string& to, const std::string& kept) {
    const std::lock_guard lock(mutex_);
    sizes_[to] = sizes_[from];
    changes_.push_back({to, from, kept});
  }
  void linked(const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    sizes_[to] = sizes_[from];
    changes_.push_back({to, "", ""});
  }

  FaultCounts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  // One entry of a folder that is not synced. Created: only `path`. Deleted: only `from`. Renamed:
  // both. `kept`: the bytes that stood at the path that was replaced or deleted.
  struct Change {
    std::string path, from, kept;
  };
  struct Size {
    size_t now, safe;
  };

  // File systems with a journal lose changes to folders in order: the last first. Of bytes that
  // were not synced any part may be left.
  [[noreturn]] void cut_power() {
    std::mt19937 random(plan_.seed);
    std::error_code ignored;
    for (const auto& [path, size] : sizes_) {
      if (size.now <= size.safe) continue;
      const size_t left = size.safe + random() % (size.now - size.safe + 1);
      if (fs::exists(path, ignored)) fs::resize_file(path, left, ignored);
    }
    const size_t keep = random() % (changes_.size() + 1);
    while (changes_.size() > keep) {
      undo(changes_.back());
      changes_.pop_back();
    }
    ::_exit(kPowerCutStatus);
  }
  static void undo(const Change& change) {
    std::error_code ignored;
    if (!change.path.empty() && !change.from.empty()) {
      fs::rename(change.path, change.from, ignored);
    } else if (!change.path.empty()) {
      fs::remove(change.path, ignored);
    }
    const std::string& home = change.path.empty() ? change.from : change.path;
    if (!change.kept.empty()) fs::rename(change.kept, home, ignored);
  }

  const FaultPlan plan_;
  const std::string graveyard_;
  mutable std::mutex mutex_;
  FaultCounts counts_;
  bool failing_ = false;
  size_t kept_ = 0;
  std::map<std::string, Size> sizes_;
  std::vector<Change> changes_;
};

class FaultyFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile> file, Journal& journal, std::string path)
      : FSWritableFileOwnerWrapper(std::move(file)), journal_(journal), path_(std::move(path)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = journal_.before(Operation::kWrite);
    if (!status.ok()) return status;
    if (journal_.is_short()) {
      const Slice half(data.data(), data.size() / 2);
      (void)FSWritableFileOwnerWrapper::Append(half, options, debug);
      journal_.written(path_, half.size());
      return IOStatus::IOError("injected: short write");
    }
    status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (status.ok()) journal_.written(path_, data.size());
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    const IOStatus status = FSWritableFileOwnerWrapper::Truncate(size, options, debug);
    if (status.ok()) journal_.cut_to(path_, size);
    return status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return sync([&] { return FSWritableFileOwnerWrapper::Sync(options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return sync([&] { return FSWritableFileOwnerWrapper::Fsync(options, debug); });
  }

 private:
  template <class Call>
  IOStatus sync(const Call& call) {
    IOStatus status = journal_.before(Operation::kSync);
    if (status.ok()) status = call();
    if (status.ok()) journal_.synced(path_);
    return status;
  }

  Journal& journal_;
  const std::string path_;
};

class FaultyFolder : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyFolder(std::unique_ptr<rocksdb::FSDirectory>&& folder, Journal& journal, std::string path)
      : FSDirectoryWrapper(std::move(folder)), journal_(journal), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return sync([&] { return FSDirectoryWrapper::Fsync(options, debug); });
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& how) override {
    return sync([&] { return FSDirectoryWrapper::FsyncWithDirOptions(options, debug, how); });
  }

 private:
  template <class Call>
  IOStatus sync(const Call& call) {
    IOStatus status = journal_.before(Operation::kSync);
    if (status.ok()) status = call();
    if (status.ok()) journal_.synced_folder(path_);
    return status;
  }

  Journal& journal_;
  const std::string path_;
};

class FaultyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFileSystem(Journal& journal)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), journal_(journal) {}
  const char* Name() const override { return "FaultyFileSystem"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file,
                             IODebugContext* debug) override {
    const IOStatus status = journal_.before(Operation::kOpen);
    return status.ok() ? target()->NewSequentialFile(path, options, file, debug) : status;
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                               IODebugContext* debug) override {
    const IOStatus status = journal_.before(Operation::kOpen);
    return status.ok() ? target()->NewRandomAccessFile(path, options, file, debug) : status;
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* debug) override {
    IOStatus status = journal_.before(Operation::kOpen, true);
    if (status.ok()) status = target()->NewWritableFile(path, options, file, debug);
    if (!status.ok()) return status;
    journal_.created(path);
    *file = std::make_unique<FaultyFile>(std::move(*file), journal_, path);
    return status;
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* folder,
                        IODebugContext* debug) override {
    const IOStatus status = target()->NewDirectory(path, options, folder, debug);
    if (status.ok()) {
      *folder = std::make_unique<FaultyFolder>(std::move(*folder), journal_, path);
    }
    return status;
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* debug) override {
    const std::string kept = journal_.keep(path);
    const IOStatus status = target()->DeleteFile(path, options, debug);
    if (status.ok()) journal_.deleted(path, kept);
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    IOStatus status = journal_.before(Operation::kRename);
    if (!status.ok()) return status;
    const std::string kept = journal_.keep(to);
    status = target()->RenameFile(from, to, options, debug);
    if (status.ok()) journal_.renamed(from, to, kept);
    return status;
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* debug) override {
    IOStatus status = journal_.before(Operation::kRename);
    if (status.ok()) status = target()->LinkFile(from, to, options, debug);
    if (status.ok()) journal_.linked(from, to);
    return status;
  }

 private:
  Journal& journal_;
};

}  // namespace

struct FaultyDisk::Parts {
  Parts(const FaultPlan& plan, const std::string& graveyard) : journal(plan, graveyard) {}
  Journal journal;
  std::unique_ptr<rocksdb::Env> env =
      rocksdb::NewCompositeEnv(std::make_shared<FaultyFileSystem>(journal));
  DatabaseEnvironment environment{env.get()};
};

FaultyDisk::FaultyDisk(const FaultPlan& plan, const std::string& graveyard)
    : parts_(std::make_unique<Parts>(plan, graveyard)) {}
FaultyDisk::~FaultyDisk() = default;
const DatabaseEnvironment& FaultyDisk::environment() const { return parts_->environment; }
FaultCounts FaultyDisk::counts() const { return parts_->journal.counts(); }

}  // namespace halftone
