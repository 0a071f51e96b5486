#include "store/database.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "store/database_rocks.h"
#include "store/files.h"

namespace halftone {

namespace fs = std::filesystem;

namespace {

// In the order of Table.
constexpr std::array<std::string_view, 9> kTableNames = {
    "meta", "digest", "blob", "capture", "article", "image", "derivative", "run", "index"};

constexpr size_t kMiB = size_t{1} << 20;

// RocksDB's own log would be files in the database that change and have no checksums.
class SilentLogger : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

rocksdb::DBOptions database_options(rocksdb::Env* env) {
  rocksdb::DBOptions options;
  options.env = env;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  options.file_checksum_gen_factory = file_checksums();
  // Memory and open files are bounded whatever the archive holds.
  options.db_write_buffer_size = 40 * kMiB;
  options.max_total_wal_size = 128 * kMiB;
  options.max_open_files = 512;
  options.bytes_per_sync = kMiB;
  // Reserved space would count as used, and be lost to others on a disk that is nearly full.
  options.allow_fallocate = false;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log = std::make_shared<SilentLogger>();
  return options;
}

namespace {

rocksdb::ColumnFamilyOptions small_table_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 * 1024;
  table.cache_index_and_filter_blocks = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // In parts: the index of a large file as a whole would not stay in the cache.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  // What is going to be merged again need not be small yet.
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  // Rows shrink to a twentieth: what is measured in compressed bytes must be small, else each flush
  // rewrites gigabytes.
  options.write_buffer_size = 32 * kMiB;
  options.max_bytes_for_level_base = 48 * kMiB;
  return options;
}

// Values are large, compressed by us where it pays, and arrive under ascending keys: files never
// overlap, and compaction moves them without rewriting.
rocksdb::ColumnFamilyOptions blob_table_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 64 * 1024;
  table.cache_index_and_filter_blocks = true;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = 32 * kMiB;
  options.target_file_size_base = 256 * kMiB;
  options.max_bytes_for_level_base = 1024 * kMiB;
  return options;
}

}  // namespace

std::vector<rocksdb::ColumnFamilyDescriptor> column_families() {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(32 * kMiB, 2);  // few shards
  const auto small = small_table_options(cache);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string_view name : kTableNames) {
    const bool is_blob = name == "blob";
    families.emplace_back(std::string(name), is_blob ? blob_table_options(cache) : small);
    // A night in which nothing changed is all rows of these two: it may not cost more than it must.
    if (name == "capture" || name == "run") families.back().options.compression = rocksdb::kZSTD;
  }
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, small);  // RocksDB's own; empty
  return families;
}

namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Without CURRENT, RocksDB would begin an empty database over what is left of a damaged one.
Result<void> check_folder(const std::string& folder, Database::Mode mode) {
  std::error_code error;
  if (fs::exists(folder + "/CURRENT", error)) return {};
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto extension = entry->path().extension();
    if (extension == ".sst" || extension == ".log") {
      return fail(ErrorCode::kCorrupt,
                  "the database {} is damaged: its file CURRENT is missing; restore it from a "
                  "backup",
                  folder);
    }
  }
  if (mode != Database::Mode::kWrite) {
    return fail(ErrorCode::kNotFound, "there is no database in {}", folder);
  }
  return {};
}

}  // namespace

// A reader keeps every table file open, since a writer may delete them behind it.
void allow_many_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

namespace {

std::string make_private_folder() {
  std::error_code error;
  const fs::path base = fs::temp_directory_path(error);
  std::string path = (error ? fs::path("/tmp") : base) / "halftone-reader-XXXXXX";
  return ::mkdtemp(path.data()) ? path : std::string();
}

}  // namespace

