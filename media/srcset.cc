#include "media/srcset.h"

#include <algorithm>
#include <charconv>

#include "media/ascii.h"

namespace halftone {
namespace {

constexpr uint64_t kGreatestInteger = 0x7FFFFFFF;
constexpr size_t kUsualCandidates = 6;

// WHATWG HTML, 2.3.4.1: "valid non-negative integer"; here one that is not zero, and that fits into
// the 32 bits of browsers.
bool is_positive_integer(std::string_view text) {
  uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    value = std::min<uint64_t>(value * 10 + static_cast<uint64_t>(c - '0'), kGreatestInteger + 1);
  }
  return value > 0 && value <= kGreatestInteger;
}

size_t skip_digits(std::string_view text, size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// 2.3.4.3: a number that rounds to infinity is an error.
bool overflows(std::string_view number) {
  double value = 0;
  const auto end = number.data() + number.size();
  const bool out = std::from_chars(number.data(), end, value).ec == std::errc::result_out_of_range;
  return out && number.find('-') == std::string_view::npos;
}

// WHATWG HTML, 2.3.4.3: "valid floating-point number"; here one that is not below zero.
bool is_density(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t whole = skip_digits(text, 0);
  size_t at = whole;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = at + 1;
    at = skip_digits(text, fraction);
    if (at == fraction) return false;
  }
  if (at == 0) return false;
  const std::string_view mantissa = text.substr(0, at);
  if (at < text.size() && to_lower(text[at]) == 'e') {
    size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
    at = skip_digits(text, exponent);
    if (at == exponent) return false;
  }
  const bool zero = mantissa.find_first_not_of("0.") == std::string_view::npos;
  return at == text.size() && (!negative || zero) && (zero || !overflows(text));
}

// The descriptors of one candidate: step 13, "descriptor parser".
class Descriptors {
 public:
  void add(std::string_view descriptor) {
    if (!written_.empty()) written_ += ' ';
    written_ += descriptor;
    const std::string_view number = descriptor.substr(0, descriptor.size() - 1);
    switch (descriptor.back()) {
      case 'w':
        error_ = error_ || width_ || density_ || !is_positive_integer(number);
        width_ = true;
        break;
      case 'x':
        error_ = error_ || width_ || density_ || height_ || !is_density(number);
        density_ = true;
        break;
      case 'h':
        error_ = error_ || height_ || density_ || !is_positive_integer(number);
        height_ = true;
        break;
      default:
        error_ = true;
    }
  }
  bool rejected() const { return error_ || (height_ && !width_); }
  std::string written() && { return std::move(written_); }

 private:
  std::string written_;
  bool width_ = false, density_ = false, height_ = false, error_ = false;
};

class Parser {
 public:
  explicit Parser(std::string_view input) : input_(input) {}

  std::vector<SrcsetCandidate> parse() {
    std::vector<SrcsetCandidate> candidates;
    candidates.reserve(kUsualCandidates);
    while (true) {
      while (!at_end() && (is_space(input_[at_]) || input_[at_] == ',')) ++at_;
      if (at_end()) return candidates;
      candidates.push_back(candidate());
    }
  }

 private:
  bool at_end() const { return at_ == input_.size(); }

  SrcsetCandidate candidate() {
    SrcsetCandidate result;
    result.url.from = at_;
    while (!at_end() && !is_space(input_[at_])) ++at_;
    result.url.to = at_;
    if (input_[at_ - 1] == ',') {
      while (input_[result.url.to - 1] == ',') --result.url.to;
      return result;
    }
    Descriptors descriptors = tokenize();
    result.rejected = descriptors.rejected();
    result.descriptor = std::move(descriptors).written();
    return result;
  }

  // Step 8, "descriptor tokenizer": up to the next comma outside of parentheses.
  Descriptors tokenize() {
    Descriptors descriptors;
    size_t from = at_;
    bool in_parens = false;
    const auto flush = [&] {
      if (at_ > from) descriptors.add(input_.substr(from, at_ - from));
      from = at_ + 1;
    };
    for (; !at_end(); ++at_) {
      const char c = input_[at_];
      if (in_parens) {
        in_parens = c != ')';
      } else if (c == '(') {
        in_parens = true;
      } else if (is_space(c) || c == ',') {
        flush();
        if (c == ',') {
          ++at_;
          return descriptors;
        }
      }
    }
    flush();
    return descriptors;
  }

  std::string_view input_;
  size_t at_ = 0;
};

}  // namespace

std::vector<SrcsetCandidate> parse_srcset(std::string_view value) { return Parser(value).parse(); }

}  // namespace halftone
