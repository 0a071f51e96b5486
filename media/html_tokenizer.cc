#include "media/html_tokenizer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "media/ascii.h"
#include "media/byte_scan.h"
#include "media/html_names.h"
#include "media/html_raw_text.h"

namespace halftone {
namespace {

// Attributes beyond this number are passed over: a tag of a million of them is an attack.
constexpr size_t kMostAttributes = 16384;
// Up to here, comparing each with each finds duplicates fastest.
constexpr size_t kFewAttributes = 16;

enum CharClass : uint8_t { kNameByte = 0, kSpace = 1, kSlash = 2, kGreater = 4, kEquals = 8 };

constexpr std::array<uint8_t, 256> kClasses = [] {
  std::array<uint8_t, 256> classes{};
  for (const unsigned char c : {'\t', '\n', '\f', '\r', ' '}) classes[c] = kSpace;
  classes['/'] = kSlash;
  classes['>'] = kGreater;
  classes['='] = kEquals;
  return classes;
}();

uint8_t class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }

// The next byte of one of these classes; the size of the input where there is none.
size_t find_class(std::string_view input, size_t at, uint8_t classes) {
  while (at < input.size() && (class_of(input[at]) & classes) == 0) ++at;
  return at;
}

size_t skip_spaces(std::string_view input, size_t at) {
  while (at < input.size() && class_of(input[at]) == kSpace) ++at;
  return at;
}

size_t find_byte(std::string_view input, size_t at, char c) {
  if (at >= input.size()) return input.size();
  const void* found = std::memchr(input.data() + at, c, input.size() - at);
  return found ? static_cast<size_t>(static_cast<const char*>(found) - input.data()) : input.size();
}

// The content model that the start tag of an HTML element switches to, scripting being off
// (13.2.6.4.4 "in head", 13.2.6.4.7 "in body").
using RawElements = NameTable<HtmlToken::TextMode, 64>;
constexpr RawElements::Row kRawElements[] = {
    {"title", HtmlToken::TextMode::kRcData},       {"textarea", HtmlToken::TextMode::kRcData},
    {"style", HtmlToken::TextMode::kRawText},      {"xmp", HtmlToken::TextMode::kRawText},
    {"iframe", HtmlToken::TextMode::kRawText},     {"noembed", HtmlToken::TextMode::kRawText},
    {"noframes", HtmlToken::TextMode::kRawText},   {"script", HtmlToken::TextMode::kScript},
    {"plaintext", HtmlToken::TextMode::kPlainText}};
constexpr RawElements kRawText(kRawElements);

bool less_ascii(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return to_lower(x) < to_lower(y); });
}

// Marks each attribute whose name stood before. Never quadratic in hostile input.
void mark_duplicates(std::vector<HtmlAttribute>& attributes) {
  if (attributes.size() <= kFewAttributes) {
    for (size_t i = 1; i < attributes.size(); ++i) {
      attributes[i].duplicate = std::any_of(
          attributes.begin(), attributes.begin() + static_cast<ptrdiff_t>(i),
          [&](const HtmlAttribute& a) { return equals_ignoring_case(a.name, attributes[i].name); });
    }
    return;
  }
  std::vector<size_t> order(attributes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return less_ascii(attributes[a].name, attributes[b].name);
  });
  for (size_t i = 1; i < order.size(); ++i) {
    attributes[order[i]].duplicate =
        equals_ignoring_case(attributes[order[i - 1]].name, attributes[order[i]].name);
  }
}

}  // namespace

const HtmlAttribute* HtmlToken::find(std::string_view lower_name) const {
  for (const HtmlAttribute& attribute : attributes) {
    if (equals_ignoring_case(attribute.name, lower_name)) return &attribute;
  }
  return nullptr;
}

HtmlTokenizer::HtmlTokenizer(std::string_view input, HtmlToken::TextMode initial,
                             std::string_view last_start_tag)
    : input_(input), mode_(initial), raw_end_tag_(last_start_tag) {}

