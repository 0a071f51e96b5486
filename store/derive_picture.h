// One picture on its way through a worker: what is missing of it is made.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "media/error.h"
#include "store/archive.h"
#include "store/derivatives.h"
#include "store/image_workers.h"

namespace halftone {

struct PictureTask {
  Digest digest;
  std::string type;                    // as the reference has it; video and sound, too
  std::vector<const Recipe*> recipes;  // made in this order
  bool again = false;                  // also what is there, or failed before
  // True when nobody wants it any more: the worker is ended.
  std::function<bool()> is_dropped = [] { return false; };
};

// A picture or a derivative of it that could not be made.
struct DeriveFailure {
  Digest digest;
  std::string recipe;  // its key; empty: the picture's header could not be read
  Error error;         // kCorrupt: the worker died, or the blob is damaged
};

struct PictureOutcome {
  DerivedPicture changes;               // to be kept
  size_t known = 0;                     // derivatives that were there
  size_t failed_before = 0;             // and those that are known to fail
  std::vector<DeriveFailure> failures;  // of this time; `changes` remembers them
  bool is_damaged = false;              // the blob: nothing is remembered of that
  bool was_dropped = false;             // before all was made: the rest is as if never begun
  std::optional<Error> stop;            // no other picture would fare better
};

// Reads the archive and writes nothing. Facts first; derivatives only of what could be read, none
// of spacers, posters of videos alone. What earlier versions did not note is added to the facts. On
// the worker's own thread.
PictureOutcome derive_picture(Archive& archive, ImageWorker& worker, const PictureTask& task);

}  // namespace halftone
