// Taking bodies out of the blob table so that their space returns to the file system.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "media/error.h"
#include "store/database.h"

namespace halftone {

struct Body {
  uint64_t number = 0;
  uint64_t size = 0;  // as stored
};

// Removes bodies that nothing names any more. Files that hold nothing else are dropped; others are
// written anew where that pays: where they are small, or a tenth of them or more is dead. Bodies in
// the rest stay as leftovers, until more of their file has died. Returns how many bytes stay so.
//
// `dead` and `live` are sorted by number and have none in common; the archive's one writer calls
// this, with no put in flight. Killed at any instant it leaves dead bodies behind, and nothing
// worse. `progress` is told of bytes that have been dealt with.
Result<uint64_t> remove_bodies(Database& database, const std::vector<Body>& dead,
                               const std::vector<uint64_t>& live,
                               const std::function<void(uint64_t bytes)>& progress);

// Writes those of the small tables anew that have lost a tenth of their entries, or are small.
Result<void> shrink_small_tables(Database& database);

}  // namespace halftone
