// A progressive JPEG cut down to the averages of its blocks, for pictures so large that decoders
// cannot hold them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace halftone {

// A sequential JPEG of the same size whose blocks of 8×8 pixels have one colour each, the average
// of the original's, less a bit or so of precision: what the first scan of a progressive one holds.
// Shrunk to an eighth it is as good. It decodes row by row, where a progressive one wants memory
// for every coefficient. Metadata is kept. No pixels are decoded: codes are copied.
//
// Nothing: no progressive JPEG (ITU-T T.81), one whose first scan does not hold all components, or
// one that is damaged before it. A first scan that breaks off gives the part before.
std::optional<std::string> jpeg_of_averages(std::string_view jpeg);

}  // namespace halftone
