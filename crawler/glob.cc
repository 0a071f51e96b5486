#include "crawler/glob.h"

#include <algorithm>

namespace halftone {

Glob::Piece::Piece(std::string_view piece) : text(piece), borders(piece.size() + 1, 0) {
  for (size_t i = 1, matched = 0; i < text.size(); ++i) {
    while (matched > 0 && text[i] != text[matched]) matched = borders[matched];
    if (text[i] == text[matched]) ++matched;
    borders[i + 1] = matched;
  }
}

size_t Glob::Piece::find_end(std::string_view in, size_t at) const {
  if (text.empty()) return at;
  for (size_t matched = 0; at < in.size(); ++at) {
    while (matched > 0 && in[at] != text[matched]) matched = borders[matched];
    if (in[at] == text[matched]) ++matched;
    if (matched == text.size()) return at + 1;
  }
  return std::string_view::npos;
}

Glob::Glob(std::string_view pattern) {
  const size_t star = std::min(pattern.find('*'), pattern.size());
  head_ = pattern.substr(0, star);
  pattern.remove_prefix(star);
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const size_t end = std::min(pattern.find('*'), pattern.size());
    if (end > 0 || pattern.empty()) pieces_.emplace_back(pattern.substr(0, end));
    pattern.remove_prefix(end);
  }
}

// The first place for each piece is as good as any later one.
bool Glob::matches(std::string_view text) const {
  if (pieces_.empty()) return text == head_;
  if (!text.starts_with(head_)) return false;
  size_t at = head_.size();
  for (size_t i = 0; i + 1 < pieces_.size(); ++i) {
    at = pieces_[i].find_end(text, at);
    if (at == text.npos) return false;
  }
  const std::string& tail = pieces_.back().text;
  return text.size() - at >= tail.size() && text.ends_with(tail);
}

}  // namespace halftone
