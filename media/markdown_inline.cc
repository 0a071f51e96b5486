#include "media/markdown_inline.h"

#include <unordered_map>

#include "media/ascii.h"
#include "media/image_urls.h"

namespace halftone {
namespace {

constexpr size_t kMaxParens = 32;  // as cmark
constexpr size_t kMaxLabel = 999;  // 4.7
constexpr size_t kMaxScheme = 32;  // 6.5
constexpr size_t kMaxBareUrl = 2048;
constexpr size_t kMaxSpaced = 512;

// 2.4: what a backslash makes plain.
bool is_punctuation(char c) { return c > ' ' && c < 0x7F && !is_alnum(c); }

// 6.10 "declaration"
bool declares(std::string_view html) {
  return html.starts_with("<!") && html.size() > 2 && html[2] >= 'A' && html[2] <= 'Z';
}

size_t skip_spaces(std::string_view text, size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

// 6.3 "link destination", from its first byte.
std::optional<MarkdownPlace> destination(std::string_view text, size_t at) {
  if (at < text.size() && text[at] == '<') {
    const size_t from = ++at;
    for (; at < text.size() && text[at] != '>'; ++at) {
      if (text[at] == '\n' || text[at] == '\r' || text[at] == '<') return std::nullopt;
      if (text[at] == '\\') ++at;
    }
    if (at >= text.size()) return std::nullopt;
    return MarkdownPlace{{from, at}, Escape::kMarkdownAngled};
  }
  const size_t from = at;
  size_t parens = 0;
  for (; at < text.size() && !is_space(text[at]) && !is_control(text[at]); ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && !is_space(text[at + 1])) {
      ++at;
    } else if (text[at] == '(') {
      if (++parens > kMaxParens) return std::nullopt;
    } else if (text[at] == ')') {
      if (parens == 0) break;
      --parens;
    }
  }
  if (parens != 0) return std::nullopt;
  return MarkdownPlace{{from, std::min(at, text.size())}, Escape::kMarkdownUrl};
}

size_t behind(const MarkdownPlace& place) {
  return place.span.to + (place.escape == Escape::kMarkdownAngled ? 1 : 0);
}

// 6.3 "link title", to behind its end; `at` itself where there is none.
size_t title_end(std::string_view text, size_t at) {
  if (at >= text.size()) return at;
  const char open = text[at];
  if (open != '"' && open != '\'' && open != '(') return at;
  const char close = open == '(' ? ')' : open;
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == close) {
      return i + 1;
    } else if (text[i] == open) {
      return at;
    }
  }
  return at;
}

