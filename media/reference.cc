#include "media/reference.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/utf8.h"
#include "media/yaml_scalar.h"

namespace halftone {
namespace {

struct KindName {
  Kind kind;
  std::string_view name;
};

constexpr KindName kKindNames[] = {
    {Kind::kImage, "image"},
    {Kind::kImageCandidate, "image-candidate"},
    {Kind::kLazyImage, "lazy-image"},
    {Kind::kIcon, "icon"},
    {Kind::kStylesheet, "stylesheet"},
    {Kind::kCssString, "css-string"},
    {Kind::kScript, "script"},
    {Kind::kFont, "font"},
    {Kind::kMedia, "media"},
    {Kind::kPoster, "poster"},
    {Kind::kTrack, "track"},
    {Kind::kManifest, "manifest"},
    {Kind::kPage, "page"},
    {Kind::kFeed, "feed"},
    {Kind::kForm, "form"},
    {Kind::kMetadataImage, "metadata-image"},
    {Kind::kStateImage, "state-image"},
    {Kind::kData, "data"},
    {Kind::kOther, "other"},
};

struct PolicyName {
  ReferrerPolicy policy;
  std::string_view name;
};

// W3C Referrer Policy, 3.
constexpr PolicyName kPolicyNames[] = {
    {ReferrerPolicy::kUnset, ""},
    {ReferrerPolicy::kNoReferrer, "no-referrer"},
    {ReferrerPolicy::kNoReferrerWhenDowngrade, "no-referrer-when-downgrade"},
    {ReferrerPolicy::kOrigin, "origin"},
    {ReferrerPolicy::kOriginWhenCrossOrigin, "origin-when-cross-origin"},
    {ReferrerPolicy::kSameOrigin, "same-origin"},
    {ReferrerPolicy::kStrictOrigin, "strict-origin"},
    {ReferrerPolicy::kStrictOriginWhenCrossOrigin, "strict-origin-when-cross-origin"},
    {ReferrerPolicy::kUnsafeUrl, "unsafe-url"},
};

// A decimal character reference, in HTML and in Markdown.
std::string character_reference(char c) {
  return fmt::format("&#{};", static_cast<unsigned char>(c));
}

std::string html_quoted(std::string_view text, char quote) {
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == quote || c == '\r') {
      out += c == '"' ? "&quot;" : character_reference(c);
    } else {
      out += c;
    }
  }
  return out;
}

// WHATWG HTML, 13.1.2.3: what an unquoted value may not contain; it may not be empty either.
std::string html_unquoted(std::string_view text) {
  if (text.empty()) return "\"\"";
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (is_space(c) || std::string_view("\"'<>=`").find(c) != std::string_view::npos) {
      out += character_reference(c);
    } else {
      out += c;
    }
  }
  return out;
}

