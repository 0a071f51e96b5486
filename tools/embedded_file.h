// Files that were built into the program; see tools/cmake/Embed.cmake.
#pragma once

#include <span>
#include <string_view>

namespace halftone {

struct EmbeddedFile {
  std::string_view name;  // relative to its folder, with slashes
  std::string_view bytes;
};

// Each folder that the build embeds, sorted by name.
std::span<const EmbeddedFile> newsroom_site();
std::span<const EmbeddedFile> newsroom_pictures();

}  // namespace halftone
