// How large a document may be to be looked through, the same for taking and for giving out.
#pragma once

#include <cstdint>

namespace halftone {

constexpr uint64_t kLargestDocument = uint64_t{64} << 20;
constexpr uint64_t kLargestSheet = uint64_t{16} << 20;

}  // namespace halftone
