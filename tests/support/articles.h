// Articles to read in tests: our own, and those of other people, kept outside of the project.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace halftone {

// tests/fixtures/<name>.
std::string fixture(std::string_view name);

// A file of $HALFTONE_ARTICLES, or of the directory beside the source tree; nothing, said aloud,
// where it is absent.
std::optional<std::string> foreign_article(std::string_view name);

}  // namespace halftone
