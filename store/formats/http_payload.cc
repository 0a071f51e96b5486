#include "store/formats/http_payload.h"

#include "media/ascii.h"

namespace halftone {

// One byte that is no content.
bool ChunkDecoder::control(char c) {
  constexpr size_t kMostDigits = 15;
  switch (state_) {
    case State::kSize:
      if (is_hex(c)) {
        size_ = size_ * 16 + static_cast<uint64_t>(hex_value(c));
        return ++digits_ <= kMostDigits;
      }
      if (digits_ == 0 || (c != '\r' && c != '\n' && c != ';' && !is_space(c))) return false;
      state_ = State::kExtension;
      [[fallthrough]];
    case State::kExtension:
      if (c == '\n') state_ = size_ == 0 ? State::kTrailer : State::kData;
      return true;
    case State::kData:
      state_ = State::kDataEnd;
      [[fallthrough]];
    case State::kDataEnd:
      if (c == '\n') {
        state_ = State::kSize;
        digits_ = 0;
      }
      return c == '\n' || c == '\r';
    case State::kTrailer:
      return true;
    case State::kBad:
      break;
  }
  return false;
}

size_t HttpHead::take(std::string_view bytes) {
  size_t used = 0;
  while (used < bytes.size() && !whole_ && !is_too_long()) {
    const char c = bytes[used++];
    if (c == '\n') whole_ = text_.ends_with("\n") || text_.ends_with("\n\r") || text_.empty();
    text_ += c;
  }
  return used;
}

// "HTTP/1.1 200 OK"
std::optional<int> HttpHead::status() const {
  const std::string_view line = std::string_view(text_).substr(0, text_.find('\n'));
  if (!starts_with_ignoring_case(line, "HTTP/")) return std::nullopt;
  const size_t blank = line.find(' ');
  if (blank == line.npos) return std::nullopt;
  const std::string_view code = line.substr(blank + 1, 3);
  if (code.size() < 3 || !is_digit(code[0]) || !is_digit(code[1]) || !is_digit(code[2])) {
    return std::nullopt;
  }
  return (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
}

std::string HttpHead::field(std::string_view name) const {
  std::string_view rest = text_;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const size_t colon = line.find(':');
    if (colon != line.npos && equals_ignoring_case(trim(line.substr(0, colon)), name)) {
      return std::string(trim(line.substr(colon + 1)));
    }
  }
  return {};
}

}  // namespace halftone
