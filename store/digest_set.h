// A set of digests that may be large: eight bytes for each.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "store/digest.h"

namespace halftone {

// Remembers the first eight bytes of a SHA-256. It may so take a digest for a member that is none:
// among n members once in 2^64/n questions. Memory: 8 bytes a member once it is sealed, up to 48
// while it is filled. One thread at a time.
class DigestSet {
 public:
  void insert(const Digest& digest);
  // Between the last insert() and the first contains().
  void seal();
  bool contains(const Digest& digest) const;
  size_t size() const { return prints_.size(); }  // once sealed

 private:
  void sort();

  std::vector<uint64_t> prints_;
  size_t distinct_ = 0;  // as of the last time they were sorted
};

}  // namespace halftone
