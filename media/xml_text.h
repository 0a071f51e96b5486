// What stands in an element of XML: text and CDATA sections in a row.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/reference.h"
#include "media/xml_tokenizer.h"

namespace halftone {

// How to write a replacement for the value of `attribute`.
Escape quoting(const XmlAttribute& attribute);

// The decoded value of an attribute of a token of document.text().
SourceText decode_value(const XmlAttribute& attribute, const SourceText& document);

// Gathers the character data of one element.
class XmlText {
 public:
  // `document`: what the tokens are of; must outlive this.
  explicit XmlText(const SourceText& document) : document_(document) {}

  // Adds text or CDATA; tokens of other types count for nothing.
  void add(const XmlToken& token);
  void clear();

  // Decoded, with spans in what the document was decoded from.
  SourceText text() const { return text_.through(document_); }

  // How text()[from, to) is written, kXmlText or kXmlCData; nothing where it goes on from one
  // piece to the next, so that no replacement can be written.
  std::optional<Escape> escape(size_t from, size_t to) const;

 private:
  void add_decoded(const XmlToken& token, size_t origin);

  struct Piece {
    size_t to;  // in the text
    Escape escape;
  };

  const SourceText& document_;
  SourceText text_ = SourceText::decoded();
  std::vector<Piece> pieces_;
};

}  // namespace halftone
