// HTML cut into tokens (WHATWG HTML, 13.2.5 Tokenization), with byte spans.
//
// One pass over text in memory, no tree, no copies: a token is views into the
// input, and decoding is asked for only where it matters. What the standard
// leaves to the tree builder (which text is raw, where CDATA counts) is tracked
// by the tokenizer itself from the start tags it has seen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/html_foreign.h"

namespace halftone {

struct HtmlAttribute {
  std::string_view name;   // as written; compare without regard to case
  std::string_view value;  // as written, character references and all
  Span name_span;          // in the tokenizer's input
  Span value_span;         // without quotes; empty, at the end of the name, where there is no value
  char quote = 0;          // '"', '\'' or 0
  bool has_value = false;  // false in <img data-x>
  bool duplicate =
      false;  // a second attribute of that name: dropped by browsers, kept here and marked
};

struct HtmlToken {
  enum class Type { kText, kStartTag, kEndTag, kComment, kDoctype, kEnd };
  // What text is made of: character references are decoded in kData and kRcData only.
  enum class TextMode { kData, kRcData, kRawText, kScript, kPlainText, kCData };

  Type type = Type::kEnd;
  Span span;              // the whole token in the input
  std::string_view name;  // tag or doctype name as written
  std::string_view text;  // text or comment content as written
  TextMode text_mode = TextMode::kData;
  std::vector<HtmlAttribute> attributes;
  bool self_closing = false;

  // DOCTYPE only.
  std::string_view public_id, system_id;
  bool has_public_id = false, has_system_id = false, force_quirks = false;

  // The attribute of that lower-case name, duplicates ignored; null where there is none.
  const HtmlAttribute* find(std::string_view lower_name) const;
};

// Turns text into tokens. Not for concurrent use; the input must outlive it.
class HtmlTokenizer {
 public:
  // Which content model to begin in; kData unless testing.
  explicit HtmlTokenizer(std::string_view input,
                         HtmlToken::TextMode initial = HtmlToken::TextMode::kData,
                         std::string_view last_start_tag = {});

  // Moves to the next token and returns it; kEnd for ever after the last. The token
  // and its views live until the next call. Every byte of the input belongs to exactly one
  // token's span. What the standard drops (a tag that the end of input cuts off, "</>") is a
  // kText token with empty text.
  const HtmlToken& next();

  // True inside <svg> or <math> (but not inside their HTML integration points).
  bool in_foreign_content() const { return foreign_.active(); }

  // True where the latest start tag made an element of SVG or MathML, and which of them.
  bool is_foreign() const { return is_foreign_; }
  bool is_mathml() const { return is_foreign_ && foreign_.is_mathml(); }

 private:
  using Type = HtmlToken::Type;
  using TextMode = HtmlToken::TextMode;

  const HtmlToken& emit(Type type, size_t end);
  const HtmlToken& emit_text(TextMode mode, size_t text_from, size_t text_to, size_t end);
  const HtmlToken& emit_nothing(size_t end) { return emit_text(TextMode::kData, end, end, end); }
  size_t find_markup() const;
  const HtmlToken& read_raw_text();
  const HtmlToken& read_markup();
  const HtmlToken& read_declaration();
  const HtmlToken& read_comment();
  const HtmlToken& read_bogus_comment(size_t content);
  const HtmlToken& read_tag(Type type, size_t name);
  size_t read_attributes(size_t at);
  size_t read_attribute(size_t at, HtmlAttribute& attribute);
  void enter_element();

  std::string_view input_;
  size_t at_ = 0;
  HtmlToken token_;
  TextMode mode_;
  std::string_view raw_end_tag_;  // the lower-case name of the end tag that ends raw text
  ForeignContent foreign_;
  bool is_foreign_ = false;
};

// Decodes character references (13.2.5.72 ff.), in an attribute by its stricter rule,
// newlines normalised and NUL replaced as the mode wants, keeping track of where each
// byte came from. `origin` is where `raw` begins in the document.
SourceText decode_html(std::string_view raw, size_t origin, HtmlToken::TextMode mode,
                       bool in_attribute);

// The decoded value of an attribute.
SourceText decode_value(const HtmlAttribute& attribute);

}  // namespace halftone
