// What copying a database asks of RocksDB. The folders are ones that nobody else writes to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "media/error.h"

namespace halftone {

// A table file as the database's MANIFEST names it, of whatever table.
struct NamedFile {
  std::string name;  // "000012.sst"
  uint64_t size = 0;
  std::string checksum;  // as TableFile::checksum: CRC-32C in hexadecimal, or empty

  friend bool operator==(const NamedFile&, const NamedFile&) = default;
};

// The table files that the MANIFEST in `folder` names, in order of name. Neither they nor the logs
// need be there: CURRENT and its MANIFEST are enough. kCorrupt, kIo.
Result<std::vector<NamedFile>> named_files(const std::string& folder);

// Moves what stands in the logs into table files, as a writer that closes the database does, and
// leaves the other table files as they are: nothing is compacted. Fails where one of them is
// absent or of another size. kCorrupt, kNoSpace, kIo.
Result<void> settle_database(const std::string& folder);

// Checks every block of a table file against its own checksum. kCorrupt, kIo.
Result<void> check_table_file(const std::string& path);

}  // namespace halftone
