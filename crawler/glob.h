// Patterns with stars, matched in linear time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// A pattern in which * stands for any run of bytes, the empty one too, and everything else for
// itself. A value: safe for concurrent use.
class Glob {
 public:
  explicit Glob(std::string_view pattern);

  // True where the pattern is the whole of `text`. Time is linear in the text, whatever the stars.
  bool matches(std::string_view text) const;

  bool has_star() const { return !pieces_.empty(); }

 private:
  // What stands between two stars, with the borders by which Knuth, Morris and Pratt find it.
  struct Piece {
    std::string text;
    std::vector<size_t> borders;

    explicit Piece(std::string_view piece);
    // Where its first place in `text` from `at` on ends; npos where there is none.
    size_t find_end(std::string_view text, size_t at) const;
  };

  std::string head_;           // before the first star, or all
  std::vector<Piece> pieces_;  // behind each star; the last one is the end of the pattern
};

}  // namespace halftone
