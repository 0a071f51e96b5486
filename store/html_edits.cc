#include "store/html_edits.h"

#include "media/ascii.h"
#include "media/reference.h"

namespace halftone {

void HtmlEdits::insert(size_t at, std::string_view text) {
  const Span place = html_.source(at, at);
  edits_.push_back({{place.from, place.from}, encode_piece(text, charset_)});
}

void HtmlEdits::set_value(const HtmlAttribute& attribute, std::string_view value) {
  const Span place = html_.source(attribute.value_span.from, attribute.value_span.to);
  edits_.push_back({place, encode_piece(escape_value(value, attribute.quote), charset_)});
}

void HtmlEdits::disable(const HtmlToken& tag, std::string_view name) {
  for (const HtmlAttribute& attribute : tag.attributes) {
    if (equals_ignoring_case(attribute.name, name)) {
      insert(attribute.name_span.from, "data-halftone-");
    }
  }
}

void HtmlEdits::disable(const HtmlAttribute& attribute, const SourceText& html) {
  const Span place = html.source(attribute.name_span.from, attribute.name_span.from);
  edits_.push_back({{place.from, place.from}, encode_piece("data-halftone-", charset_)});
}

std::string lower_value(const HtmlAttribute& attribute) {
  return lower_case(decode_value(attribute).text());
}

std::string escape_value(std::string_view value, char quote) {
  const Escape escape = quote == '"'    ? Escape::kHtmlDoubleQuoted
                        : quote == '\'' ? Escape::kHtmlSingleQuoted
                                        : Escape::kHtmlUnquoted;
  return escaped(value, {escape});
}

}  // namespace halftone
