// A whole archive copied into another folder, consistent while a crawl writes to it: what backup
// and restore have in common.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "media/error.h"

namespace halftone {

struct CopyCounts {
  uint64_t files_copied = 0, bytes_copied = 0;
  // Files that the copy shares with an earlier one: hard links, which cost nothing.
  uint64_t files_linked = 0, bytes_linked = 0;
};

// Told now and then how many bytes of table files are dealt with, out of how many. False stops the
// copying (kInterrupted).
using OnCopied = std::function<bool(uint64_t done, uint64_t total)>;

struct ArchiveCopy {
  std::string from;     // an archive; this process or another may be writing to it
  std::string to;       // an existing, empty folder
  std::string earlier;  // an earlier copy on the same file system as `to`, or empty
  // May folders be made in `from` while it is copied? Without, a writer at work makes copying start
  // again, and in the end fail (kInUse).
  bool links_in_source = true;
  OnCopied on_copied{};
};

// Copies all that makes up the archive, durably: database, reports, fixity log, marker; not its
// lock. What is in the database's logs is moved into table files, so that the copy is as a writer
// leaves it that closed its archive, with a seal. Table files are linked from `earlier` where name,
// size and CRC-32C agree; others are checked against their CRC-32C while they are copied. kCorrupt:
// a file of `from` is damaged, and it is named; kInterrupted, kInUse, kNoSpace, kIo. What was
// copied until then stays in `to`.
Result<CopyCounts> copy_archive(const ArchiveCopy& copy);

// True where one of two paths leads to the other's folder or into it.
bool overlap(const std::string& a, const std::string& b);

}  // namespace halftone
