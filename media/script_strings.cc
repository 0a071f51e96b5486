#include "media/script_strings.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "media/ascii.h"
#include "media/byte_scan.h"
#include "media/json_path.h"

namespace halftone {
namespace {

constexpr size_t kMostTemplates = 64;  // open ones, each in a substitution of another
constexpr size_t kNowhere = std::string_view::npos;
// Absolute URLs have two slashes, in one of the ways that JavaScript writes them; markup an <img>.
constexpr std::string_view kSigns[] = {"//", "img", "\\/", "\\u002", "\\x2"};

bool may_hold_urls(std::string_view script) {
  return std::any_of(std::begin(kSigns), std::end(kSigns),
                     [&](std::string_view sign) { return script.find(sign) != script.npos; });
}

class ScriptReader {
 public:
  ScriptReader(std::string_view text, const std::function<void(const JsonString&)>& visit)
      : text_(text), visit_(visit) {}

  void run() {
    const auto next_mark = [this] {
      return find_any<'"', '\'', '`', '/', '{', '}', '[', ']'>(text_, at_);
    };
    while ((at_ = next_mark()) < text_.size()) take(text_[at_]);
  }

 private:
  // What ends a search in vain, so that it is not begun again before.
  enum Search { kDouble, kSingle, kTemplate, kExpression, kSearches };

  void take(char c) {
    switch (c) {
      case '"':
        return take_literal<'"'>(kDouble);
      case '\'':
        return take_literal<'\''>(kSingle);
      case '`':
        return take_template(at_ + 1, true);
      case '/':
        return take_slash();
      case '}':
        if (!templates_.empty() && templates_.back() == braces_) {
          templates_.pop_back();
          return take_template(at_ + 1, false);
        }
        if (braces_ > 0) --braces_;
        [[fallthrough]];
      case ']':
        path_.close();
        break;
      default:
        if (path_.in_object() && previous() != colon_) path_.end_value();
        if (c == '{') ++braces_;
        path_.open(c == '{');
    }
    ++at_;
  }

  template <char kQuote>
  void take_literal(Search search) {
    const size_t begin = at_++;
    if (begin < in_vain_until_[search]) return;
    bool escaped = false;
    size_t end = find_any<kQuote, '\\', '\n'>(text_, at_);
    while (end < text_.size() && text_[end] == '\\') {
      escaped = true;
      end = find_any<kQuote, '\\', '\n'>(text_, std::min(end + 2, text_.size()));
    }
    if (end == text_.size() || text_[end] == '\n') {
      in_vain_until_[search] = end;
    } else {
      note(begin, end, escaped);
    }
  }

  // The text of a template from `from` on; it is a literal where a substitution neither ends nor
  // begins it.
  void take_template(size_t from, bool whole) {
    const size_t begin = at_;
    at_ = from;
    if (begin < in_vain_until_[kTemplate]) return;
    bool escaped = false;
    size_t end = find_any<'`', '\\', '$'>(text_, from);
    for (; end < text_.size() && text_[end] != '`'; end = find_any<'`', '\\', '$'>(text_, end)) {
      if (text_[end] == '\\') {
        escaped = true;
        end = std::min(end + 2, text_.size());
      } else if (text_.substr(end).starts_with("${")) {
        if (templates_.size() == kMostTemplates) return;
        templates_.push_back(braces_);
        at_ = end + 2;
        return;
      } else {
        ++end;
      }
    }
    if (end >= text_.size()) {
      in_vain_until_[kTemplate] = text_.size();
    } else if (whole) {
      note(begin, end, escaped);
    } else {
      at_ = end + 1;
    }
  }

  // The literal whose quotes stand at `begin` and `end`: a key, or a value.
  void note(size_t begin, size_t end, bool escaped) {
    at_ = begin;
    const size_t before = previous();
    at_ = end + 1;
    size_t after = at_;
    while (after < text_.size() && is_space(text_[after])) ++after;
    const Span span{begin + 1, end};
    const bool chosen = before != kNowhere && text_[before] == '?';  // a ? "b" : "c"
    if (after < text_.size() && text_[after] == ':' && !chosen) {
      path_.set_key(text_.substr(span.from, span.size()));
      colon_ = after;
      return;
    }
    if (path_.in_object() && before != colon_) path_.end_value();
    visit_({span, path_.key(), path_.container_key(), escaped, path_.object()});
    path_.end_value();
  }

  // Where the last byte before this one stands that is no blank.
  size_t previous() const {
    size_t at = at_;
    while (at > 0 && is_space(text_[at - 1])) --at;
    return at > 0 ? at - 1 : kNowhere;
  }

  void take_slash() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const bool escaped = at_ > 0 && text_[at_ - 1] == '\\';  // in an expression taken for code
    if (next == '/' && !escaped) {
      at_ = find_any<'\n'>(text_, at_);
    } else if (next == '*' && !escaped) {
      const size_t end = text_.find("*/", at_ + 2);
      at_ = end == text_.npos ? text_.size() : end + 2;
    } else if (at_ >= in_vain_until_[kExpression] && begins_expression()) {
      take_expression();
    } else {
      ++at_;
    }
  }

  // A slash divides what ends in a name, a number or a bracket.
  bool begins_expression() const {
    const size_t before = previous();
    if (before == kNowhere) return true;
    const char c = text_[before];
    if (is_alpha(c)) {
      const std::string_view word = text_.substr(0, before + 1);
      return word.ends_with("return") || word.ends_with("typeof") || word.ends_with("case");
    }
    if ((c == '+' || c == '-') && before > 0 && text_[before - 1] == c) return false;
    return std::string_view("(,=:[!&|?{;+-*%~^<>").find(c) != std::string_view::npos;
  }

  void take_expression() {
    bool in_class = false;
    size_t end = at_ + 1;
    for (;; ++end) {
      end = find_any<'/', '\\', '[', ']', '\n'>(text_, end);
      if (end >= text_.size() || text_[end] == '\n') {
        in_vain_until_[kExpression] = std::min(end, text_.size());
        ++at_;
        return;
      }
      if (text_[end] == '/' && !in_class) break;
      if (text_[end] == '[') in_class = true;
      if (text_[end] == ']') in_class = false;
      if (text_[end] == '\\') ++end;
    }
    at_ = end + 1;
  }

  std::string_view text_;
  const std::function<void(const JsonString&)>& visit_;
  size_t at_ = 0;
  JsonPath path_;
  size_t colon_ = kNowhere - 1;    // after the latest key
  size_t braces_ = 0;              // open ones
  std::vector<size_t> templates_;  // the braces that were open at each substitution
  std::array<size_t, kSearches> in_vain_until_{};
};

}  // namespace

void for_each_script_string(std::string_view script,
                            const std::function<void(const JsonString&)>& visit) {
  if (may_hold_urls(script)) ScriptReader(script, visit).run();
}

}  // namespace halftone