Error to_error(const rocksdb::Status& status, const std::string& folder) {
  const std::string text = status.ToString();
  if (status.IsNoSpace() || holds(text, "No space left") || holds(text, "quota exceeded")) {
    return no_space(folder);
  }
  if (status.IsBusy() || holds(text, "lock hold by") || holds(text, "While lock file")) {
    return {ErrorCode::kInUse,
            fmt::format("the database {} is in use by another process ({})", folder, text)};
  }
  if (status.IsCorruption() || status.IsInvalidArgument()) {
    return {ErrorCode::kCorrupt, fmt::format("the database {} is damaged: {}", folder, text)};
  }
  return {ErrorCode::kIo, fmt::format("the database {} failed: {}", folder, text)};
}

std::optional<Table> table_named(std::string_view family) {
  const auto* found = std::find(kTableNames.begin(), kTableNames.end(), family);
  if (found == kTableNames.end()) return std::nullopt;
  return static_cast<Table>(found - kTableNames.begin());
}

std::string after_prefix(std::string_view prefix) {
  std::string key(prefix);
  while (!key.empty() && key.back() == '\xFF') key.pop_back();
  if (!key.empty()) ++key.back();
  return key;
}

struct WriteBatch::Changes {
  struct Change {
    Table table;
    bool removes;
    std::string key, value;
  };
  std::vector<Change> list;
};

WriteBatch::WriteBatch() : changes_(std::make_unique<Changes>()) {}
WriteBatch::~WriteBatch() = default;
WriteBatch::WriteBatch(WriteBatch&&) noexcept = default;
WriteBatch& WriteBatch::operator=(WriteBatch&&) noexcept = default;

void WriteBatch::put(Table table, std::string_view key, std::string_view value) {
  changes_->list.push_back({table, false, std::string(key), std::string(value)});
}

void WriteBatch::remove(Table table, std::string_view key) {
  changes_->list.push_back({table, true, std::string(key), {}});
}

Error Database::Rocks::fail_for_good(const rocksdb::Status& status) {
  const std::lock_guard lock(failure_mutex);
  if (!failure) failure = to_error(status, folder);
  return *failure;
}

// When the MANIFEST cannot be synced, RocksDB deletes the files that it has just named there. The
// next opening then misses them; what was to be added still lies under `incoming`, and RocksDB
// itself tells a wrong file from the right one. False: there is nothing more to try.
bool Database::Rocks::put_back_missing(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  const size_t at = std::min(text.find(".ldb: No such file"), text.find(".sst: No such file"));
  std::error_code error;
  if (at != std::string::npos) {
    const size_t begin = text.find_last_not_of("0123456789", at - 1) + 1;
    missing_ = fmt::format("{}/{}.sst", folder, text.substr(begin, at - begin));
  } else if (missing_.empty()) {
    return false;
  } else {
    fs::remove(missing_, error);  // it was the wrong one
  }
  for (const auto& entry : fs::directory_iterator(incoming(), error)) {
    if (!tried_.insert(missing_ + entry.path().string()).second) continue;
    fs::create_hard_link(entry.path(), missing_, error);
    return !error;
  }
  return false;
}

std::string Database::Rocks::manifest_state() const {
  const auto current = read_file(folder + "/CURRENT", 4096);
  if (!current) return {};
  std::error_code error;
  const std::string name = current->substr(0, current->find('\n'));
  return fmt::format("{} {}", name, fs::file_size(fs::path(folder) / name, error));
}

rocksdb::Status Database::Rocks::open() {
  if (mode == Mode::kRead) return open_for_reading();
  return may_write() ? open_for_writing() : open_for_checking();
}

rocksdb::Status Database::Rocks::open_for_writing() {
  rocksdb::DBOptions options = database_options(env);
  auto families = column_families();
  if (mode == Mode::kRepair) {
    options.paranoid_checks = false;  // a damaged table file does not keep it from opening
    for (auto& family : families) family.options.disable_auto_compactions = true;
  }
  rocksdb::DB* opened = nullptr;
  auto status = rocksdb::DB::Open(options, folder, families, &handles, &opened);
  while (!status.ok() && put_back_missing(status)) {
    status = rocksdb::DB::Open(options, folder, families, &handles, &opened);
  }
  std::error_code error;
  if (status.ok()) fs::remove_all(incoming(), error);  // of a process that was killed
  db.reset(opened);
  return status;
}

