// What the database of a closed archive consists of, to the last bit: the file halftone-seal.json.
//
// The writer that closes an archive leaves it last, and the next one takes it away before it opens
// the database. So an archive that has a seal is at rest, and every file of db/ and the marker must
// be as the seal says. docs/format.md describes the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"
#include "media/time.h"
#include "store/database.h"

namespace halftone {

struct SealedFile {
  std::string name;  // in the archive's folder: "db/CURRENT"
  uint64_t size = 0;
  // In hexadecimal digits. Table files, which may be large and many, have the CRC-32C that the
  // database keeps of them (empty where it keeps none), all others a SHA-256.
  std::string crc32c, sha256;
};

struct Seal {
  static constexpr const char* kName = "halftone-seal.json";

  Time closed{};
  std::vector<SealedFile> files;  // in order of name

  const SealedFile* find(std::string_view name) const;
};

// Seals the archive in `folder`, whose database was closed with these files. Reads small files
// only: the cost does not grow with what is archived. kNoSpace, kIo: there is no seal then.
Result<void> write_seal(const std::string& folder, const std::vector<TableFile>& table_files);

// Takes the seal away, durably. None there is well. kIo.
Result<void> remove_seal(const std::string& folder);

// Nothing where there is no seal. kCorrupt: damaged, by as little as one bit; kIo.
Result<std::optional<Seal>> read_seal(const std::string& folder);

// The names of the files that a seal must hold: all of db/, and the marker. kIo, kNotFound.
Result<std::vector<std::string>> files_to_seal(const std::string& folder);

}  // namespace halftone
