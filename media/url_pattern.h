// Patterns for hosts and paths of URLs, as tables of rules write them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace halftone {

// In a pattern
//   *   one or more bytes without a slash, as few as will do; kept
//   **  all the rest, which may be empty; kept; only at the end
//   #   one or more digits, as many as there are
//   ?   one byte that is no slash
//   %   the letters and digits of an image's extension ("jpg"); kept
//   &   one or more segments of Cloudinary's options with their slashes ("w_600,c_fill/")
// and everything else stands for itself.
bool is_pattern_symbol(char c);

// True where a text that matches may go on behind the pattern: it ends with a slash, & or **.
bool is_open_ended(std::string_view pattern);

// What a pattern keeps of a text, in order; views of the text. Beyond the ninth, nothing.
class Kept {
 public:
  void add(std::string_view text) {
    if (size_ < texts_.size()) texts_[size_++] = text;
  }
  void shrink(size_t size) { size_ = size; }
  std::string_view& last() { return texts_[size_ - 1]; }
  std::string_view last() const { return size_ > 0 ? texts_[size_ - 1] : std::string_view(); }
  std::string_view operator[](size_t i) const { return i < size_ ? texts_[i] : std::string_view(); }
  size_t size() const { return size_; }

 private:
  std::array<std::string_view, 9> texts_;
  size_t size_ = 0;
};

struct PatternMatch {
  size_t from = 0, to = 0;  // of the text
  Kept kept;

  // `replacement` with $1 to $9 for what was kept.
  std::string expanded(std::string_view replacement) const;
};

// True where `pattern` is the whole of `text`.
bool matches(std::string_view pattern, std::string_view text);

// The first place in `path` where `pattern`, which begins with a slash, matches. One that is not
// open at its end reaches to the path's.
// Time is linear in the path for patterns of a bounded size.
bool find_pattern(std::string_view pattern, std::string_view path, PatternMatch& match);

}  // namespace halftone
