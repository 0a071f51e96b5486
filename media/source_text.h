// Decoded text that knows which bytes of a document it came from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace halftone {

// A half-open range of bytes.
struct Span {
  size_t from = 0;
  size_t to = 0;
  size_t size() const { return to - from; }
  friend bool operator==(const Span&, const Span&) = default;
};

// Text decoded from a piece of a document, which still knows where each byte
// came from. Decoding stacks: a document from its charset, an attribute from
// the document, a CSS string from the attribute.
class SourceText {
 public:
  SourceText() = default;
  // Text that stands in the document as it is, beginning at `origin`.
  SourceText(std::string_view same, size_t origin) : view_(same), origin_(origin) {}

  std::string_view text() const { return view_.data() ? view_ : std::string_view(owned_); }

  // The bytes of the document that made text()[from, to).
  Span source(size_t from, size_t to) const;

  // Begins a decoded text. Bytes are appended with the place they came from.
  static SourceText decoded() {
    SourceText t;
    t.mapped_ = true;
    return t;
  }
  // `bytes` came from the document's [from, to); equal sizes map byte by byte,
  // others as one indivisible unit. Empty bytes are left out.
  void append(std::string_view bytes, Span from);
  // `bytes` are characters of `unit` bytes each, which came from `source_unit` bytes each, one
  // after the other, the first from `from`.
  void append_units(std::string_view bytes, size_t unit, size_t from, size_t source_unit);

  // This text, which was decoded from outer.text(), with spans of what `outer` was decoded from.
  SourceText through(const SourceText& outer) const;

  // text()[from, to) as a text of its own. Its lifetime ends with this one's.
  SourceText slice(size_t from, size_t to) const;

 private:
  // A run of decoded units of one size that came from source units of one size: plain bytes are
  // 1 from 1, Chinese in GBK 3 from 2, a character reference is a run of one.
  struct Piece {
    size_t at;           // in the decoded text
    size_t from;         // in the document
    size_t unit;         // decoded bytes each
    size_t source_unit;  // bytes of the document each
  };

  const Piece& piece_at(size_t position) const;
  void append_run(std::string_view bytes, size_t from, const SourceText& outer);

  std::string_view view_;
  std::string owned_;
  size_t origin_ = 0;
  bool mapped_ = false;
  std::vector<Piece> pieces_;
};

}  // namespace halftone
