// CSS cut into tokens (CSS Syntax Level 3, 4), those that can lead to a URL.
//
// Identifiers, numbers, blanks and comments are passed over: no token is made of them, but they
// are read as the standard reads them, so that "#url(" and "1url(" are no URLs.
#pragma once

#include <string>
#include <string_view>

#include "media/charset.h"

namespace halftone {

struct CssToken {
  enum class Type {
    kFunction,   // name( ; `text` is the name
    kAtKeyword,  // @name ; `text` is the name
    kString,     // "…" ; `text` stands between the quotes
    kBadString,  // ended by a line break
    kUrl,        // url(…) without quotes ; `text` is the URL
    kBadUrl,
    kOpenParen,
    kCloseParen,
    kOpenBrace,
    kCloseBrace,
    kSemicolon,
    kComma,  // only where asked for
    kEnd,
  };
  Type type = Type::kEnd;
  Span span;              // the whole token
  std::string_view text;  // as written, escapes and all
  char quote = 0;         // of a string
};

// Not for concurrent use; the input must outlive it. Linear on any input.
class CssTokenizer {
 public:
  explicit CssTokenizer(std::string_view input) : input_(input) {}

  // The next token; kEnd for ever after the last.
  CssToken next(bool with_commas = false);

 private:
  CssToken token(CssToken::Type type, size_t from, size_t to);
  CssToken string(size_t from);
  CssToken at_keyword(size_t from);
  CssToken open_paren(size_t paren);
  CssToken function(size_t name, size_t paren);
  CssToken url(size_t name, size_t from);
  CssToken bad_url(size_t name, size_t from);
  bool escaped_name(size_t backslash, CssToken* function_token);
  size_t name_begin(size_t end) const;

  std::string_view input_;
  size_t at_ = 0;    // what comes next
  size_t last_ = 0;  // no name that is still open began before this
};

// Where blanks and comments that begin at `at` end.
size_t skip_css_blanks(std::string_view css, size_t at);

// The end of the name that begins at `at`; `at` itself where none does.
size_t css_name_end(std::string_view css, size_t at);

// Names, strings and URLs without their escapes (4.3.7); ill-formed ones become U+FFFD.
std::string css_unescaped(std::string_view text);

}  // namespace halftone
