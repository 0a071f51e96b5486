// Patterns for hosts and paths of URLs, as tables of rules write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// In a pattern
//   *   one or more bytes without a slash, as few as will do; kept
//   **  all the rest, which may be empty; kept; only at the end
//   #   one or more digits, as many as there are
//   ?   one byte that is no slash
//   %   the letters and digits of an image's extension ("jpg"); kept
//   &   one or more segments of Cloudinary's options with their slashes ("w_600,c_fill/")
// and everything else stands for itself.
struct PatternMatch {
  size_t from = 0, to = 0;             // of the text
  std::vector<std::string_view> kept;  // views of the text

  // `replacement` with $1 to $9 for what was kept.
  std::string expanded(std::string_view replacement) const;
};

// True where `pattern` is the whole of `text`.
bool matches(std::string_view pattern, std::string_view text);

// The first place in `path` where `pattern`, which begins with a slash, matches. One that ends
// with a slash, & or ** may be followed by more of the path, any other reaches to the path's end.
// Time is linear in the path for patterns of a bounded size.
bool find_pattern(std::string_view pattern, std::string_view path, PatternMatch& match);

}  // namespace halftone
