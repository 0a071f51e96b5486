// Garbage collection: what nothing leads to any more goes, and its space returns.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "media/error.h"
#include "store/archive.h"

namespace halftone {

struct GcOptions {
  bool dry_run = false;  // only count
  // Told what is done now, and how far that is.
  std::function<void(const std::string& stage, uint64_t done)> progress = [](const std::string&,
                                                                             uint64_t) {};
};

struct Garbage {
  uint64_t blobs = 0;   // that no capture and no article leads to
  uint64_t bodies = 0;  // theirs with all chunks, and leftovers of interrupted writes
  uint64_t bytes = 0;   // of these bodies, as stored
  uint64_t images = 0;  // entries of image facts and derivatives of blobs that go
  // Of `bytes`, those that stay for now because it does not pay to write their file anew.
  uint64_t bytes_left = 0;
  uint64_t blobs_kept = 0;
};

// Finds what captures and articles lead to, and takes the rest away: digest entries, then bodies,
// then image facts and derivatives. Everything reachable stays; killed at any instant it leaves an
// archive that is whole, with garbage that the next call finds. Derivatives of blobs that stay are
// kept, of whatever version their recipe is.
//
// The archive's one writer calls this, with no put in flight; a dry run may read beside one, and
// counts what that is just storing. Memory: some 70 bytes for each blob that is reachable, 25 for
// each chunk of such, and 50 for each body that goes.
//
// kCorrupt: something in the archive cannot be read, so that nobody knows what it needs: nothing is
// taken away. kNoSpace, kIo: as far as it came, it is done.
Result<Garbage> collect_garbage(Archive& archive, const GcOptions& options = {});

}  // namespace halftone
