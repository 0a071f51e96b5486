// A set of digests that may be large: eight bytes for each.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "store/digest.h"

namespace halftone {

// Remembers the first eight bytes of a SHA-256. It may so take a digest for a member that is none:
// among n members once in 2^64/n questions. Memory: 16 bytes a member at most, and half as much
// again while it grows. One thread at a time.
class DigestSet {
 public:
  void insert(const Digest& digest);
  // Between the last insert() and the first contains().
  void seal();
  bool contains(const Digest& digest) const;
  size_t size() const { return prints_.size(); }  // once sealed

 private:
  std::vector<uint64_t> prints_;
  size_t distinct_ = 0;  // as of the last time they were sorted
};

}  // namespace halftone