const HtmlToken& HtmlTokenizer::next() {
  if (at_ >= input_.size()) return emit(Type::kEnd, input_.size());
  if (mode_ != TextMode::kData) return read_raw_text();
  const size_t markup = find_markup();
  if (markup > at_) return emit_text(TextMode::kData, at_, markup, markup);
  return read_markup();
}

const HtmlToken& HtmlTokenizer::emit(Type type, size_t end) {
  token_.type = type;
  token_.span = {at_, end};
  at_ = end;
  return token_;
}

const HtmlToken& HtmlTokenizer::emit_text(TextMode mode, size_t text_from, size_t text_to,
                                          size_t end) {
  token_.text = input_.substr(text_from, text_to - text_from);
  token_.text_mode = mode;
  return emit(Type::kText, end);
}

// The next '<' that begins something else than text (13.2.5.6 "Tag open state").
size_t HtmlTokenizer::find_markup() const {
  size_t at = find_byte(input_, at_, '<');
  while (at < input_.size()) {
    const char next = at + 1 < input_.size() ? input_[at + 1] : '\0';
    if (is_alpha(next) || next == '!' || next == '?') return at;
    if (next == '/' && at + 2 < input_.size()) return at;
    at = find_byte(input_, at + 1, '<');
  }
  return at;
}

const HtmlToken& HtmlTokenizer::read_raw_text() {
  const TextMode mode = mode_;
  mode_ = TextMode::kData;  // what ends the text stands in data
  if (mode == TextMode::kPlainText) return emit_text(mode, at_, input_.size(), input_.size());
  if (mode == TextMode::kCData) {
    const size_t end = std::min(input_.find("]]>", at_), input_.size());
    return emit_text(mode, at_, end, std::min(end + 3, input_.size()));
  }
  const size_t end = mode == TextMode::kScript ? script_end(input_, at_, raw_end_tag_)
                                               : raw_text_end(input_, at_, raw_end_tag_);
  return end > at_ ? emit_text(mode, at_, end, end) : read_markup();
}

// At a '<' that find_markup() stopped at.
const HtmlToken& HtmlTokenizer::read_markup() {
  const char next = input_[at_ + 1];
  if (next == '!') return read_declaration();
  if (next == '?') return read_bogus_comment(at_ + 1);
  if (next != '/') return read_tag(Type::kStartTag, at_ + 1);
  if (is_alpha(input_[at_ + 2])) return read_tag(Type::kEndTag, at_ + 2);
  if (input_[at_ + 2] == '>') return emit_nothing(at_ + 3);
  return read_bogus_comment(at_ + 2);
}

// 13.2.5.42 "Markup declaration open state".
const HtmlToken& HtmlTokenizer::read_declaration() {
  const std::string_view rest = input_.substr(at_ + 2);
  if (rest.starts_with("--")) return read_comment();
  if (equals_ignoring_case(rest.substr(0, 7), "doctype")) {
    token_.public_id = token_.system_id = {};
    token_.has_public_id = token_.has_system_id = token_.force_quirks = false;
    return emit(Type::kDoctype, read_doctype(input_, at_ + 9, token_));
  }
  if (rest.starts_with("[CDATA[") && foreign_.cdata_counts()) {
    const size_t from = at_ + 9;
    const size_t end = std::min(input_.find("]]>", from), input_.size());
    return emit_text(TextMode::kCData, from, end, std::min(end + 3, input_.size()));
  }
  return read_bogus_comment(at_ + 2);
}

// 13.2.5.43 to 13.2.5.52.
const HtmlToken& HtmlTokenizer::read_comment() {
  const size_t from = at_ + 4;
  const std::string_view rest = input_.substr(from);
  if (rest.starts_with(">") || rest.starts_with("->")) {
    token_.text = {};
    return emit(Type::kComment, from + (rest[0] == '>' ? 1 : 2));
  }
  for (size_t at = rest.find("--"); at != rest.npos; at = rest.find("--", at + 1)) {
    const std::string_view end = rest.substr(at + 2, 2);
    if (!end.starts_with(">") && end != "!>") continue;
    token_.text = rest.substr(0, at);
    return emit(Type::kComment, from + at + (end[0] == '>' ? 3 : 4));
  }
  // The end of input: dashes that may have begun the comment's end are not its text.
  token_.text = rest;
  for (const std::string_view end : {"--!", "--", "-"}) {
    if (!rest.ends_with(end)) continue;
    token_.text.remove_suffix(end.size());
    break;
  }
  return emit(Type::kComment, input_.size());
}

