// Backups: a folder of generations, each a whole archive as it was at its time.
//
//   halftone-backup.json   {"backup": 1, "archive": …}: what the folder is, and of which archive
//   lock                   held by the process that adds a generation
//   20261127T093000Z/      a generation, named by its time: an archive that any command reads
//
// Generations share what did not change: table files never change, so a later generation has hard
// links to those of the one before it, and costs what is new. Any of them can be deleted, also by
// hand, without harm to the others. One appears under its name when it is whole and on the disk;
// what a killed backup leaves has a name that begins with a dot, and the next backup removes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "media/error.h"
#include "media/time.h"
#include "store/archive_copy.h"

namespace halftone {

struct BackupOptions {
  std::string archive;  // its folder; another process may be writing to it
  std::string folder;   // the backup: absent, empty, or with earlier generations of this archive
  size_t keep = 0;      // so many generations stay, the new one among them; 0: all
  OnCopied on_copied{};
};

struct BackupReport {
  std::string generation;  // its path
  CopyCounts counts;
  std::vector<std::string> removed;  // paths of older generations, taken away by `keep`
};

// Adds a generation: everything that was acknowledged before this was called, and no part of
// anything else. kNotFound: no such archive; kInvalid: `folder` holds something else, is a backup
// of another archive, or one of the two is inside the other; kInUse: another process backs up into
// `folder`; kCorrupt: a file of the archive is damaged, and it is named; kInterrupted, kNoSpace,
// kIo. Where it fails there is no new generation, and the older ones are as they were.
Result<BackupReport> back_up(const BackupOptions& options);

// The paths of the generations in `folder`, oldest first. kNotFound: there is no backup;
// kNewerFormat, kCorrupt, kIo.
Result<std::vector<std::string>> generations(const std::string& folder);

// The archive that is meant by `named`: an archive itself, such as a generation; or of a backup the
// newest generation, made at `until` or before where that is given. kNotFound, and as above.
Result<std::string> find_generation(const std::string& named, std::optional<Time> until);

// When the generation was begun, by its name; nothing for another name.
std::optional<Time> time_of_generation(const std::string& path);

}  // namespace halftone
