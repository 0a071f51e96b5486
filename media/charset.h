// From bytes to UTF-8, with the way back (WHATWG Encoding Standard).
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

// The WHATWG name ("GBK", "windows-1252", "UTF-8") for a label as people write
// it; empty where the label means nothing.
std::string_view encoding_for_label(std::string_view label);

struct Encoding {
  std::string_view name;  // WHATWG name
  std::string_view by;    // "bom", "header", "meta", "detected", "default"
};

// Which encoding a document is in: byte order mark, then HTTP's charset, then
// HTML's meta prescan of the first 1024 bytes (CSS's @charset), then UTF-8 where the bytes are
// valid UTF-8, then ICU's detector, then windows-1252.
Encoding detect_encoding(std::string_view bytes, std::string_view http_charset, bool is_html);

// Decodes to UTF-8 from the encoding of that name or label. UTF-8 input is not copied and not
// checked (the caller's `bytes` must outlive the result); a byte order mark is left out.
SourceText decode(std::string_view bytes, std::string_view label);

// Encodes UTF-8 as the encoding of that name or label; what the encoding lacks becomes a decimal
// character reference (&#8217;), as forms and queries do. Encodings that only decode (UTF-16,
// replacement) give UTF-8.
std::string encode(std::string_view utf8, std::string_view label);

// The same for a piece of a document in that encoding, which UTF-16 can hold, too.
std::string encode_piece(std::string_view utf8, std::string_view label);

}  // namespace halftone
