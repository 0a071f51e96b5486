#include "media/html_tag.h"

#include "media/ascii.h"

namespace halftone {

void HtmlTag::read(const HtmlToken& token) {
  token_ = &token;
  places_.fill(0);
  attrs_.resize(token.attributes.size());
  for (size_t i = attrs_.size(); i > 0; --i) {
    const HtmlAttribute& attribute = token.attributes[i - 1];
    attrs_[i - 1] = find_attr(attribute.name);
    if (!attribute.duplicate)
      places_[static_cast<size_t>(attrs_[i - 1])] = static_cast<uint16_t>(i);
  }
}

std::string HtmlTag::value(Attr attr) const {
  const HtmlAttribute* found = find(attr);
  if (found == nullptr) return {};
  return std::string(trim(decode_value(*found).text()));
}

bool HtmlTag::is(Attr attr, std::string_view lower_value) const {
  const HtmlAttribute* found = find(attr);
  return found != nullptr && equals_ignoring_case(trim(decode_value(*found).text()), lower_value);
}

bool HtmlTag::has_word(Attr attr, std::string_view lower_word) const {
  const HtmlAttribute* found = find(attr);
  return found != nullptr && halftone::has_word(decode_value(*found).text(), lower_word);
}

bool has_word(std::string_view text, std::string_view lower_word) {
  size_t from = 0;
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && !is_space(text[at])) continue;
    if (equals_ignoring_case(text.substr(from, at - from), lower_word)) return true;
    from = at + 1;
  }
  return false;
}

}  // namespace halftone