const HtmlToken& HtmlTokenizer::read_bogus_comment(size_t content) {
  const size_t end = find_byte(input_, content, '>');
  token_.text = input_.substr(content, end - content);
  return emit(Type::kComment, std::min(end + 1, input_.size()));
}

const HtmlToken& HtmlTokenizer::read_tag(Type type, size_t name) {
  const size_t name_end = find_class(input_, name, kSpace | kSlash | kGreater);
  token_.attributes.clear();
  token_.self_closing = false;
  const size_t end = read_attributes(name_end);
  if (end == 0) return emit_nothing(input_.size());
  token_.name = input_.substr(name, name_end - name);
  emit(type, end);
  if (type == Type::kStartTag) {
    enter_element();
  } else if (!foreign_.empty()) {
    foreign_.end_tag(token_);
  }
  return token_;
}

// Reads up to and with '>' and returns where that ends; 0 where the input ends before
// (13.2.5.32 to 13.2.5.40).
size_t HtmlTokenizer::read_attributes(size_t at) {
  uint64_t seen = 0;  // one bit for each first letter and size
  bool perhaps_duplicates = false;
  HtmlAttribute spare;
  for (;;) {
    at = skip_spaces(input_, at);
    if (at >= input_.size()) return 0;
    if (input_[at] == '>') break;
    if (input_[at] == '/') {
      ++at;
      if (at < input_.size() && input_[at] == '>') {
        token_.self_closing = true;
        break;
      }
      continue;
    }
    const bool kept = token_.attributes.size() < kMostAttributes;
    HtmlAttribute& attribute = kept ? token_.attributes.emplace_back() : spare;
    at = read_attribute(at, attribute);
    const uint64_t bit = uint64_t{1} << ((static_cast<size_t>(attribute.name[0] | 0x20) * 7 +
                                          attribute.name.size()) &
                                         63);
    perhaps_duplicates = perhaps_duplicates || (seen & bit) != 0;
    seen |= bit;
  }
  if (perhaps_duplicates) mark_duplicates(token_.attributes);
  return at + 1;
}

size_t HtmlTokenizer::read_attribute(size_t at, HtmlAttribute& attribute) {
  // A '=' here is the first byte of the name.
  const size_t name_end = find_class(input_, at + 1, kSpace | kSlash | kGreater | kEquals);
  attribute.name = input_.substr(at, name_end - at);
  attribute.name_span = {at, name_end};
  attribute.value_span = {name_end, name_end};
  at = skip_spaces(input_, name_end);
  if (at >= input_.size() || input_[at] != '=') return at;
  attribute.has_value = true;
  at = skip_spaces(input_, at + 1);
  size_t from = at;
  size_t to = at;
  if (at < input_.size() && (input_[at] == '"' || input_[at] == '\'')) {
    attribute.quote = input_[at];
    from = at + 1;
    to = attribute.quote == '"' ? find_any<'"'>(input_, from) : find_any<'\''>(input_, from);
    at = to + 1;
  } else {
    to = at = find_class(input_, at, kSpace | kGreater);
  }
  attribute.value = input_.substr(from, to - from);
  attribute.value_span = {from, to};
  return at;
}

// What the tree builder would tell the tokenizer after a start tag.
void HtmlTokenizer::enter_element() {
  is_foreign_ = false;
  switch (to_lower(token_.name[0])) {
    case 't':
    case 's':
    case 'x':
    case 'i':
    case 'n':
    case 'p':
    case 'm':
      break;
    default:
      if (foreign_.empty()) return;
  }
  is_foreign_ = foreign_.start_tag(token_);
  if (is_foreign_) return;
  if (const auto* known = kRawText.find(token_.name)) {
    mode_ = known->meaning;
    raw_end_tag_ = known->name;
  }
}

}  // namespace halftone
