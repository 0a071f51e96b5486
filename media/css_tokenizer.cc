#include "media/css_tokenizer.h"

#include <array>

#include "media/ascii.h"
#include "media/utf8.h"

namespace halftone {
namespace {

using Type = CssToken::Type;

// CSS Syntax 3.3 makes CRLF, CR and FF line feeds before anything else; here they count as such.
bool is_newline(char c) { return c == '\n' || c == '\r' || c == '\f'; }

bool is_name_char(char c) {
  return is_alnum(c) || c == '-' || c == '_' || c == '\0' || static_cast<unsigned char>(c) >= 0x80;
}

// 4.2 "non-printable code point".
bool is_non_printable(char c) { return is_control(c) && !is_space(c) && c != '\0'; }

// 4.3.8: a backslash that no line break follows.
bool is_escape(std::string_view css, size_t at) {
  return css[at] == '\\' && (at + 1 == css.size() || !is_newline(css[at + 1]));
}

size_t newline_end(std::string_view css, size_t at) {
  return css[at] == '\r' && at + 1 < css.size() && css[at + 1] == '\n' ? at + 2 : at + 1;
}

// 4.3.7, from the backslash to behind the escape.
size_t escape_end(std::string_view css, size_t backslash) {
  size_t at = backslash + 1;
  if (at >= css.size()) return css.size();
  if (!is_hex(css[at])) return at + 1;
  const size_t limit = std::min(css.size(), at + 6);
  while (at < limit && is_hex(css[at])) ++at;
  if (at < css.size() && is_space(css[at])) at = newline_end(css, at);
  return at;
}

size_t comment_end(std::string_view css, size_t slash) {
  const size_t end = css.find("*/", slash + 2);
  return end == std::string_view::npos ? css.size() : end + 2;
}

bool is_comment(std::string_view css, size_t at) { return css.substr(at, 2) == "/*"; }

// Bytes at which something begins; the rest is passed over at the speed of a table.
constexpr unsigned char kBegins = 1;
constexpr unsigned char kBeginsWithCommas = 2;
constexpr auto kTable = [] {
  std::array<unsigned char, 256> table{};
  for (const char c : std::string_view("\"'()/@\\{};")) {
    table[static_cast<unsigned char>(c)] = kBegins | kBeginsWithCommas;
  }
  table[','] = kBeginsWithCommas;
  return table;
}();

// 4.3.7: no character is U+FFFD.
char32_t code_point(std::string_view digits) {
  char32_t value = 0;
  for (const char c : digits) value = value * 16 + static_cast<char32_t>(hex_value(c));
  const bool is_character = value != 0 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  return is_character ? value : 0xFFFD;
}

}  // namespace

CssToken CssTokenizer::next(bool with_commas) {
  const unsigned char wanted = with_commas ? kBeginsWithCommas : kBegins;
  for (; at_ < input_.size(); ++at_) {
    const char c = input_[at_];
    if (!(kTable[static_cast<unsigned char>(c)] & wanted)) continue;
    switch (c) {
      case '"':
      case '\'':
        return string(at_);
      case '(':
        return open_paren(at_);
      case ')':
        return token(Type::kCloseParen, at_, at_ + 1);
      case '{':
        return token(Type::kOpenBrace, at_, at_ + 1);
      case '}':
        return token(Type::kCloseBrace, at_, at_ + 1);
      case ';':
        return token(Type::kSemicolon, at_, at_ + 1);
      case ',':
        return token(Type::kComma, at_, at_ + 1);
      case '@':
        if (css_name_end(input_, at_ + 1) > at_ + 1) return at_keyword(at_);
        break;
      case '/':
        if (is_comment(input_, at_)) {
          last_ = comment_end(input_, at_);
          at_ = last_ - 1;
        }
        break;
      default:  // a backslash
        if (CssToken found; escaped_name(at_, &found)) return found;
    }
  }
  return token(Type::kEnd, input_.size(), input_.size());
}

CssToken CssTokenizer::token(Type type, size_t from, size_t to) {
  at_ = last_ = to;
  return {.type = type, .span = {from, to}, .text = {}};
}

// 4.3.5
CssToken CssTokenizer::string(size_t from) {
  const char quote = input_[from];
  size_t at = from + 1;
  while (at < input_.size() && input_[at] != quote) {
    if (is_newline(input_[at])) return token(Type::kBadString, from, at);
    if (input_[at] != '\\') {
      ++at;
    } else if (is_escape(input_, at)) {
      at = escape_end(input_, at);
    } else {
      at = newline_end(input_, at + 1);
    }
  }
  CssToken result = token(Type::kString, from, std::min(at + 1, input_.size()));
  result.text = input_.substr(from + 1, at - from - 1);
  result.quote = quote;
  return result;
}

CssToken CssTokenizer::at_keyword(size_t from) {
  const size_t end = css_name_end(input_, from + 1);
  CssToken result = token(Type::kAtKeyword, from, end);
  result.text = input_.substr(from + 1, end - from - 1);
  return result;
}

// Where the name that ends before `end` begins; `end` itself where there is none.
size_t CssTokenizer::name_begin(size_t end) const {
  size_t begin = end;
  while (begin > last_ && is_name_char(input_[begin - 1])) --begin;
  return begin;
}

CssToken CssTokenizer::open_paren(size_t paren) {
  const size_t name = name_begin(paren);
  const bool is_hash = name > last_ && input_[name - 1] == '#';
  // A digit would make it a number's unit.
  if (name == paren || is_hash || is_digit(input_[name])) {
    return token(Type::kOpenParen, paren, paren + 1);
  }
  return function(name, paren);
}

// 4.3.4
CssToken CssTokenizer::function(size_t name, size_t paren) {
  const std::string_view written = input_.substr(name, paren - name);
  if (equals_ignoring_case(css_unescaped(written), "url")) {
    size_t at = paren + 1;
    while (at < input_.size() && is_space(input_[at])) ++at;
    if (at == input_.size() || (input_[at] != '"' && input_[at] != '\'')) return url(name, at);
  }
  CssToken result = token(Type::kFunction, name, paren + 1);
  result.text = written;
  return result;
}

// 4.3.6, `from` behind the blanks that may come first.
CssToken CssTokenizer::url(size_t name, size_t from) {
  size_t at = from;
  while (at < input_.size() && input_[at] != ')' && !is_space(input_[at])) {
    const char c = input_[at];
    if (c == '"' || c == '\'' || c == '(' || is_non_printable(c)) return bad_url(name, at);
    if (c != '\\') {
      ++at;
    } else if (is_escape(input_, at)) {
      at = escape_end(input_, at);
    } else {
      return bad_url(name, at);
    }
  }
  const size_t end = at;
  while (at < input_.size() && is_space(input_[at])) ++at;
  if (at < input_.size() && input_[at] != ')') return bad_url(name, at);
  CssToken result = token(Type::kUrl, name, std::min(at + 1, input_.size()));
  result.text = input_.substr(from, end - from);
  return result;
}

// 4.3.14
CssToken CssTokenizer::bad_url(size_t name, size_t from) {
  size_t at = from;
  while (at < input_.size() && input_[at] != ')') {
    at = is_escape(input_, at) ? escape_end(input_, at) : at + 1;
  }
  return token(Type::kBadUrl, name, std::min(at + 1, input_.size()));
}

// A name with an escape in it: reads it to its end. True where it is a function's.
bool CssTokenizer::escaped_name(size_t backslash, CssToken* function_token) {
  if (!is_escape(input_, backslash)) return false;
  const size_t name = name_begin(backslash);
  const bool is_hash = name > last_ && input_[name - 1] == '#';
  const size_t end = css_name_end(input_, backslash);
  const bool calls = end < input_.size() && input_[end] == '(';
  last_ = end;
  at_ = end - 1;
  if (!calls || is_hash || is_digit(input_[name])) return false;
  *function_token = function(name, end);
  return true;
}

size_t skip_css_blanks(std::string_view css, size_t at) {
  while (at < css.size()) {
    if (is_space(css[at])) {
      ++at;
    } else if (is_comment(css, at)) {
      at = comment_end(css, at);
    } else {
      break;
    }
  }
  return at;
}

size_t css_name_end(std::string_view css, size_t at) {
  while (at < css.size()) {
    if (is_name_char(css[at])) {
      ++at;
    } else if (is_escape(css, at)) {
      at = escape_end(css, at);
    } else {
      break;
    }
  }
  return at;
}

std::string css_unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\0') {
      append_utf8(out, 0xFFFD);
      ++at;
    } else if (c != '\\') {
      out += c;
      ++at;
    } else if (!is_escape(text, at)) {
      at = newline_end(text, at + 1);
    } else if (at + 1 == text.size()) {
      // The end of input: nothing in a string (4.3.5), U+FFFD elsewhere (4.3.7). No URL needs it.
      ++at;
    } else if (const size_t end = escape_end(text, at); is_hex(text[at + 1])) {
      append_utf8(out, code_point(trim(text.substr(at + 1, end - at - 1))));
      at = end;
    } else {
      out += text[at + 1] == '\0' ? std::string("\xEF\xBF\xBD") : std::string(1, text[at + 1]);
      at = end;
    }
  }
  return out;
}

}  // namespace halftone
