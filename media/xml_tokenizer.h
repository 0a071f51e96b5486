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
  std::vector<XmlAttribute> attributes;  // in order, doubled ones too; at most 256
  bool self_closing = false;

  // The first attribute of exactly that name; null where there is none.
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
  using Type = XmlToken::Type;

  const XmlToken& emit(Type type, size_t end);
  const XmlToken& emit(Type type, size_t end, size_t text_from, size_t text_to);
  bool begins_markup(size_t at) const;
  bool stands_at(size_t at, std::string_view text) const;
  size_t after(std::string_view end, size_t from) const;
  const XmlToken& read_text();
  const XmlToken& read_declaration();
  const XmlToken& read_doctype();
  const XmlToken& read_instruction();
  const XmlToken& read_tag(Type type, size_t name);
  size_t read_attributes(size_t at);
  size_t read_attribute(size_t at);
  size_t read_value(size_t at, XmlAttribute& attribute);

  std::string_view input_;
  size_t at_ = 0;
  XmlToken token_;
  // What has been looked for in vain is not looked for again.
  bool no_double_quote_ = false, no_single_quote_ = false;
  bool no_instruction_end_ = false, no_doctype_end_ = false;
};

// "image" of "media:image" and of "image".
std::string_view local_name(std::string_view name);

// Decodes the references of text or of an attribute's value: the five of XML, numbers, and those of
// HTML, which feeds use without declaring them; others stay as written, as does what lacks its ";"
// (URLs hold many a plain "&"). `origin` is where `raw` begins in the document. Without references
// the result is a view into `raw`.
SourceText decode_xml(std::string_view raw, size_t origin);

}  // namespace halftone
