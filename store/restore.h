// An archive from its backup.
#pragma once

#include <string>

#include "media/error.h"
#include "store/archive_copy.h"

namespace halftone {

struct RestoreOptions {
  std::string from;     // an archive, such as a generation of a backup; it is not written to
  std::string archive;  // the new one: absent, empty, or left by a restore that was interrupted
  OnCopied on_copied{};
};

// Copies the archive; the CRC-32C of each table file is checked on the way, and the result opened.
// The new archive's marker comes last: what was interrupted is no archive yet, and the same call
// begins again. kInvalid: an archive or something else stands there, or one is inside the other;
// kNotFound: none in `from`; kCorrupt: a file of `from` is damaged, and it is named; kInUse,
// kInterrupted, kNoSpace, kIo.
Result<CopyCounts> restore(const RestoreOptions& options);

}  // namespace halftone
