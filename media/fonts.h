// Fonts, for text in SVG.
#pragma once

#include <string>
#include <vector>

namespace halftone {

// Reads fontconfig's configuration and caches, so that nothing but fonts themselves is to be opened
// later, and tells in which folders those are. Empty: there are none.
std::vector<std::string> open_font_list();

}  // namespace halftone
