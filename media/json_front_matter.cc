#include <algorithm>

#include "media/ascii.h"
#include "media/front_matter_readers.h"
#include "media/json_strings.h"

namespace halftone {
namespace {

// Reads JSON (RFC 8259) with Hexo's liberty: the outermost braces may be missing, and a comma may
// stand where nothing follows.
class Reader {
 public:
  Reader(const FrontMatterText& text, FrontMatterBuilder& builder)
      : json_(text.text), text_(text), builder_(builder) {}

  Result<void> read() {
    skip_spaces();
    const bool braces = peek() == '{';
    if (braces) ++at_;
    builder_.open_map();
    ends_.push_back(braces ? '}' : '\0');
    while (!ends_.empty()) {
      skip_spaces();
      if (const char* problem = step(); problem != nullptr) return broken(problem);
      if (!builder_.problem().empty()) return broken(builder_.problem());
    }
    skip_spaces();
    if (at_ < json_.size()) return broken("text behind the end");
    return {};
  }

 private:
  char peek() const { return at_ < json_.size() ? json_[at_] : '\0'; }

  void skip_spaces() {
    while (at_ < json_.size() && is_space(json_[at_])) ++at_;
  }

  // One value, key, comma or end; what is wrong with it.
  const char* step() {
    const char c = peek();
    if (c == ends_.back()) {
      if (builder_.expects_key() != (c != ']')) return "a key without a value";
      if (c != '\0') ++at_;
      ends_.pop_back();
      builder_.close();
      after_value_ = true;
      return nullptr;
    }
    if (c == '\0') return "it never ends";
    if (c == ',' && after_value_) {
      ++at_;
      after_value_ = false;
      return nullptr;
    }
    if (after_value_) return "a comma is missing";
    return builder_.expects_key() ? read_key() : read_value();
  }

  const char* read_key() {
    const auto span = read_string();
    if (!span) return "a key in double quotes is missing";
    skip_spaces();
    if (peek() != ':') return "a colon is missing";
    ++at_;
    builder_.key(decoded(*span));
    return nullptr;
  }

  const char* read_value() {
    const char c = peek();
    after_value_ = c != '{' && c != '[';
    if (c == '{' || c == '[') {
      ++at_;
      ends_.push_back(c == '{' ? '}' : ']');
      c == '{' ? builder_.open_map() : builder_.open_list();
      return nullptr;
    }
    if (c == '"') {
      const auto span = read_string();
      if (!span) return "a quote is never closed";
      Span place;
      if (span->size() > 0) place = {text_.origin + span->from, text_.origin + span->to};
      builder_.scalar(decoded(*span), place, Escape::kJson);
      return nullptr;
    }
    const size_t from = at_;
    while (is_alnum(peek()) || peek() == '-' || peek() == '+' || peek() == '.') ++at_;
    if (at_ == from) return "a value is missing";
    const std::string_view word = json_.substr(from, at_ - from);
    const bool known = word == "true" || word == "false" || word == "null";
    if (!known && !is_digit(word[0]) && word[0] != '-') return "a word without quotes";
    word == "null" ? builder_.null() : builder_.scalar(std::string(word), {}, Escape::kJson);
    return nullptr;
  }

  // Its content, without the quotes.
  std::optional<Span> read_string() {
    if (peek() != '"') return std::nullopt;
    const size_t from = ++at_;
    for (; at_ < json_.size() && json_[at_] != '\n'; ++at_) {
      if (json_[at_] == '"') return Span{from, at_++};
      if (json_[at_] == '\\') ++at_;
    }
    return std::nullopt;
  }

  std::string decoded(Span span) const {
    return std::string(decode_json_string(json_.substr(span.from, span.size()), 0).text());
  }

  tl::unexpected<Error> broken(std::string_view problem) const {
    const auto end = json_.begin() + static_cast<ptrdiff_t>(std::min(at_, json_.size()));
    const auto lines = static_cast<size_t>(std::count(json_.begin(), end, '\n'));
    return fail(ErrorCode::kInvalid, "front matter, line {}: {}", text_.first_line + lines,
                problem);
  }

  std::string_view json_;
  const FrontMatterText& text_;
  FrontMatterBuilder& builder_;
  size_t at_ = 0;
  std::string ends_;  // what closes each open map and list
  bool after_value_ = false;
};

}  // namespace

Result<void> read_json(const FrontMatterText& text, FrontMatterBuilder& builder) {
  return Reader(text, builder).read();
}

}  // namespace halftone
