#include "media/error.h"

#include <cstdio>
#include <cstdlib>

namespace halftone {

void bug(std::string_view what) {
  fmt::print(stderr, "halftone: bug: {}\n", what);
  std::abort();
}

}  // namespace halftone
