// What stands in an element of a feed: text and CDATA sections in a row, also markup.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/reference.h"
#include "media/url.h"
#include "media/xml_tokenizer.h"

namespace halftone {

// The HTML of an entry, and how its bytes are written.
struct FeedContent {
  // A run of bytes that is written alike. kNone: HTML that was never escaped, as XHTML is.
  struct Piece {
    Span bytes;
    Escape escape;
  };

  // How the bytes are written; nothing where they go on from one piece to the next.
  std::optional<Escape> escape_of(Span bytes) const;

  SourceText html;            // its spans are bytes of the document
  std::vector<Piece> pieces;  // in order; none: all is written as a string of JSON
};

// The references of `content`. Those whose value goes on from one piece to the next are left out:
// no replacement could be written there.
std::vector<Reference> find_content_references(const FeedContent& content, const Url& base,
                                               std::string_view charset);

// Gathers the tokens of an element's content.
class FeedText {
 public:
  // `xml`: the tokenizer's input; must outlive this.
  explicit FeedText(std::string_view xml) : xml_(xml) {}

  bool empty() const { return pieces_.empty(); }
  // Decoded, as far as it was added.
  std::string_view text() const { return text_.text(); }

  // Text, CDATA or a tag of a document's tokens.
  void add(const XmlToken& token);
  // Only text and CDATA.
  void add_text_of(const XmlToken& token);
  // Tags and text of XHTML, in which what is escaped is no markup.
  void add_xhtml(const XmlToken& token);

  // The whole, found again in what `document`, whose text is `xml`, was decoded from.
  FeedContent located(const SourceText& document) const;

 private:
  void add_references(std::string_view raw, size_t origin);
  void add_as_written(const XmlToken& token);

  std::string_view xml_;
  SourceText text_ = SourceText::decoded();
  std::vector<FeedContent::Piece> pieces_;  // spans in xml_
};

enum class TitleMarkup {
  kNone,   // the text counts as it is
  kHtml,   // RFC 4287, 3.1.1.2
  kLoose,  // RSS, which does not say: character references, and tags that HTML has for phrases
};

// Without the blanks around it, bounded: an id, a date, a name.
std::string short_text(std::string_view text);

// A title as a line of plain text, blanks collapsed, bounded.
std::string plain_title(std::string_view title, TitleMarkup markup);

}  // namespace halftone
