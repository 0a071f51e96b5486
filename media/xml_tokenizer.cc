#include "media/xml_tokenizer.h"

#include <algorithm>
#include <tuple>

#include "media/ascii.h"

namespace halftone {
namespace {

// Nothing that we read has more; a tag with a million of them is an attack.
constexpr size_t kMostAttributes = 256;

// XML 1.0, 2.3 [4], with all that is not ASCII.
bool begins_name(char c) {
  return is_alpha(c) || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

bool ends_tag_name(char c) { return is_space(c) || c == '/' || c == '>' || c == '<'; }

bool ends_attribute_name(char c) { return ends_tag_name(c) || c == '=' || c == '"' || c == '\''; }

size_t skip_spaces(std::string_view text, size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

// Behind what `text` holds at `at` and may hide brackets: a quoted string, a comment, an
// instruction, or any one character. npos where it does not end.
size_t after_hiding(std::string_view text, size_t at) {
  const auto after = [&](std::string_view end, size_t from) {
    const size_t found = text.find(end, from);
    return found == text.npos ? found : found + end.size();
  };
  if (text[at] == '"' || text[at] == '\'') return after(text.substr(at, 1), at + 1);
  if (text.substr(at, 4) == "<!--") return after("-->", at + 4);
  if (text.substr(at, 2) == "<?") return after("?>", at + 2);
  return at + 1;
}

// Behind the ">" of a document type declaration whose content begins at `at` (XML 1.0, 2.8 [28]);
// npos where there is none.
size_t after_doctype(std::string_view text, size_t at) {
  bool in_subset = false;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '>' && !in_subset) return at + 1;
    if (c == '[') in_subset = true;
    if (c == ']') in_subset = false;
    at = after_hiding(text, at);
  }
  return text.npos;
}

}  // namespace

const XmlAttribute* XmlToken::find(std::string_view wanted) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const XmlAttribute& a) { return a.name == wanted; });
  return found == attributes.end() ? nullptr : &*found;
}

const XmlToken& XmlTokenizer::next() {
  token_.name = {};
  token_.text = {};
  token_.attributes.clear();
  token_.self_closing = false;
  if (at_ == input_.size()) return emit(Type::kEnd, at_);
  if (!begins_markup(at_)) return read_text();
  switch (input_[at_ + 1]) {
    case '!':
      return read_declaration();
    case '?':
      return read_instruction();
    case '/':
      return read_tag(Type::kEndTag, at_ + 2);
    default:
      return read_tag(Type::kStartTag, at_ + 1);
  }
}

const XmlToken& XmlTokenizer::emit(Type type, size_t end) {
  token_.type = type;
  token_.span = {at_, end};
  at_ = end;
  return token_;
}

const XmlToken& XmlTokenizer::emit(Type type, size_t end, size_t text_from, size_t text_to) {
  text_from = std::min(text_from, end);
  token_.text = input_.substr(text_from, std::max(text_from, text_to) - text_from);
  return emit(type, end);
}

bool XmlTokenizer::begins_markup(size_t at) const {
  if (input_[at] != '<' || at + 1 == input_.size()) return false;
  const char c = input_[at + 1];
  if (c == '/') return at + 2 < input_.size() && begins_name(input_[at + 2]);
  return c == '!' || c == '?' || begins_name(c);
}

bool XmlTokenizer::stands_at(size_t at, std::string_view text) const {
  return starts_with_ignoring_case(input_.substr(at), text);
}

// Behind the first `end` from `from` on; the end of input where there is none.
size_t XmlTokenizer::after(std::string_view end, size_t from) const {
  const size_t found = input_.find(end, from);
  return found == input_.npos ? input_.size() : found + end.size();
}

const XmlToken& XmlTokenizer::read_text() {
  size_t end = at_;
  do {
    end = std::min(input_.find('<', end + 1), input_.size());
  } while (end < input_.size() && !begins_markup(end));
  return emit(Type::kText, end, at_, end);
}

