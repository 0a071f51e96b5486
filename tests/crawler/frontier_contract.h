// What every Frontier must do.
#pragma once

#include <memory>

#include "crawler/frontier.h"

namespace halftone {

// Runs within a test case, in sections. `frontier` is empty.
void check_contract(Frontier& frontier);

}  // namespace halftone
