// How pages and terminals say sizes, times and completeness to people.
#pragma once

#include <cstdint>
#include <string>

#include "media/time.h"
#include "store/article.h"

namespace halftone {

std::string describe_bytes(uint64_t bytes);  // "84 kB", "1.2 MB": powers of 1000
std::string describe_time(Time time);        // "2026-01-09 03:28 UTC"
std::string describe_date(Time time);        // "2026-01-09"
std::string describe(
    const Completeness& completeness);  // "13/13 references, 9 images, 1.2 MB, 0 missing"

}  // namespace halftone
