#include "crawler/robots_path.h"

#include <algorithm>
#include <bit>

namespace halftone {

void RobotsPath::index() {
  words_ = path_.size() / 64 + 2;
  bits_.assign(words_, 0);
  for (size_t at = 0; at < path_.size(); ++at) {
    uint32_t& row = rows_[static_cast<unsigned char>(path_[at])];
    if (row == 0) {
      row = static_cast<uint32_t>(bits_.size());
      bits_.resize(bits_.size() + words_, 0);
    }
    bits_[row + at / 64] |= uint64_t{1} << at % 64;
  }
}

size_t RobotsPath::end_of(std::string_view piece, size_t at) {
  if (bits_.empty()) index();
  const size_t size = steps_ < kMostSteps ? path_.size() : std::min(path_.size(), kWindow);
  if (at > size || size - at < piece.size()) return std::string_view::npos;
  steps_ += piece.size();
  for (const char c : piece) {
    if (row(c) == 0) return std::string_view::npos;
  }
  const size_t last = size - piece.size();  // where it may begin
  for (size_t word = at / 64; word <= last / 64; ++word) {
    uint64_t begins = ~uint64_t{0};  // the places of this word where the piece may begin
    if (word == at / 64) begins <<= at % 64;
    if (word == last / 64) begins &= ~uint64_t{0} >> (63 - last % 64);
    for (size_t i = 0; i < piece.size() && begins != 0; ++i, ++steps_) {
      const uint64_t* const from = &bits_[row(piece[i]) + word + i / 64];
      begins &= from[0] >> i % 64 | from[1] << 1 << (63 - i % 64);
    }
    if (begins != 0) {
      return word * 64 + static_cast<size_t>(std::countr_zero(begins)) + piece.size();
    }
  }
  return std::string_view::npos;
}

// The first place for each piece is as good as any.
bool RobotsPath::meets(std::string_view rule) {
  const std::string_view path = path_;
  const bool anchored = rule.ends_with('$');
  if (anchored) rule.remove_suffix(1);
  const size_t star = rule.find('*');
  if (!path.starts_with(rule.substr(0, star))) return false;
  if (star == rule.npos) return !anchored || path.size() == rule.size();

  size_t at = star;
  rule.remove_prefix(star + 1);
  for (size_t next = rule.find('*'); next != rule.npos; next = rule.find('*')) {
    at = end_of(rule.substr(0, next), at);
    if (at == path.npos) return false;
    rule.remove_prefix(next + 1);
  }
  if (anchored) return path.size() - at >= rule.size() && path.ends_with(rule);
  return rule.empty() || end_of(rule, at) != path.npos;
}

}  // namespace halftone