// `special`: what a backslash makes plain here. "<" is always escaped, so that no style element
// can be ended from within.
std::string css(std::string_view text, std::string_view special) {
  std::string out;
  const bool in_url = special.find('(') != std::string_view::npos;
  for (const char c : text) {
    if (c == '\0') {
      out += "\xEF\xBF\xBD";
    } else if (c == '<' || is_control(c) || (in_url && c == ' ')) {
      out += fmt::format("\\{:x} ", static_cast<unsigned char>(c));
    } else {
      if (special.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

// RFC 8259, 7. "<" too, so that no script element can be ended from within, and "'", "`" and "${",
// so that it may stand in any string of JavaScript.
std::string json(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool substitutes = c == '$' && text.substr(i + 1).starts_with('{');
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '<' || c == '\'' || c == '`' || substitutes || is_control(c)) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// True where Markdown would read the "&" at `at` as the begin of a character reference.
bool begins_character_reference(std::string_view text, size_t at) {
  size_t end = at + 1;
  const size_t limit = std::min(text.size(), at + 34);  // longer than any name
  while (end < limit && (is_alnum(text[end]) || text[end] == '#')) ++end;
  return end > at + 1 && end < text.size() && text[end] == ';';
}

// CommonMark 6.3, link destination. A vertical bar would end a table's cell, a backtick may begin
// a code span.
std::string markdown(std::string_view text, bool angled) {
  if (text.empty() && !angled) return "<>";
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view special = angled ? "\\<>`|" : "\\<>`|()";
    if (is_control(c) || (c == ' ' && !angled)) {
      out += character_reference(c);
    } else if (c == '&' && begins_character_reference(text, i)) {
      out += "&amp;";
    } else {
      if (special.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

// For places that know no escapes but those of URLs: autolinks (CommonMark 6.5), lines, literals.
std::string percent_encoded(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (is_control(c) || special.find(c) != special.npos) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// A candidate's URL ends at a blank or, where a comma follows, before it (WHATWG HTML, "parse a
// srcset attribute").
std::string srcset_url(std::string_view text) {
  const size_t from = std::min(text.find_first_not_of(','), text.size());
  const size_t to = std::max(from, text.find_last_not_of(',') + 1);
  std::string out;
  for (size_t i = 0; i < from; ++i) out += "%2C";
  out += percent_encoded(text.substr(from, to - from), " ");
  for (size_t i = to; i < text.size(); ++i) out += "%2C";
  return out;
}

// XML 1.0, 2.4; line breaks as references, since attributes would make them blanks.
std::string xml(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '\t' || c == '\n' || c == '\r' || special.find(c) != special.npos) {
      out += character_reference(c);
    } else if (is_control(c)) {
      out += "\xEF\xBF\xBD";
    } else {
      out += c;
    }
  }
  return out;
}

// A section ends at the first "]]>" and knows no escapes but those of URLs.
std::string c_data(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '>' && out.ends_with("]]")) {
      out += "%3E";
    } else {
      out += c;
    }
  }
  return out;
}

// What stands for itself in every place that is not a plain YAML scalar: the bytes of most URLs.
constexpr std::array<bool, 256> kPlainBytes = [] {
  std::array<bool, 256> plain{};
  for (size_t c = 0; c < 128; ++c) plain[c] = is_alnum(static_cast<char>(c));
  for (const char c : std::string_view("-._~/:?%+@!#$*;,")) plain[static_cast<uint8_t>(c)] = true;
  return plain;
}();

// True where `text` is sure to need no escape.
bool is_plain(std::string_view text, Escape escape) {
  if (text.empty() || escape == Escape::kYamlPlain) return false;
  const bool at_comma = text.front() == ',' || text.back() == ',';
  if (escape == Escape::kSrcset && at_comma) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return kPlainBytes[static_cast<uint8_t>(c)]; });
}

std::string escaped_once(std::string_view text, Escape escape) {
  switch (escape) {
    case Escape::kNone:
      return std::string(text);
    case Escape::kHtmlDoubleQuoted:
      return html_quoted(text, '"');
    case Escape::kHtmlSingleQuoted:
      return html_quoted(text, '\'');
    case Escape::kHtmlUnquoted:
      return html_unquoted(text);
    case Escape::kCssDoubleQuoted:
      return css(text, "\"\\");
    case Escape::kCssSingleQuoted:
      return css(text, "'\\");
    case Escape::kCssUrl:
      return css(text, "\"'()\\");
    case Escape::kJson:
      return json(text);
    case Escape::kYamlDoubleQuoted:
      return yaml_double_quoted(text);
    case Escape::kYamlSingleQuoted:
      return yaml_single_quoted(text);
    case Escape::kYamlPlain:
      return yaml_scalar(text, true);
    case Escape::kMarkdownUrl:
      return markdown(text, false);
    case Escape::kMarkdownAngled:
      return markdown(text, true);
    case Escape::kMarkdownAutolink:
    case Escape::kPlaylistLine:
      return percent_encoded(text, " <>");
    case Escape::kPlaylistQuoted:
      return percent_encoded(text, " \"");
    case Escape::kSrcset:
      return srcset_url(text);
    case Escape::kTemplate:
      return percent_encoded(text, " \"'`<>{}|\\");
    case Escape::kXmlDoubleQuoted:
      return xml(text, "\"");
    case Escape::kXmlSingleQuoted:
      return xml(text, "'");
    case Escape::kXmlText:
      return xml(text, ">");
    case Escape::kXmlCData:
      return c_data(text);
    case Escape::kTomlBasic:
      return json(text);
    case Escape::kTomlLiteral:
      return percent_encoded(text, "'");
  }
  return std::string(text);
}

// How a place writes any character at all.
enum class Notation { kNone, kCss, kJson, kLongJson, kReference, kPercent };

Notation notation_of(Escape escape) {
  switch (escape) {
    case Escape::kCssDoubleQuoted:
    case Escape::kCssSingleQuoted:
    case Escape::kCssUrl:
      return Notation::kCss;
    case Escape::kJson:
      return Notation::kJson;
    case Escape::kYamlDoubleQuoted:
    case Escape::kTomlBasic:
      return Notation::kLongJson;
    case Escape::kHtmlDoubleQuoted:
    case Escape::kHtmlSingleQuoted:
    case Escape::kHtmlUnquoted:
    case Escape::kMarkdownUrl:
    case Escape::kMarkdownAngled:
    case Escape::kXmlDoubleQuoted:
    case Escape::kXmlSingleQuoted:
    case Escape::kXmlText:
      return Notation::kReference;
    default:
      return Notation::kNone;
  }
}

// `character` is the UTF-8 of `c`.
std::string written(char32_t c, std::string_view character, Notation notation) {
  const auto code = static_cast<uint32_t>(c);
  switch (notation) {
    case Notation::kCss:
      return fmt::format("\\{:x} ", code);
    case Notation::kJson:
      if (c < 0x10000) return fmt::format("\\u{:04x}", code);
      return fmt::format("\\u{:04x}\\u{:04x}", 0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF));
    case Notation::kLongJson:
      return c < 0x10000 ? fmt::format("\\u{:04x}", code) : fmt::format("\\U{:08x}", code);
    case Notation::kReference:
      return fmt::format("&#{};", code);
    case Notation::kPercent:
    case Notation::kNone:
      break;
  }
  std::string out;
  for (const char byte : character) out += fmt::format("%{:02X}", static_cast<uint8_t>(byte));
  return out;
}

// The character at `at`, and moves behind it; U+FFFD for a byte that is no UTF-8.
char32_t next_character(std::string_view text, size_t& at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  const std::string_view character = text.substr(at, size);
  if (size == 1 || !is_valid_utf8(character)) {
    ++at;
    return 0xFFFD;
  }
  char32_t c = lead & (0xFFU >> (size + 1));
  for (const char byte : character.substr(1)) c = c << 6 | (static_cast<uint8_t>(byte) & 0x3FU);
  at += size;
  return c;
}

// `text` with what the charset lacks in that notation.
std::string within_charset(std::string_view text, Notation notation, std::string_view charset) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (static_cast<uint8_t>(text[at]) < 0x80) {
      out += text[at++];
      continue;
    }
    const size_t from = at;
    const char32_t c = next_character(text, at);
    const std::string_view character = c == 0xFFFD ? "\uFFFD" : text.substr(from, at - from);
    if (has_character(charset, character)) {
      out += character;
    } else {
      out += written(c, character, notation);
    }
  }
  return out;
}

}  // namespace

