#include "media/xml_text.h"

#include <algorithm>

namespace halftone {

Escape quoting(const XmlAttribute& attribute) {
  if (attribute.quote == '"') return Escape::kXmlDoubleQuoted;
  // An unquoted value is read as HTML reads it.
  return attribute.quote == '\'' ? Escape::kXmlSingleQuoted : Escape::kHtmlUnquoted;
}

SourceText decode_value(const XmlAttribute& attribute, const SourceText& document) {
  return decode_xml(attribute.value, attribute.value_span.from).through(document);
}

void XmlText::add(const XmlToken& token) {
  const bool is_data = token.type == XmlToken::Type::kCData;
  if (token.text.empty() || (token.type != XmlToken::Type::kText && !is_data)) return;
  const auto origin = static_cast<size_t>(token.text.data() - document_.text().data());
  if (is_data || token.text.find('&') == token.text.npos) {
    text_.append(token.text, {origin, origin + token.text.size()});
  } else {
    add_decoded(token, origin);
  }
  pieces_.push_back({text_.text().size(), is_data ? Escape::kXmlCData : Escape::kXmlText});
}

// Each character from its own bytes.
void XmlText::add_decoded(const XmlToken& token, size_t origin) {
  const SourceText decoded = decode_xml(token.text, origin);
  const std::string_view text = decoded.text();
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    text_.append(text.substr(at, end - at), decoded.source(at, end));
    at = end;
  }
}

void XmlText::clear() {
  text_ = SourceText::decoded();
  pieces_.clear();
}

std::optional<Escape> XmlText::escape(size_t from, size_t to) const {
  const auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), from,
                                      [](size_t at, const Piece& p) { return at < p.to; });
  if (piece == pieces_.end() || to > piece->to) return std::nullopt;
  return piece->escape;
}

}  // namespace halftone