rocksdb::Status Database::Rocks::open_as_secondary() {
  rocksdb::DBOptions options = database_options(env);
  options.max_open_files = -1;  // as a secondary must
  rocksdb::DB* opened = nullptr;
  const std::string own = make_private_folder();
  if (own.empty()) {  // no place to write at all: read without a writer beside us
    const auto status =
        rocksdb::DB::OpenForReadOnly(options, folder, column_families(), &handles, &opened);
    db.reset(opened);
    return status;
  }
  is_secondary = true;
  auto status =
      rocksdb::DB::OpenAsSecondary(options, folder, own, column_families(), &handles, &opened);
  db.reset(opened);
  if (status.ok()) status = db->TryCatchUpWithPrimary();
  // Nothing is kept there; gone at once, it is also gone when we are killed.
  std::error_code error;
  fs::remove_all(own, error);
  return status;
}

rocksdb::Status Database::Rocks::open_for_reading() {
  allow_many_open_files();
  rocksdb::Status status;
  // A writer may drop a file between our reading of its name and our opening of it.
  for (int attempt = 0; attempt < 5; ++attempt) {
    status = open_as_secondary();
    if (status.ok()) return status;
    close();
    std::this_thread::sleep_for(std::chrono::milliseconds(10 << attempt));
  }
  return status;
}

rocksdb::Status Database::Rocks::flush() {
  if (const auto failure = earlier_failure()) return rocksdb::Status::IOError(failure->message);
  const auto status = db->Flush(rocksdb::FlushOptions(), handles);
  if (!status.ok()) (void)fail_for_good(status);
  return status;
}

void Database::Rocks::close() {
  if (!db) return;
  // So that what rests on disk is in tables, each block with its checksum. Where this fails, the
  // log still holds everything.
  if (may_write() && !is_flushed) (void)flush();
  for (auto* handle : handles) (void)db->DestroyColumnFamilyHandle(handle);
  handles.clear();
  (void)db->Close();
  db.reset();
  std::error_code error;
  if (may_write()) fs::remove(incoming(), error);
}

Database::Database(std::unique_ptr<Rocks> rocks) : rocks_(std::move(rocks)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::string& folder, Mode mode,
                                                 const DatabaseEnvironment* environment) {
  if (auto checked = check_folder(folder, mode); !checked) {
    return tl::unexpected(checked.error());
  }
  auto rocks = std::make_unique<Rocks>();
  rocks->folder = folder;
  rocks->mode = mode;
  if (environment) rocks->env = environment->env;
  if (mode == Mode::kCheck) rocks->opened_at = rocks->manifest_state();
  const auto status = rocks->open();
  if (!status.ok()) return tl::unexpected(to_error(status, folder));
  return std::unique_ptr<Database>(new Database(std::move(rocks)));
}

Result<std::optional<std::string>> Database::get(Table table, std::string_view key) const {
  auto value = rocks_->get(table, key);
  if (!value || *value || rocks_->mode != Mode::kCheck) return value;
  std::shared_ptr<const Rocks> later;
  {
    const std::lock_guard lock(rocks_->later_mutex);
    later = rocks_->later;
  }
  return later ? later->get(table, key) : value;
}

