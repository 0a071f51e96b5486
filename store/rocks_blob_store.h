// The BlobStore inside an archive. Its format is described in docs/format.md.
#pragma once

#include <memory>

#include "store/blob_store.h"
#include "store/database.h"

namespace halftone {

// `database` must outlive the store.
Result<std::unique_ptr<BlobStore>> open_blob_store(Database& database);

}  // namespace halftone
