// The languages that front matter is written in, each with its reader.
#pragma once

#include <string_view>
#include <vector>

#include "media/error.h"
#include "media/front_matter.h"
#include "media/front_matter_builder.h"

namespace halftone {

// What stands between the marks.
struct FrontMatterText {
  std::string_view text;  // UTF-8 without control characters but blanks and line breaks
  size_t origin = 0;      // where it begins in the file, in bytes
  size_t first_line = 1;  // of it in the file
};

// Each leaves its entries in `builder`. kInvalid, naming the line, where the text is something else
// or past reason.
Result<void> read_yaml(const FrontMatterText& text, FrontMatterBuilder& builder);
Result<void> read_toml(const FrontMatterText& text, FrontMatterBuilder& builder);
Result<void> read_json(const FrontMatterText& text, FrontMatterBuilder& builder);

// For text that is none of them: lines of "key: value" or "key = value", "- item" below a key and
// lists in brackets. Any other line is passed over.
void read_plain_lines(const FrontMatterText& text, FrontMatterBuilder& builder);

}  // namespace halftone
