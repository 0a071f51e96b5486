// Text of articles that nobody wrote.
#pragma once

#include <string>

#include "tests/bench/site/noise.h"

namespace halftone::bench {

std::string title(Noise& noise);
std::string author(Noise& noise);
// Sentences of about `size` bytes together.
std::string paragraph(Noise& noise, size_t size);

}  // namespace halftone::bench
