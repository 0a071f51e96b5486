// Collecting garbage and telling of it, as `gc` and `forget` do.
#pragma once

#include <cstdint>
#include <string>

#include "media/error.h"
#include "store/gc.h"
#include "tools/options.h"

namespace halftone {

// An archive that stands already; none is made. kNotFound, and as Archive::open_for_writing().
Result<std::unique_ptr<Archive>> open_existing_for_writing(const std::string& folder);

Result<Garbage> collect_with_progress(Archive& archive, const Arguments& args);

// `returned`: by how many bytes the archive has become smaller on disk.
std::string describe(const Garbage& garbage, bool dry_run, uint64_t returned);
std::string gc_entry(const Garbage& garbage, bool dry_run, uint64_t returned);

}  // namespace halftone
