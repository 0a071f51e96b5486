#include "media/feed_text.h"

#include <algorithm>
#include <iterator>

#include "media/ascii.h"
#include "media/html_references.h"
#include "media/html_tokenizer.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr size_t kLongestReference = 40;  // "&CounterClockwiseContourIntegral;"
constexpr size_t kLongestText = 16 * 1024;

// Elements whose "/>" HTML ignores as it does any, but which would hide what follows.
bool hides_text(std::string_view name) {
  constexpr std::string_view kNames[] = {"iframe", "noembed", "noframes", "noscript", "plaintext",
                                         "script", "style",   "textarea", "title",    "xmp"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view known) { return equals_ignoring_case(name, known); });
}

Escape in_xml(Escape escape) {
  if (escape == Escape::kHtmlDoubleQuoted) return Escape::kXmlDoubleQuoted;
  return escape == Escape::kHtmlSingleQuoted ? Escape::kXmlSingleQuoted : escape;
}

// `escapes` end in kXmlText; says instead how the piece is written.
void end_in(Escapes& escapes, Escape piece) {
  const auto last = std::find(escapes.rbegin(), escapes.rend(), Escape::kXmlText);
  if (last == escapes.rend()) return;
  *last = piece;
  if (piece == Escape::kNone && last + 1 != escapes.rend()) *(last + 1) = in_xml(*(last + 1));
}

// Tags that a title of RSS may mean as markup; "<vector>" is a word.
bool is_phrase(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "a",    "abbr", "acronym", "b",    "bdi",   "bdo",  "big",    "br",     "center",
      "cite", "code", "del",     "dfn",  "div",   "em",   "font",   "h1",     "h2",
      "h3",   "h4",   "i",       "img",  "ins",   "kbd",  "mark",   "nobr",   "p",
      "q",    "ruby", "s",       "samp", "small", "span", "strike", "strong", "sub",
      "sup",  "time", "tt",      "u",    "var",   "wbr"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view known) { return equals_ignoring_case(name, known); });
}

bool separates(std::string_view name) {
  return equals_ignoring_case(name, "br") || equals_ignoring_case(name, "p") ||
         equals_ignoring_case(name, "div");
}

std::string without_markup(std::string_view html, TitleMarkup markup) {
  using Type = HtmlToken::Type;
  std::string out;
  HtmlTokenizer tokenizer(html);
  for (const HtmlToken* token = &tokenizer.next(); token->type != Type::kEnd;
       token = &tokenizer.next()) {
    const bool is_tag = token->type == Type::kStartTag || token->type == Type::kEndTag;
    const bool is_word = markup == TitleMarkup::kLoose && !(is_tag && is_phrase(token->name));
    if (token->type == Type::kText && !token->text.empty()) {
      out += decode_html(token->text, 0, token->text_mode, false).text();
    } else if (is_word) {
      out += html.substr(token->span.from, token->span.size());
    } else if (is_tag && separates(token->name)) {
      out += ' ';
    }
  }
  return out;
}

std::string with_single_blanks(std::string_view text) {
  std::string out;
  for (const char c : trim(text)) {
    if (!is_space(c)) {
      out += c;
    } else if (out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

}  // namespace

std::optional<Escape> FeedContent::escape_of(Span bytes) const {
  if (pieces.empty()) return Escape::kJson;
  const auto after =
      std::upper_bound(pieces.begin(), pieces.end(), bytes.from,
                       [](size_t at, const Piece& piece) { return at < piece.bytes.from; });
  if (after == pieces.begin() || bytes.to > std::prev(after)->bytes.to) return std::nullopt;
  return std::prev(after)->escape;
}

std::vector<Reference> find_content_references(const FeedContent& content, const Url& base,
                                               std::string_view charset) {
  const Escape around = content.pieces.empty() ? Escape::kJson : Escape::kXmlText;
  auto found = find_html_references(content.html, base, charset, {around}).references;
  std::erase_if(found, [&](Reference& reference) {
    const auto escape = content.escape_of(reference.span);
    if (escape) end_in(reference.escapes, *escape);
    return !escape;
  });
  return found;
}

void FeedText::add(const XmlToken& token) {
  using Type = XmlToken::Type;
  if (token.type == Type::kStartTag || token.type == Type::kEndTag) {
    add_as_written(token);
  } else {
    add_text_of(token);
  }
}

void FeedText::add_xhtml(const XmlToken& token) {
  using Type = XmlToken::Type;
  const bool counts =
      token.type == Type::kStartTag || token.type == Type::kEndTag || token.type == Type::kText;
  if (counts) add_as_written(token);
}

void FeedText::add_as_written(const XmlToken& token) {
  const size_t end = token.span.to;
  pieces_.push_back({token.span, Escape::kNone});
  text_.append(xml_.substr(token.span.from, token.span.size()), token.span);
  const std::string_view name = local_name(token.name);
  if (token.self_closing && hides_text(name)) {
    text_.append("</" + std::string(name) + ">", {end - 1, end});
  }
}

void FeedText::add_text_of(const XmlToken& token) {
  using Type = XmlToken::Type;
  if (token.text.empty() || (token.type != Type::kText && token.type != Type::kCData)) return;
  const bool is_text = token.type == Type::kText;
  const size_t from = is_text ? token.span.from : token.span.from + sizeof("<![CDATA[") - 1;
  const Span span{from, from + token.text.size()};
  pieces_.push_back({span, is_text ? Escape::kXmlText : Escape::kXmlCData});
  if (is_text) {
    add_references(token.text, from);
  } else {
    text_.append(token.text, span);
  }
}

void FeedText::add_references(std::string_view raw, size_t origin) {
  size_t done = 0;
  for (size_t at = raw.find('&'); at != raw.npos; at = raw.find('&', at + 1)) {
    const std::string_view head = raw.substr(at, kLongestReference);
    const size_t end = head.find(';');
    if (end == head.npos) continue;
    const SourceText decoded = decode_xml(head.substr(0, end + 1), 0);
    if (decoded.text().front() == '&' && decoded.text().size() > 1) continue;
    text_.append(raw.substr(done, at - done), {origin + done, origin + at});
    done = at + end + 1;
    text_.append(decoded.text(), {origin + at, origin + done});
  }
  text_.append(raw.substr(done), {origin + done, origin + raw.size()});
}

FeedContent FeedText::located(const SourceText& document) const {
  FeedContent out{text_.through(document), {}};
  out.pieces.reserve(pieces_.size());
  for (const FeedContent::Piece& piece : pieces_) {
    out.pieces.push_back({document.source(piece.bytes.from, piece.bytes.to), piece.escape});
  }
  return out;
}

std::string short_text(std::string_view text) {
  return to_valid_utf8(trim(utf8_head(trim(text), kLongestText)));
}

std::string plain_title(std::string_view title, TitleMarkup markup) {
  const std::string text = to_valid_utf8(utf8_head(title, kLongestText));
  const bool has_markup = text.find_first_of("<&") != text.npos;
  if (markup == TitleMarkup::kNone || !has_markup) return with_single_blanks(text);
  return with_single_blanks(without_markup(text, markup));
}

}  // namespace halftone
