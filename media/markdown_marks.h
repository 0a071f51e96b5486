// Which bytes of Markdown a link was read from.
//
// Rules for where Markdown may write destinations are many, and a scanner of the source cannot know
// all that cmark-gfm knows. So each place that may be the one is overwritten with a URL of its own,
// its mark, the text is read again, and the marks that come out as links say which places were.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/markdown_inline.h"
#include "media/markdown_tree.h"

namespace halftone {

struct MarkdownCandidate {
  MarkdownPlace place;
  std::string value;  // as cmark-gfm reads it
};

struct MarkdownHome {
  size_t candidate;
  Escape escape;  // how cmark-gfm has read it
};

// For each of `links` the candidate it was read from; nothing where that cannot be told. `links`
// are those of `body`. Reads it at most three times.
std::vector<std::optional<MarkdownHome>> find_homes(
    std::string_view body, const MarkdownLimits& limits, const std::vector<MarkdownLink>& links,
    const std::vector<MarkdownCandidate>& candidates);

}  // namespace halftone
