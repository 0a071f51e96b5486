// The HTTP message inside of a WARC record: its head, and its body as digests count it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halftone {

// Takes chunks off (RFC 9112, 7.1), however the bytes are cut into pieces.
class ChunkDecoder {
 public:
  // What of `bytes` is content, piece by piece to `take`. False once they are no chunks.
  template <class Take>
  bool decode(std::string_view bytes, const Take& take);

  bool is_whole() const { return state_ == State::kTrailer; }  // the last chunk was seen

 private:
  enum class State { kSize, kExtension, kData, kDataEnd, kTrailer, kBad };
  bool control(char c);

  State state_ = State::kSize;
  uint64_t size_ = 0;
  size_t digits_ = 0;
};

// Gathers the head of a message from pieces.
class HttpHead {
 public:
  // Takes what belongs to the head; returns how much that is.
  size_t take(std::string_view bytes);

  bool is_whole() const { return whole_; }
  bool is_too_long() const { return text_.size() >= kLongest; }
  std::optional<int> status() const;
  std::string field(std::string_view name) const;  // lower case; the first of them, trimmed

 private:
  static constexpr size_t kLongest = 256 * 1024;

  std::string text_;
  bool whole_ = false;
};

template <class Take>
bool ChunkDecoder::decode(std::string_view bytes, const Take& take) {
  while (!bytes.empty() && state_ != State::kBad) {
    if (state_ == State::kData && size_ > 0) {
      const std::string_view piece = bytes.substr(0, size_);
      take(piece);
      size_ -= piece.size();
      bytes.remove_prefix(piece.size());
      continue;
    }
    if (!control(bytes.front())) state_ = State::kBad;
    bytes.remove_prefix(1);
  }
  return state_ != State::kBad;
}

}  // namespace halftone
