// What every BlobStore must do.
#pragma once

#include <functional>

#include "store/blob_store.h"

namespace halftone {

// Runs within a test case, in sections. `blobs` is empty; `damage` flips a bit of a stored blob.
void check_contract(BlobStore& blobs, const std::function<void(const Digest&)>& damage);

// `size` bytes that do not compress, different for each seed.
std::string noise(size_t size, uint64_t seed);

}  // namespace halftone
