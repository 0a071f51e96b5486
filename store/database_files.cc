#include <algorithm>

#include <rocksdb/metadata.h>

#include "store/database_rocks.h"

namespace halftone {

std::string checksum_of(const rocksdb::LiveFileMetaData& file) {
  if (file.file_checksum_func_name != kChecksumName) return {};
  std::string text;
  for (const char c : file.file_checksum) text += fmt::format("{:02x}", static_cast<uint8_t>(c));
  return text;
}

std::vector<TableFile> Database::table_files() const {
  std::vector<rocksdb::LiveFileMetaData> live;
  rocks_->db->GetLiveFilesMetaData(&live);
  std::vector<TableFile> files;
  for (const auto& file : live) {
    const auto table = table_named(file.column_family_name);
    if (!table) continue;
    files.push_back({*table, file.relative_filename, file.size, file.smallestkey, file.largestkey,
                     checksum_of(file)});
  }
  std::sort(files.begin(), files.end(),
            [](const TableFile& a, const TableFile& b) { return a.name < b.name; });
  return files;
}

}  // namespace halftone