// 6.10 "attribute", from its name; nothing where it is none.
std::optional<size_t> attribute_end(std::string_view text, size_t at) {
  const auto is_name = [](char c) {
    return is_alnum(c) || c == '_' || c == ':' || c == '.' || c == '-';
  };
  const size_t name = at;
  while (at < text.size() && is_name(text[at])) ++at;
  if (at == name) return std::nullopt;
  const size_t equals = skip_spaces(text, at);
  if (equals >= text.size() || text[equals] != '=') return at;
  at = skip_spaces(text, equals + 1);
  if (at >= text.size()) return std::nullopt;
  if (text[at] == '"' || text[at] == '\'') {
    const size_t end = text.find(text[at], at + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return end + 1;
  }
  const size_t value = at;
  while (at < text.size() && !is_space(text[at]) &&
         std::string_view("\"'=<>`").find(text[at]) == std::string_view::npos) {
    ++at;
  }
  if (at == value) return std::nullopt;
  return at;
}

std::optional<size_t> tag_end(std::string_view text, size_t name) {
  size_t at = name;
  while (at < text.size() && (is_alnum(text[at]) || text[at] == '-')) ++at;
  while (true) {
    const size_t next = skip_spaces(text, at);
    if (next >= text.size()) return std::nullopt;
    if (text[next] == '>') return next + 1;
    if (text.substr(next, 2) == "/>") return next + 2;
    if (next == at) return std::nullopt;
    const auto end = attribute_end(text, next);
    if (!end) return std::nullopt;
    at = *end;
  }
}

// 6.5 "absolute URI" between < and >.
std::optional<MarkdownPlace> autolink(std::string_view text, size_t less) {
  size_t at = less + 1;
  while (at < text.size() && at - less <= kMaxScheme + 1 &&
         (is_alnum(text[at]) || text[at] == '+' || text[at] == '.' || text[at] == '-')) {
    ++at;
  }
  if (at < less + 3 || at >= text.size() || text[at] != ':') return std::nullopt;
  if (!is_alpha(text[less + 1])) return std::nullopt;
  while (at < text.size() && text[at] != '>') {
    if (text[at] == '<' || text[at] == ' ' || is_control(text[at])) return std::nullopt;
    ++at;
  }
  if (at >= text.size()) return std::nullopt;
  return MarkdownPlace{{less + 1, at}, Escape::kMarkdownAutolink};
}

// Where the character reference begins whose ";" stands before `end`; else that ";" itself.
size_t reference_begin(std::string_view text, size_t from, size_t end) {
  size_t name = end - 1;
  while (name > from && is_alpha(text[name - 1])) --name;
  const bool is_reference = name > from && name < end - 1 && text[name - 1] == '&';
  return is_reference ? name - 1 : end - 1;
}

// The destination of an image between "(" and a ")" of the same line, where it has blanks.
std::optional<Span> spaced_destination(std::string_view text, size_t from) {
  text = text.substr(0, from + kMaxSpaced);
  size_t to = from, depth = 0;
  for (; to < text.size() && (text[to] != ')' || depth > 0); ++to) {
    if (text[to] == '\n' || text[to] == '<') return std::nullopt;
    depth = depth + (text[to] == '(') - (text[to] == ')');
  }
  if (to >= text.size()) return std::nullopt;
  const size_t title = text.substr(0, to).find_first_of("\"'", from);
  std::string_view inside = trim(text.substr(from, std::min(title, to) - from));
  if (inside.find_first_of(" \t") == inside.npos || !has_image_extension(inside))
    return std::nullopt;
  const auto begin = static_cast<size_t>(inside.data() - text.data());
  return Span{begin, begin + inside.size()};
}

// GFM 6.9 "extended autolink path validation": what may not end a bare URL.
size_t bare_url_end(std::string_view text, size_t from) {
  size_t end = from;
  size_t opened = 0, closed = 0;
  text = text.substr(0, from + kMaxBareUrl);
  for (; end < text.size() && !is_space(text[end]) && text[end] != '<'; ++end) {
    opened += text[end] == '(';
    closed += text[end] == ')';
  }
  while (end > from) {
    const char last = text[end - 1];
    if (last == ';') {
      end = reference_begin(text, from, end);
      continue;
    }
    const bool unbalanced = last == ')' && closed > opened;
    if (!unbalanced && std::string_view("?!.,:*_~'\"").find(last) == std::string_view::npos) break;
    closed -= unbalanced;
    --end;
  }
  return end;
}

class Scanner {
 public:
  Scanner(std::string_view text, Span region)
      : text_(text.substr(0, region.to)), begin_(region.from), at_(region.from) {
    for (size_t at = at_; at < text_.size();) {
      const size_t end = std::min(text_.find_first_not_of('`', at), text_.size());
      if (end > at) last_ticks_[end - at] = at;
      at = std::min(text_.find('`', std::max(end, at + 1)), text_.size());
    }
  }

  MarkdownInlines scan() && {
    while (at_ < text_.size()) step();
    return std::move(found_);
  }

 private:
  struct Opener {
    bool is_image;
    bool active;
    size_t text;  // behind the bracket
  };

  void step() {
    switch (text_[at_]) {
      case '\\':
        at_ += at_ + 1 < text_.size() && is_punctuation(text_[at_ + 1]) ? 2 : 1;
        return;
      case '`':
        return skip_code();
      case '<':
        return take_angle();
      case '!':
        if (text_.substr(at_, 2) == "![") {
          open(true, at_ + 2);
          at_ += 2;
          return;
        }
        break;
      case '[':
        open(false, at_ + 1);
        break;
      case ']':
        return close();
      case 'f':
      case 'F':
      case 'h':
      case 'H':
      case 'w':
        if (take_bare_url()) return;
        break;
      default:
        break;
    }
    ++at_;
  }

  bool begins_bare_url(size_t at) const {
    const char before = at == begin_ ? '\n' : text_[at - 1];
    const std::string_view rest = text_.substr(at, 8);
    if (rest.starts_with("www.")) {
      return is_space(before) || std::string_view("*_~(").find(before) != std::string_view::npos;
    }
    if (is_alpha(before)) return false;
    return starts_with_ignoring_case(rest, "http://") ||
           starts_with_ignoring_case(rest, "https://") || starts_with_ignoring_case(rest, "ftp://");
  }

  // GFM 6.9
  bool take_bare_url() {
    if (!begins_bare_url(at_)) return false;
    const size_t end = bare_url_end(text_, at_);
    found_.places.push_back({{at_, end}, Escape::kMarkdownAutolink});
    bare_end_ = end;
    at_ = std::max(at_ + 1, std::min(end, text_.substr(0, end).find_first_of("[]`\\", at_)));
    return true;
  }

  void open(bool is_image, size_t text) { openers_.push_back({is_image, true, text}); }

  // 6.1: a run of backticks is closed by one of the same length, or is none.
  void skip_code() {
    const size_t end = std::min(text_.find_first_not_of('`', at_), text_.size());
    const size_t ticks = end - at_;
    const size_t opener = at_;
    at_ = end;
    const auto last = last_ticks_.find(ticks);
    if (last == last_ticks_.end() || last->second <= opener) return;
    for (size_t at = end; at < text_.size();) {
      at = std::min(text_.find('`', at), text_.size());
      const size_t run = std::min(text_.find_first_not_of('`', at), text_.size());
      if (run - at == ticks) {
        at_ = run;
        found_.code.push_back({opener, run});
        return;
      }
      at = run;
    }
  }

  void take_angle() {
    if (const auto link = autolink(text_, at_)) {
      found_.places.push_back(*link);
      at_ = link->span.to + 1;
    } else if (const auto end = no_terminator_ahead() ? std::nullopt : raw_html_end(text_, at_)) {
      found_.html.push_back({at_, *end});
      at_ = *end;
    } else {
      ++at_;
    }
  }

  // Looking for the end of a comment that has none is done once, not for each of its kind.
  bool no_terminator_ahead() {
    constexpr std::string_view kKinds[] = {"<!--", "<![CDATA[", "<?", "<!"};
    size_t kind = 0;
    while (kind < std::size(kKinds) && !text_.substr(at_).starts_with(kKinds[kind])) ++kind;
    if (kind == std::size(kKinds)) return false;
    if (kind == 3 && !declares(text_.substr(at_))) return true;
    if (!unterminated_[kind]) unterminated_[kind] = !raw_html_end(text_, at_);
    return unterminated_[kind];
  }

  void close() {
    const size_t bracket = at_++;
    if (openers_.empty()) return;
    const Opener opener = openers_.back();
    openers_.pop_back();
    if (!opener.active || text_.substr(bracket + 1, 1) != "(") return;
    auto place = destination(text_, skip_spaces(text_, bracket + 2));
    const auto end = place ? link_end(*place) : std::nullopt;
    // In [a][b](c) a definition of b decides what c is.
    if (text_.substr(opener.text - 1, 1) == "[" && opener.text >= begin_ + 2 &&
        text_[opener.text - 2] == ']' && begins_bare_url(bracket + 2)) {
      found_.places.push_back(
          {{bracket + 2, bare_url_end(text_, bracket + 2)}, Escape::kMarkdownAutolink});
    }
    if (!end) {
      const auto spaced = spaced_destination(text_, bracket + 2);
      if (opener.is_image && spaced && opener.text > bare_end_) {
        found_.spaced_images.push_back({*spaced, {opener.text, bracket}});
      }
      return;
    }
    at_ = *end;
    place->is_image = opener.is_image;
    if (place->span.size() > 0) found_.places.push_back(*place);
    if (!opener.is_image) deactivate_links();
  }

  // 6.3: behind the ")" after a destination and its title.
  std::optional<size_t> link_end(const MarkdownPlace& place) const {
    const size_t blanks = skip_spaces(text_, behind(place));
    size_t end = blanks;
    if (blanks > behind(place)) end = skip_spaces(text_, title_end(text_, blanks));
    if (end >= text_.size() || text_[end] != ')') return std::nullopt;
    return end + 1;
  }

  // 6.3: links do not hold links.
  void deactivate_links() {
    for (size_t i = openers_.size(); i > deactivated_; --i) {
      Opener& opener = openers_[i - 1];
      if (opener.is_image || !opener.active) continue;
      opener.active = false;
    }
    deactivated_ = openers_.size();
  }

  std::string_view text_;
  size_t begin_, at_;
  MarkdownInlines found_;
  std::vector<Opener> openers_;
  size_t bare_end_ = 0;                            // of the last bare URL
  size_t deactivated_ = 0;                         // openers below this are done with
  bool unterminated_[4] = {};                      // by kind
  std::unordered_map<size_t, size_t> last_ticks_;  // by length: where the last such run begins
};

}  // namespace

