// One archive joined into another: what it has and the other has not is taken over.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "media/error.h"
#include "store/archive.h"

namespace halftone {

// How many were looked at and what became of them.
struct MergeCount {
  uint64_t added = 0;
  uint64_t known = 0;      // here already, and the same
  uint64_t different = 0;  // here already with another value, which stays
  uint64_t left_out = 0;   // damaged, or without a blob that was left out
};

struct MergeReport {
  MergeCount blobs, captures, articles, images, derivatives;
  uint64_t blob_bytes = 0;  // of those added

  // What is damaged or left out, a line each, for people; the first so many.
  static constexpr size_t kMostNamed = 100;
  std::vector<std::string> left_out;

  uint64_t added() const {
    return blobs.added + captures.added + articles.added + images.added + derivatives.added;
  }
  // Images and derivatives without a blob are no loss: they can be made again from it.
  bool is_complete() const { return blobs.left_out + captures.left_out + articles.left_out == 0; }
};

struct MergeOptions {
  bool dry_run = false;  // count and write nothing; blobs are not read, so no damage is found
  // Told the bytes of blobs read so far; false stops (kInterrupted): what was taken over stays, and
  // the same call goes on from there.
  std::function<bool(uint64_t bytes)> on_read{};
};

// Takes over from `other`: blobs, each checked against its digest; then what is known of images and
// derivatives; then captures; then articles. So whatever is here, all that it needs is here, also
// when this is killed at any instant; and what is damaged in `other` is left out with all that
// needs it, and named. Memory is bounded: blobs stream, captures go in batches. A second merge
// writes nothing. Two archives merged into each other hold the same, but for what differs under the
// same key. Runs that `other` has not finished stay its own.
//
// kCorrupt: a table of `other` cannot be read; kInterrupted, kNoSpace, kIo.
Result<MergeReport> merge(Archive& into, Archive& other, const MergeOptions& options);

}  // namespace halftone