const XmlToken& XmlTokenizer::read_declaration() {
  const auto content = [&](Type type, size_t from, std::string_view close) {
    const size_t end = after(close, from);
    const bool closed = end >= from + close.size() && input_.substr(0, end).ends_with(close);
    return std::tuple{type, end, from, closed ? end - close.size() : end};
  };
  const auto emit_content = [&](const auto& found) -> const XmlToken& {
    const auto [type, end, from, to] = found;
    return emit(type, end, from, to);
  };
  if (stands_at(at_, "<!--")) return emit_content(content(Type::kComment, at_ + 4, "-->"));
  if (stands_at(at_, "<![CDATA[")) return emit_content(content(Type::kCData, at_ + 9, "]]>"));
  if (stands_at(at_, "<!DOCTYPE")) return read_doctype();
  return emit_content(content(Type::kComment, at_ + 2, ">"));
}

// One that does not end, since a quote is missing, is taken to end at its first ">".
const XmlToken& XmlTokenizer::read_doctype() {
  const size_t from = at_ + std::string_view("<!DOCTYPE").size();
  const size_t end = no_doctype_end_ ? input_.npos : after_doctype(input_, from);
  no_doctype_end_ = end == input_.npos;
  return emit(Type::kDoctype, no_doctype_end_ ? after(">", from) : end);
}

// The XML declaration often lacks its second "?".
const XmlToken& XmlTokenizer::read_instruction() {
  const size_t name = at_ + 2;
  size_t name_end = name;
  while (name_end < input_.size() && !ends_tag_name(input_[name_end]) && input_[name_end] != '?') {
    ++name_end;
  }
  token_.name = input_.substr(name, name_end - name);
  const bool declaration = equals_ignoring_case(token_.name, "xml");
  size_t close = input_.npos;
  if (!declaration && !no_instruction_end_) {
    close = input_.find("?>", name_end);
    no_instruction_end_ = close == input_.npos;
    if (close != input_.npos) return emit(Type::kInstruction, close + 2, name_end, close);
  }
  close = std::min(input_.find('>', name_end), input_.size());
  const size_t end = std::min(close + 1, input_.size());
  if (close > name_end && input_[close - 1] == '?') --close;
  return emit(Type::kInstruction, end, name_end, close);
}

const XmlToken& XmlTokenizer::read_tag(Type type, size_t name) {
  size_t end = name;
  while (end < input_.size() && !ends_tag_name(input_[end])) ++end;
  token_.name = input_.substr(name, end - name);
  return emit(type, read_attributes(end));
}

// Returns where the tag ends: where its ">" is missing, before the next markup, since a text that
// began there would be part of the tag once it is replaced.
size_t XmlTokenizer::read_attributes(size_t at) {
  while (true) {
    at = skip_spaces(input_, at);
    if (at == input_.size() || begins_markup(at)) return at;
    const char c = input_[at];
    if (c == '>') return at + 1;
    token_.self_closing = c == '/';
    at = ends_attribute_name(c) ? at + 1 : read_attribute(at);
  }
}

size_t XmlTokenizer::read_attribute(size_t at) {
  XmlAttribute attribute;
  const size_t name = at;
  while (at < input_.size() && !ends_attribute_name(input_[at])) ++at;
  attribute.name = input_.substr(name, at - name);
  attribute.value_span = {at, at};
  const size_t equals = skip_spaces(input_, at);
  if (equals < input_.size() && input_[equals] == '=') {
    at = read_value(skip_spaces(input_, equals + 1), attribute);
  }
  const Span& value = attribute.value_span;
  attribute.value = input_.substr(value.from, value.size());
  if (token_.attributes.size() < kMostAttributes) token_.attributes.push_back(attribute);
  return at;
}

// Returns where to read on. A quote that nothing closes does not count.
size_t XmlTokenizer::read_value(size_t at, XmlAttribute& attribute) {
  const char quote = at < input_.size() ? input_[at] : '\0';
  if (quote == '"' || quote == '\'') {
    ++at;
    bool& absent = quote == '"' ? no_double_quote_ : no_single_quote_;
    const size_t end = absent ? input_.npos : input_.find(quote, at);
    absent = end == input_.npos;
    if (!absent) {
      attribute.value_span = {at, end};
      attribute.quote = quote;
      return end + 1;
    }
  }
  size_t end = at;
  while (end < input_.size() && !is_space(input_[end]) && input_[end] != '>' &&
         input_[end] != '<') {
    ++end;
  }
  attribute.value_span = {at, end};
  return end;
}

std::string_view local_name(std::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

}  // namespace halftone
