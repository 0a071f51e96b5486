#include "media/html_raw_text.h"

#include <algorithm>

#include "media/ascii.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

bool ends_tag_name(char c) { return is_space(c) || c == '/' || c == '>'; }

// True where the letters at `at` are "script" and something ends a tag name after them.
// `at` moves behind the letters.
bool is_script_word(std::string_view input, size_t& at) {
  const size_t from = at;
  while (at < input.size() && is_alpha(input[at])) ++at;
  return at < input.size() && ends_tag_name(input[at]) &&
         equals_ignoring_case(input.substr(from, at - from), "script");
}

// The states after "<!--" in a script: ends at "-->", at the end tag or with the input. Gives where
// to go on; `ended` tells that the script is over.
size_t escaped_script_end(std::string_view input, size_t at, std::string_view name, bool& ended) {
  bool doubly = false;  // inside <script> inside <!--
  while (at < input.size()) {
    if (input[at] == '-' && input.substr(at, 3) == "-->") return at + 3;
    if (input[at] != '<') {
      ++at;
      continue;
    }
    const bool closing = input.substr(at, 2) == "</";
    if (!doubly && closing && is_end_tag(input, at, name)) {
      ended = true;
      return at;
    }
    at += closing ? 2 : 1;
    if (doubly == closing && is_script_word(input, at)) doubly = !doubly;
  }
  ended = true;
  return at;
}

// The parts of a DOCTYPE, one after another.
class DoctypeReader {
 public:
  DoctypeReader(std::string_view input, size_t at, HtmlToken& token)
      : input_(input), at_(at), token_(token) {}

  size_t read() {
    skip_spaces();
    const size_t name = at_;
    while (!done() && !is_space(input_[at_]) && input_[at_] != '>') ++at_;
    token_.name = input_.substr(name, at_ - name);
    if (token_.name.empty()) token_.force_quirks = true;
    skip_spaces();
    if (done()) token_.force_quirks = true;
    if (!done() && input_[at_] != '>') identifiers();
    const size_t end = input_.find('>', at_);
    return end == input_.npos ? input_.size() : end + 1;
  }

 private:
  bool done() const { return at_ >= input_.size(); }

  void skip_spaces() {
    while (!done() && is_space(input_[at_])) ++at_;
  }

  bool keyword(std::string_view lower) {
    if (!equals_ignoring_case(input_.substr(at_, lower.size()), lower)) return false;
    at_ += lower.size();
    skip_spaces();
    return true;
  }

  void identifiers() {
    if (keyword("public")) {
      token_.has_public_id = quoted(token_.public_id);
      if (!token_.has_public_id || token_.force_quirks) {
        token_.force_quirks = true;
        return;
      }
      skip_spaces();
      if (done()) token_.force_quirks = true;
      if (done() || input_[at_] == '>') return;
    } else if (!keyword("system")) {
      token_.force_quirks = true;  // bogus DOCTYPE
      return;
    }
    token_.has_system_id = quoted(token_.system_id);
    if (!token_.has_system_id) token_.force_quirks = true;
    skip_spaces();
    // What else follows is an error without consequences, save the end of input.
    if (done()) token_.force_quirks = true;
  }

  // A quoted identifier; '>' or the end of input cut it short and force quirks.
  bool quoted(std::string_view& identifier) {
    if (done() || (input_[at_] != '"' && input_[at_] != '\'')) return false;
    const char quote = input_[at_++];
    const size_t from = at_;
    while (!done() && input_[at_] != quote && input_[at_] != '>') ++at_;
    identifier = input_.substr(from, at_ - from);
    if (done() || input_[at_] == '>') {
      token_.force_quirks = true;
    } else {
      ++at_;
    }
    return true;
  }

  std::string_view input_;
  size_t at_;
  HtmlToken& token_;
};

}  // namespace

bool is_end_tag(std::string_view input, size_t at, std::string_view name) {
  const size_t end = at + 2 + name.size();
  return !name.empty() && end < input.size() && input[at + 1] == '/' && ends_tag_name(input[end]) &&
         equals_ignoring_case(input.substr(at + 2, name.size()), name);
}

size_t raw_text_end(std::string_view input, size_t from, std::string_view name) {
  size_t at = input.find('<', from);
  while (at != input.npos && !is_end_tag(input, at, name)) at = input.find('<', at + 1);
  return std::min(at, input.size());
}

size_t script_end(std::string_view input, size_t from, std::string_view name) {
  size_t at = input.find('<', from);
  while (at != input.npos && !is_end_tag(input, at, name)) {
    if (input.substr(at, 4) == "<!--") {
      bool ended = false;
      // The dashes of "<!--" may already be those of "-->".
      const size_t next = escaped_script_end(input, at + 2, name, ended);
      if (ended) return next;
      at = input.find('<', next);
    } else {
      at = input.find('<', at + 1);
    }
  }
  return std::min(at, input.size());
}

size_t read_doctype(std::string_view input, size_t at, HtmlToken& token) {
  return DoctypeReader(input, at, token).read();
}

}  // namespace halftone
