// Bringing an archive of an older format up to this version's.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "media/error.h"

namespace halftone {

struct Upgrade {
  int64_t from = 0, to = 0;  // the same where nothing was to do
  uint64_t versions = 0;     // of articles, that the index now leads to
  // Versions that cannot be read, by the keys of the article table: no list will show them.
  std::vector<std::string> damaged;
};

// Adds what the newer format has (the index of articles) and then, at last, changes the marker. As
// the archive's one writer; killed at any instant it leaves an archive of the older format, to be
// upgraded again, or one of the newer. `progress` is told of versions as they are done.
// kNotFound: no archive there; kInUse, kNewerFormat, kCorrupt, kNoSpace, kIo.
Result<Upgrade> upgrade_archive(const std::string& folder,
                                const std::function<void(uint64_t versions)>& progress);

}  // namespace halftone
