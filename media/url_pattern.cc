#include "media/url_pattern.h"

#include <algorithm>
#include <iterator>

#include "media/ascii.h"
#include "media/image_urls.h"

namespace halftone {
namespace {

constexpr size_t kNone = std::string_view::npos;

// Cloudinary, "Transformation URL API reference": the parameters' names; s of Substack is a
// signature of Substack's own.
constexpr std::string_view kOptionNames[] = {
    "a", "ac", "ar", "b",  "bo", "br",  "c",  "co", "cs", "d",  "dl", "dn", "dpr", "du",
    "e", "eo", "f",  "fl", "fn", "fps", "g",  "h",  "if", "ki", "l",  "o",  "p",   "pg",
    "q", "r",  "so", "sp", "t",  "u",   "vc", "vs", "w",  "x",  "y",  "z"};

bool is_option(std::string_view text) {
  const size_t mark = text.find('_');
  if (mark == text.npos || mark + 1 == text.size()) return false;
  return std::find(std::begin(kOptionNames), std::end(kOptionNames), text.substr(0, mark)) !=
         std::end(kOptionNames);
}

bool is_options(std::string_view segment) {
  while (true) {
    const size_t comma = segment.find(',');
    if (!is_option(segment.substr(0, comma))) return false;
    if (comma == segment.npos) return true;
    segment.remove_prefix(comma + 1);
  }
}

size_t end_of_digits(std::string_view text, size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// Where the options segments at `at` end; `at` where there are none.
size_t end_of_options(std::string_view text, size_t at) {
  for (;;) {
    const size_t slash = text.find('/', at);
    if (slash == text.npos || !is_options(text.substr(at, slash - at))) return at;
    at = slash + 1;
  }
}

// Where the image's extension at `at` ends; `at` where there is none.
size_t end_of_extension(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is_alnum(text[end])) ++end;
  const bool dotted = at > 0 && text[at - 1] == '.';
  return dotted && has_image_extension(text.substr(at - 1, end - at + 1)) ? end : at;
}

// One try at one place: a single * is lengthened at a time, and never over a slash.
class Matcher {
 public:
  Matcher(std::string_view pattern, std::string_view text, size_t at, Kept& kept)
      : pattern_(pattern), text_(text), at_(at), kept_(kept) {
    kept_.shrink(0);
  }

  // Where the match ends; npos where there is none.
  size_t run(bool to_the_end) {
    while (true) {
      if (next_ == pattern_.size() && (!to_the_end || at_ == text_.size())) return at_;
      if (next_ < pattern_.size() && step(pattern_[next_])) continue;
      if (!lengthen()) return kNone;
    }
  }

 private:
  bool step(char symbol) {
    if (symbol == '*') return begin_run();
    size_t end = at_;
    if (symbol == '#') {
      end = end_of_digits(text_, at_);
    } else if (symbol == '&') {
      end = end_of_options(text_, at_);
    } else if (symbol == '%') {
      if (is_followed_otherwise(at_)) return false;
      end = end_of_extension(text_, at_);
      if (end > at_) kept_.add(text_.substr(at_, end - at_));
    } else if (at_ < text_.size() && (symbol == '?' ? text_[at_] != '/' : text_[at_] == symbol)) {
      ++end;
    }
    if (end == at_) return false;
    at_ = end;
    ++next_;
    return true;
  }

  // What the letters and digits at `at` end in cannot be what the pattern has behind them: cheaper
  // to see than whether they are an extension.
  bool is_followed_otherwise(size_t at) const {
    if (next_ + 1 == pattern_.size() || is_pattern_symbol(pattern_[next_ + 1])) return false;
    while (at < text_.size() && is_alnum(text_[at])) ++at;
    return at == text_.size() || text_[at] != pattern_[next_ + 1];
  }

  bool begin_run() {
    if (pattern_.substr(next_) == "**") {
      kept_.add(text_.substr(at_));
      at_ = text_.size();
      next_ = pattern_.size();
      return true;
    }
    if (at_ == text_.size() || text_[at_] == '/') return false;
    kept_.add(text_.substr(at_, 1));
    run_ = kept_.size();
    run_from_ = at_++;
    run_end_ = at_;
    after_run_ = ++next_;
    return true;
  }

  // The last * takes one byte more, or as many as it needs to.
  bool lengthen() {
    if (run_ == 0) return false;
    const bool to_literal =
        after_run_ < pattern_.size() && !is_pattern_symbol(pattern_[after_run_]);
    do {
      if (run_end_ == text_.size() || text_[run_end_] == '/') return false;
      ++run_end_;
    } while (to_literal && run_end_ < text_.size() && text_[run_end_] != pattern_[after_run_]);
    at_ = run_end_;
    next_ = after_run_;
    kept_.shrink(run_);
    kept_.last() = text_.substr(run_from_, run_end_ - run_from_);
    return true;
  }

  std::string_view pattern_, text_;
  size_t next_ = 0;  // of the pattern
  size_t at_;        // of the text
  Kept& kept_;
  size_t run_ = 0;  // how many were kept when the last * began; 0: none yet
  size_t run_from_ = 0, run_end_ = 0, after_run_ = 0;
};

// Where the last `count` slashes of `path` begin.
size_t last_slashes(std::string_view path, std::ptrdiff_t count) {
  size_t at = path.size();
  while (count > 0 && at > 0) count -= path[--at] == '/';
  return count == 0 ? at : kNone;
}

}  // namespace

bool is_pattern_symbol(char c) { return std::string_view("*#?%&").find(c) != kNone; }

bool is_open_ended(std::string_view pattern) {
  return pattern.ends_with('/') || pattern.ends_with('&') || pattern.ends_with("**");
}

std::string PatternMatch::expanded(std::string_view replacement) const {
  std::string out;
  for (size_t i = 0; i < replacement.size(); ++i) {
    const bool is_kept = replacement[i] == '$' && i + 1 < replacement.size();
    if (!is_kept) {
      out += replacement[i];
      continue;
    }
    out += kept[static_cast<size_t>(replacement[++i] - '1')];
  }
  return out;
}

bool matches(std::string_view pattern, std::string_view text) {
  Kept kept;
  return Matcher(pattern, text, 0, kept).run(true) != kNone;
}

bool find_pattern(std::string_view pattern, std::string_view path, PatternMatch& match) {
  const bool open_ended = is_open_ended(pattern);
  size_t at = open_ended ? path.find('/')
                         : last_slashes(path, std::count(pattern.begin(), pattern.end(), '/'));
  for (; at != kNone; at = path.find('/', at + 1)) {
    const size_t end = Matcher(pattern, path, at, match.kept).run(!open_ended);
    if (end != kNone) {
      match.from = at;
      match.to = end;
      return true;
    }
    if (!open_ended) return false;
  }
  return false;
}

}  // namespace halftone