std::optional<size_t> raw_html_end(std::string_view text, size_t at) {
  const auto until = [&](std::string_view end, size_t from) -> std::optional<size_t> {
    const size_t found = text.find(end, from);
    if (found == std::string_view::npos) return std::nullopt;
    return found + end.size();
  };
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("<!--")) return until("-->", at + 4);
  if (rest.starts_with("<![CDATA[")) return until("]]>", at + 9);
  if (rest.starts_with("<!")) {
    return declares(rest) ? until(">", at + 2) : std::nullopt;
  }
  if (rest.starts_with("<?")) return until("?>", at + 2);
  const size_t name = rest.starts_with("</") ? at + 2 : at + 1;
  if (name >= text.size() || !is_alpha(text[name])) return std::nullopt;
  return tag_end(text, name);
}

MarkdownInlines scan_markdown_inlines(std::string_view text, Span region) {
  return Scanner(text, region).scan();
}

std::optional<MarkdownDefinition> find_definition(std::string_view text, size_t line) {
  const size_t line_end = std::min(text.find_first_of("\r\n", line), text.size());
  size_t at = std::min(text.find_first_not_of(" \t>*+-.)0123456789", line), line_end);
  if (at >= line_end || text[at] != '[') return std::nullopt;
  const size_t label = ++at;
  for (; at < line_end && text[at] != ']'; ++at) {
    if (text[at] == '[' || at - label > kMaxLabel) return std::nullopt;
    if (text[at] == '\\') ++at;
  }
  if (text.substr(std::min(at, line_end), 2) != "]:") return std::nullopt;
  const auto place = destination(text, skip_spaces(text, at + 2));
  if (!place || place->span.size() == 0) return std::nullopt;
  const size_t end = behind(*place);
  if (end < text.size() && !is_space(text[end])) return std::nullopt;
  return MarkdownDefinition{*place, text.substr(label, at - label)};
}

}  // namespace halftone
