#include "media/json_reader.h"

#include <algorithm>

#include "media/ascii.h"

namespace halftone {
namespace {

// The quote that ends the string whose content begins at `at`; npos where there is none.
size_t closing_quote(std::string_view text, size_t at) {
  while ((at = text.find_first_of("\"\\", at)) != text.npos && text[at] == '\\') at += 2;
  return at;
}

bool is_punctuation(char c) {
  return std::string_view("{}[]:,\"").find(c) != std::string_view::npos;
}

}  // namespace

JsonToken JsonReader::value(JsonToken::Type type, size_t from, size_t to) {
  JsonToken token{type, key_, input_.substr(from, to - from), {from, to}};
  key_ = {};
  return token;
}

JsonToken JsonReader::next() {
  using Type = JsonToken::Type;
  while (at_ < input_.size()) {
    const size_t from = at_++;
    const char c = input_[from];
    if (c == '{') return value(Type::kObject, from, at_);
    if (c == '[') return value(Type::kArray, from, at_);
    if (c == '}' || c == ']') {
      key_ = {};
      return value(Type::kClose, from, at_);
    }
    if (c == ',') key_ = {};
    if (c == '"') {
      const size_t end = closing_quote(input_, at_);
      at_ = end == input_.npos ? input_.size() : end + 1;
      if (end == input_.npos) break;
      while (at_ < input_.size() && is_space(input_[at_])) ++at_;
      const bool is_key = at_ < input_.size() && input_[at_] == ':';
      if (!is_key) return value(Type::kString, from + 1, end);
      key_ = input_.substr(from + 1, end - from - 1);
    } else if (!is_punctuation(c) && !is_space(c)) {
      while (at_ < input_.size() && !is_punctuation(input_[at_]) && !is_space(input_[at_])) ++at_;
      return value(Type::kOther, from, at_);
    }
  }
  return value(Type::kEnd, input_.size(), input_.size());
}

}  // namespace halftone
