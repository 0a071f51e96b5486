// Where front matter begins and ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "media/charset.h"

namespace halftone {

struct FrontMatterBlock {
  enum class Language : uint8_t { kYaml, kToml, kJson };

  Language language = Language::kYaml;
  Span content;           // between the marks; of JSON in braces with these
  Span whole;             // with the marks and the line end behind them
  size_t first_line = 1;  // of the content, counted from 1
  std::string problem;    // for people: it begins but never ends, or is too long; empty if neither
};

// The front matter at the head of `text`, behind blank lines and a byte order mark.
std::optional<FrontMatterBlock> find_front_matter_block(std::string_view text);

}  // namespace halftone
