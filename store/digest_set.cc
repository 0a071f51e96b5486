#include "store/digest_set.h"

#include <algorithm>

#include "store/byte_order.h"

namespace halftone {

namespace {

constexpr size_t kSortedFirst = 4096;

uint64_t print_of(const Digest& digest) { return *read_be64(digest.view()); }

}  // namespace

void DigestSet::insert(const Digest& digest) {
  // Most pictures are named again and again; those must not fill the memory.
  if (prints_.size() >= std::max(kSortedFirst, distinct_ * 2)) sort();
  prints_.push_back(print_of(digest));
}

void DigestSet::sort() {
  std::sort(prints_.begin(), prints_.end());
  prints_.erase(std::unique(prints_.begin(), prints_.end()), prints_.end());
  distinct_ = prints_.size();
}

void DigestSet::seal() {
  sort();
  prints_.shrink_to_fit();
}

bool DigestSet::contains(const Digest& digest) const {
  return std::binary_search(prints_.begin(), prints_.end(), print_of(digest));
}

}  // namespace halftone
