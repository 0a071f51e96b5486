// The BlobStore inside an archive. Its format is described in docs/format.md.
#pragma once

#include <functional>
#include <memory>

#include "store/blob_store.h"
#include "store/database.h"

namespace halftone {

// `database` must outlive the store. Blobs of which `is_bad` is true are replaced when their bytes
// are put again, instead of being taken for what is there already.
Result<std::unique_ptr<BlobStore>> open_blob_store(
    Database& database, std::function<bool(const Digest&)> is_bad = nullptr);

// For reading only, whatever state `database` is in.
std::unique_ptr<BlobStore> open_blob_store_for_checking(Database& database);

}  // namespace halftone
