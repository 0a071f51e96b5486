// The beginning of a long GIF, so that nobody has to look through the rest.
#pragma once

#include <cstddef>
#include <string_view>

namespace halftone {

// As much of `gif` as holds its first `count` frames; all of it where it has no more, is damaged
// before, or is no GIF (GIF89a, appendix B). No pixels are decoded.
std::string_view first_gif_frames(std::string_view gif, size_t count);

}  // namespace halftone