Result<std::optional<std::string>> Database::Rocks::get(Table table, std::string_view key) const {
  count_nothing();
  std::string value;
  const auto status = db->Get(read_options(table), handle(table), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return tl::unexpected(to_error(status, folder));
  return value;
}

Result<void> Database::write(WriteBatch batch, bool durable) {
  if (!rocks_->may_write()) {
    return fail(ErrorCode::kIo, "the database {} is open for reading only", rocks_->folder);
  }
  if (!durable) return rocks_->write(std::move(batch), false);
  const std::lock_guard lock(rocks_->durable_mutex);
  HeldWrites* held = rocks_->held;
  if (held) {
    if (auto moved = held->move_into(batch); !moved) return moved;
  }
  auto written = rocks_->write(std::move(batch), true);
  if (written && held) held->written();
  return written;
}

void Database::hold(HeldWrites* held) {
  const std::lock_guard lock(rocks_->durable_mutex);
  rocks_->held = held;
}

Result<void> Database::Rocks::write(WriteBatch batch, bool durable) {
  if (const auto failure = earlier_failure()) return tl::unexpected(*failure);
  count_nothing();
  size_t size = 64;
  for (const auto& change : batch.changes_->list)
    size += 32 + change.key.size() + change.value.size();
  rocksdb::WriteBatch changes(size);
  for (auto& change : batch.changes_->list) {
    auto* family = handle(change.table);
    const auto status = change.removes
                            ? changes.Delete(family, change.key)
                            : changes.Put(family, slice(change.key), slice(change.value));
    if (!status.ok()) return tl::unexpected(to_error(status, folder));
    change.value = {};  // large bodies need not be in memory twice
  }
  auto status = db->Write(rocksdb::WriteOptions(), &changes);
  // Apart from the write: RocksDB would keep every other writer waiting for the disk.
  if (status.ok() && durable) status = db->SyncWAL();
  if (!status.ok()) return tl::unexpected(fail_for_good(status));
  return {};
}

Result<void> Database::catch_up() const {
  if (rocks_->is_secondary) {
    const auto status = rocks_->db->TryCatchUpWithPrimary();
    if (!status.ok()) return tl::unexpected(to_error(status, rocks_->folder));
  }
  if (rocks_->mode != Mode::kCheck) return {};
  const std::lock_guard lock(rocks_->later_mutex);
  const std::string state = rocks_->manifest_state();
  if (state == (rocks_->later ? rocks_->later->opened_at : rocks_->opened_at)) return {};
  auto later = std::make_shared<Rocks>();
  later->folder = rocks_->folder;
  later->mode = Mode::kCheck;
  later->opened_at = state;
  const auto status = later->open();
  if (!status.ok()) return tl::unexpected(to_error(status, rocks_->folder));
  rocks_->later = std::move(later);
  return {};
}

Result<void> Database::scan(
    Table table, std::string_view prefix,
    const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  auto options = rocks_->read_options(table);
  const std::string end = after_prefix(prefix);
  const rocksdb::Slice bound(end);
  if (!end.empty()) options.iterate_upper_bound = &bound;
  const std::unique_ptr<rocksdb::Iterator> at(
      rocks_->db->NewIterator(options, rocks_->handle(table)));
  for (at->Seek(slice(prefix)); at->Valid(); at->Next()) {
    if (!visit(view(at->key()), view(at->value()))) return {};
  }
  if (!at->status().ok()) return tl::unexpected(to_error(at->status(), rocks_->folder));
  return {};
}

Result<void> Database::scan_backward(
    Table table, std::string_view prefix,
    const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  auto options = rocks_->read_options(table);
  const std::string end = after_prefix(prefix);
  const rocksdb::Slice bound(end), begin(slice(prefix));
  if (!end.empty()) options.iterate_upper_bound = &bound;
  options.iterate_lower_bound = &begin;
  const std::unique_ptr<rocksdb::Iterator> at(
      rocks_->db->NewIterator(options, rocks_->handle(table)));
  for (at->SeekToLast(); at->Valid(); at->Prev()) {
    if (!visit(view(at->key()), view(at->value()))) return {};
  }
  if (!at->status().ok()) return tl::unexpected(to_error(at->status(), rocks_->folder));
  return {};
}

Result<std::optional<std::pair<std::string, std::string>>> Database::last(
    Table table, std::string_view prefix) const {
  std::optional<std::pair<std::string, std::string>> found;
  const auto scanned = scan_backward(table, prefix, [&](auto key, auto value) {
    found.emplace(key, value);
    return false;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return found;
}

}  // namespace halftone
