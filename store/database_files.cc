#include <algorithm>

#include <rocksdb/metadata.h>

#include "store/database_rocks.h"

namespace halftone {

namespace {

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02x}", static_cast<uint8_t>(c));
  return text;
}

}  // namespace

std::vector<TableFile> Database::table_files() const {
  std::vector<rocksdb::LiveFileMetaData> live;
  rocks_->db->GetLiveFilesMetaData(&live);
  std::vector<TableFile> files;
  for (const auto& file : live) {
    const auto table = table_named(file.column_family_name);
    if (!table) continue;
    const bool has_checksum = file.file_checksum_func_name == kChecksumName;
    files.push_back({*table, file.relative_filename, file.size, file.smallestkey, file.largestkey,
                     has_checksum ? hexadecimal(file.file_checksum) : std::string(),
                     file.num_entries, file.num_deletions});
  }
  std::sort(files.begin(), files.end(),
            [](const TableFile& a, const TableFile& b) { return a.name < b.name; });
  return files;
}

}  // namespace halftone
