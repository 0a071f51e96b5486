// XML cut into tokens (XML 1.0, fifth edition), with byte spans.
//
// Made for feeds, sitemaps, SVG and manifests as they are found: what is not well-formed is read as
// far as it means anything, and no input is refused. One pass over text in memory, no tree, no
// copies. Nothing external is loaded; entities that a document declares for itself stay as written.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "media/charset.h"

namespace halftone {

struct XmlAttribute {
  std::string_view name;   // as written, with its prefix
  std::string_view value;  // as written, references and all
  Span value_span;         // in the tokenizer's input, without quotes
  char quote = 0;          // '"', '\'' or 0 where a value stands without
};

struct XmlToken {
  enum class Type {
    kText,
    kCData,
    kStartTag,
    kEndTag,
    kComment,
    kInstruction,  // <?name text?>
    kDoctype,      // with its internal subset, which is passed over
    kEnd,
  };

  Type type = Type::kEnd;
  Span span;              // the whole token in the input
  std::string_view name;  // of tags and instructions, as written, with its prefix
  std::string_view text;  // content of text, CDATA, comments and instructions, as written
  std::vector<XmlAttribute> attributes;
  bool self_closing = false;

  // The attribute of exactly that name; null where there is none.
  const XmlAttribute* find(std::string_view name) const;
};

// Turns text into tokens. Not for concurrent use; the input must outlive it.
class XmlTokenizer {
 public:
  explicit XmlTokenizer(std::string_view input) : input_(input) {}

  // Moves to the next token and returns it; kEnd for ever after the last. The token and its views
  // live until the next call. Every byte belongs to exactly one token's span: a "<" that begins no
  // markup is text, a tag without its ">" ends before the next "<".
  const XmlToken& next();

 private:
  std::string_view input_;
  size_t at_ = 0;
  XmlToken token_;
};

// "image" of "media:image" and of "image".
std::string_view local_name(std::string_view name);

// Decodes the references of text or of an attribute's value: the five of XML, numbers, and those of
// HTML, which feeds use without declaring them; others stay as written. `origin` is where `raw`
// begins in the document.
SourceText decode_xml(std::string_view raw, size_t origin);

}  // namespace halftone
