#include "store/database_copy.h"

#include <algorithm>

#include <rocksdb/metadata.h>
#include <rocksdb/sst_file_reader.h>

#include "store/database_rocks.h"

namespace halftone {

namespace {

using Families = std::vector<rocksdb::ColumnFamilyDescriptor>;

// Those that the database has, be it of an older format or a newer one, and no others.
Result<Families> families_in(const std::string& folder) {
  std::vector<std::string> names;
  const auto status =
      rocksdb::DB::ListColumnFamilies(database_options(rocksdb::Env::Default()), folder, &names);
  if (!status.ok()) return tl::unexpected(to_error(status, folder));
  const Families known = column_families();
  Families families;
  for (const std::string& name : names) {
    const auto same = std::find_if(known.begin(), known.end(),
                                   [&](const auto& family) { return family.name == name; });
    families.emplace_back(name, same == known.end() ? known.back().options : same->options);
    families.back().options.disable_auto_compactions = true;
  }
  return families;
}

// Closes the database at the end of its scope.
struct Opened {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;

  rocksdb::Status close() {
    if (!db) return rocksdb::Status::OK();
    for (auto* handle : handles) (void)db->DestroyColumnFamilyHandle(handle);
    handles.clear();
    const auto status = db->Close();
    db.reset();
    return status;
  }
  ~Opened() { (void)close(); }
};

}  // namespace

Result<std::vector<NamedFile>> named_files(const std::string& folder) {
  const auto families = families_in(folder);
  if (!families) return tl::unexpected(families.error());
  rocksdb::DBOptions options = database_options(rocksdb::Env::Default());
  options.create_if_missing = false;
  options.create_missing_column_families = false;
  options.paranoid_checks = false;  // it would look for the files
  options.skip_stats_update_on_db_open = true;
  Opened opened;
  rocksdb::DB* db = nullptr;
  const auto status =
      rocksdb::DB::OpenForReadOnly(options, folder, *families, &opened.handles, &db);
  opened.db.reset(db);
  if (!status.ok()) return tl::unexpected(to_error(status, folder));
  std::vector<rocksdb::LiveFileMetaData> live;
  db->GetLiveFilesMetaData(&live);
  std::vector<NamedFile> files;
  files.reserve(live.size());
  for (const auto& file : live) {
    files.push_back({file.relative_filename, file.size, checksum_of(file)});
  }
  std::sort(files.begin(), files.end(),
            [](const NamedFile& a, const NamedFile& b) { return a.name < b.name; });
  return files;
}

Result<void> settle_database(const std::string& folder) {
  const auto families = families_in(folder);
  if (!families) return tl::unexpected(families.error());
  rocksdb::DBOptions options = database_options(rocksdb::Env::Default());
  options.create_if_missing = false;
  options.create_missing_column_families = false;
  options.skip_stats_update_on_db_open = true;
  Opened opened;
  rocksdb::DB* db = nullptr;
  // Opening alone moves the logs into table files.
  auto status = rocksdb::DB::Open(options, folder, *families, &opened.handles, &db);
  opened.db.reset(db);
  if (status.ok()) status = db->Flush(rocksdb::FlushOptions(), opened.handles);
  if (status.ok()) status = opened.close();
  if (!status.ok()) return tl::unexpected(to_error(status, folder));
  return {};
}

Result<void> check_table_file(const std::string& path) {
  rocksdb::SstFileReader reader(
      rocksdb::Options(database_options(rocksdb::Env::Default()), column_families()[0].options));
  auto status = reader.Open(path);
  if (status.ok()) status = reader.VerifyChecksum();
  if (!status.ok()) return tl::unexpected(to_error(status, path));
  return {};
}

}  // namespace halftone