std::string_view to_string(Kind kind) {
  for (const KindName& row : kKindNames) {
    if (row.kind == kind) return row.name;
  }
  return "other";
}

std::string_view to_string(Loading loading) {
  constexpr std::string_view kNames[] = {"at-once", "near-view", "by-script", "never"};
  return kNames[static_cast<size_t>(loading)];
}

std::optional<Kind> kind_from_string(std::string_view name) {
  for (const KindName& row : kKindNames) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

ReferrerPolicy referrer_policy_from_string(std::string_view token) {
  for (const PolicyName& row : kPolicyNames) {
    if (equals_ignoring_case(token, row.name)) return row.policy;
  }
  return ReferrerPolicy::kUnset;
}

std::string_view to_string(ReferrerPolicy policy) {
  for (const PolicyName& row : kPolicyNames) {
    if (row.policy == policy) return row.name;
  }
  return "";
}

bool is_requisite(Kind kind) {
  switch (kind) {
    case Kind::kImage:
    case Kind::kImageCandidate:
    case Kind::kLazyImage:
    case Kind::kIcon:
    case Kind::kStylesheet:
    case Kind::kCssString:
    case Kind::kFont:
    case Kind::kMedia:
    case Kind::kPoster:
    case Kind::kTrack:
    case Kind::kManifest:
    case Kind::kMetadataImage:
    case Kind::kStateImage:
      return true;
    case Kind::kScript:
    case Kind::kPage:
    case Kind::kFeed:
    case Kind::kForm:
    case Kind::kData:
    case Kind::kOther:
      return false;
  }
  return false;
}

std::optional<Kind> unfetched_kind(std::string_view url) {
  if (url.empty()) return std::nullopt;
  if (url[0] == '#') return Kind::kOther;
  // Most URLs begin with a letter of none of these schemes, or need a second look.
  const char first = to_lower(url[0]);
  if (first == 'h' || first == '/' || first == '.' || url.find(':') == url.npos) {
    return std::nullopt;
  }
  if (starts_with_ignoring_case(url, "data:")) return Kind::kData;
  for (const std::string_view scheme : {"javascript:", "mailto:", "blob:", "about:", "tel:"}) {
    if (starts_with_ignoring_case(url, scheme)) return Kind::kOther;
  }
  return std::nullopt;
}

std::string escaped(std::string_view text, const Escapes& escapes) {
  std::string out(text);
  for (const Escape escape : escapes) {
    if (escape != Escape::kNone && !is_plain(out, escape)) out = escaped_once(out, escape);
  }
  return out;
}

std::string escaped(std::string_view text, const Escapes& escapes, std::string_view charset) {
  const auto is_ascii = [](char c) { return static_cast<uint8_t>(c) < 0x80; };
  if (charset.starts_with("UTF-") || std::all_of(text.begin(), text.end(), is_ascii)) {
    return escaped(text, escapes);
  }
  std::string out(text);
  bool is_within = false;
  for (const Escape escape : escapes) {
    if (escape == Escape::kNone) continue;
    out = escaped_once(out, escape);
    const Notation notation = notation_of(escape);
    if (is_within || notation == Notation::kNone) continue;
    out = within_charset(out, notation, charset);
    is_within = true;
  }
  return is_within ? out : within_charset(out, Notation::kPercent, charset);
}

}  // namespace halftone
