#include "media/template_tags.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "media/ascii.h"
#include "media/image_urls.h"

namespace halftone {
namespace {

constexpr size_t kLongestTag = 16 * 1024;
constexpr size_t kMostArguments = 1000;

// What a tag shows where its argument is an absolute URL without a telling extension.
struct TagName {
  std::string_view name;
  Kind kind;
  bool first_only = false;  // further plain arguments are classes, sizes and titles
};

constexpr TagName kTags[] = {
    // Hexo and its themes
    {"asset_img", Kind::kImage, true},
    {"img", Kind::kImage, true},
    {"image", Kind::kImage, true},
    {"inlineimage", Kind::kImage, true},
    {"inlineImg", Kind::kImage, true},
    {"fancybox", Kind::kImage, true},
    {"gallery", Kind::kImage},
    {"gp", Kind::kImage},
    {"grouppicture", Kind::kImage},
    {"dplayer", Kind::kMedia},
    {"aplayer", Kind::kMedia},
    // Hugo
    {"figure", Kind::kImage, true},
    {"fig", Kind::kImage, true},
    {"picture", Kind::kImage, true},
    {"imgproc", Kind::kImage, true},
    {"photo", Kind::kImage, true},
    // both
    {"video", Kind::kMedia},
    {"audio", Kind::kMedia},
    {"bilibili", Kind::kPage},
    {"youtube", Kind::kPage},
};

// Arguments that are texts even where they look like files.
constexpr std::string_view kTextKeys[] = {"alt",   "title",  "caption", "class", "id",   "name",
                                          "width", "height", "attr",    "style", "text", "label"};
constexpr std::string_view kLinkKeys[] = {"link", "href", "url", "attrlink"};

// What a reader is not shown, or is shown as code; to the tag that ends it.
constexpr std::string_view kOpaque[] = {"raw",     "codeblock", "highlight", "code",
                                        "comment", "verbatim",  "mermaid"};

// Expressions for the site's root.
constexpr std::string_view kRoots[] = {"site.baseurl", "site.url",          "site.BaseURL",
                                       "site.root",    ".Site.BaseURL",     "site.github.url",
                                       "config.root",  "relative_base_url", "config.url"};

bool is_one_of(std::string_view word, const auto& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

const TagName* find_tag(std::string_view name) {
  const auto* found = std::find_if(std::begin(kTags), std::end(kTags),
                                   [&](const TagName& row) { return row.name == name; });
  return found == std::end(kTags) ? nullptr : found;
}

// Finds a text behind a place that only moves on; looks at each byte once.
class NextFinder {
 public:
  NextFinder(std::string_view text, std::string_view wanted) : text_(text), wanted_(wanted) {}

  size_t behind(size_t at) {
    if (at >= looked_from_ && (found_ == text_.npos || found_ >= at)) return found_;
    looked_from_ = at;
    return found_ = text_.find(wanted_, at);
  }

 private:
  std::string_view text_, wanted_;
  size_t looked_from_ = std::string_view::npos, found_ = 0;
};

struct Argument {
  std::string_view key;
  Span span;
  bool quoted = false;
};

bool ends_word(char c) { return is_space(c) || c == '=' || c == '|' || c == ','; }

// The words of a tag: names, key=value, "quoted"; Jekyll's filters are words like others.
std::vector<Argument> arguments(std::string_view text, Span inside) {
  std::vector<Argument> found;
  std::string_view key;
  for (size_t at = inside.from; at < inside.to && found.size() < kMostArguments;) {
    const char c = text[at];
    if (is_space(c) || c == '|' || c == ',') {
      ++at;
      continue;
    }
    if (c == '=') {
      key = {};
      if (!found.empty() && !found.back().quoted) {
        key = text.substr(found.back().span.from, found.back().span.size());
        found.pop_back();
      }
      at = std::min(text.find_first_not_of(" \t\r\n", at + 1), inside.to);
      if (at >= inside.to || ends_word(text[at])) key = {};
      if (at < inside.to && text[at] == '=') ++at;
      continue;
    }
    Argument argument{key, {at, at}, c == '"' || c == '\'' || c == '`'};
    key = {};
    if (argument.quoted) {
      const size_t close = text.substr(0, inside.to).find(c, at + 1);
      argument.span = {at + 1, std::min(close, inside.to)};
      at = argument.span.to + 1;
    } else {
      // A "=" inside of a URL is its own.
      const bool url = is_absolute_http(text.substr(at, inside.to - at)) || text[at] == '/';
      while (at < inside.to && (url ? !is_space(text[at]) : !ends_word(text[at]))) ++at;
      argument.span.to = at;
    }
    found.push_back(argument);
  }
  return found;
}

class Scanner {
 public:
  explicit Scanner(std::string_view body) : body_(body) {}

  TemplateScan scan() && {
    for (size_t at = 0; (at = body_.find_first_of("{!", at)) != body_.npos;) {
      const auto end = take(at);
      at = end ? *end : at + 1;
    }
    return std::move(found_);
  }

 private:
  std::optional<size_t> take(size_t at) {
    const std::string_view rest = body_.substr(at, 3);
    if (rest == "![[") return take_embed(at);
    if (rest.starts_with("{%")) return take_tag(at, 2, tag_end_.behind(at + 2), 2);
    if (rest == "{{<") return take_tag(at, 3, shortcode_end_.behind(at + 3), 3);
    if (rest == "{{%") return take_tag(at, 3, percent_end_.behind(at + 3), 3);
    if (rest.starts_with("{{")) return take_expression(at);
    if (rest.starts_with("{:")) return take_attributes(at);
    return std::nullopt;
  }

  // No tag goes on behind a blank line or into a fence.
  bool is_sound(size_t at, size_t close) {
    return close != body_.npos && close - at <= kLongestTag && blank_line_.behind(at) > close &&
           fence_.behind(at) > close;
  }

  std::string_view word(Span span) const { return body_.substr(span.from, span.size()); }

  std::optional<size_t> take_tag(size_t at, size_t open_size, size_t close, size_t close_size) {
    if (!is_sound(at, close)) return std::nullopt;
    const size_t end = close + close_size;
    Span inside{at + open_size, close};
    if (word(inside).starts_with("/*")) return add_tag(at, end);
    if (word(inside).starts_with('-')) ++inside.from;
    if (inside.size() > 0 && body_[inside.to - 1] == '-') --inside.to;
    const auto words = arguments(body_, inside);
    if (words.empty()) return add_tag(at, end);
    const std::string_view name = word(words[0].span);
    if (is_one_of(name, kOpaque)) return take_opaque(at, end, name);
    take_urls(name, words);
    return add_tag(at, end);
  }

  // {% raw %} is left as Markdown, without tags; the others are one tag to their end.
  std::optional<size_t> take_opaque(size_t at, size_t end, std::string_view name) {
    const bool shortcode = body_.substr(at, 2) == "{{";
    const auto [known, is_new] = ends_.try_emplace((shortcode ? "/" : "end") + std::string(name));
    if (is_new) known->second.emplace(body_, known->first);
    const size_t close = known->second->behind(end);
    if (close == body_.npos) return add_tag(at, end);
    const size_t close_end = behind_braces(close);
    if (name != "raw") return add_tag(at, close_end);
    add_tag(at, end);
    return close_end;
  }

  size_t behind_braces(size_t at) const {
    const size_t brace = std::min(body_.find('}', at), body_.size());
    return std::min(body_.find_first_not_of('}', brace), body_.size());
  }

  void take_urls(std::string_view name, const std::vector<Argument>& words) {
    const TagName* known = find_tag(name);
    std::string alt;
    for (const Argument& argument : words) {
      if (argument.key == "alt") alt = word(argument.span);
    }
    bool done = false;
    for (size_t i = 1; i < words.size(); ++i) {
      const Argument& argument = words[i];
      if (argument.key.empty() && done) continue;
      const auto kind = kind_of(known, argument);
      if (!kind) continue;
      done = done || (known && known->first_only && argument.key.empty());
      found_.urls.push_back({std::string(word(argument.span)), argument.span, *kind,
                             std::string(name), std::string(argument.key), alt});
    }
  }

  std::optional<Kind> kind_of(const TagName* tag, const Argument& argument) const {
    const std::string_view value = word(argument.span);
    const std::string key = lower_case(argument.key);
    if (is_one_of(key, kTextKeys) || value.find_first_of(" \t\r\n<>{}|\\\"'`") != value.npos) {
      return std::nullopt;
    }
    const bool absolute = is_absolute_http(value);
    if (!absolute && value.substr(0, value.find('/')).find(':') != value.npos) return std::nullopt;
    if (has_image_extension(value)) return Kind::kImage;
    if (has_media_extension(value)) return Kind::kMedia;
    const Kind kind = tag ? tag->kind : Kind::kPage;
    const bool path = value.starts_with('/') && value.size() > 1;
    if (!absolute && !(path && kind == Kind::kImage)) return std::nullopt;
    if (is_one_of(key, kLinkKeys) || has_text_extension(value)) return Kind::kPage;
    return kind == Kind::kPage && names_an_image(key) ? Kind::kImage : kind;
  }

  // {{ "/a.png" | relative_url }}, {{ site.baseurl }}
  std::optional<size_t> take_expression(size_t at) {
    const size_t close = expression_end_.behind(at + 2);
    if (!is_sound(at, close)) return std::nullopt;
    const auto words = arguments(body_, {at + 2, close});
    if (!words.empty() && words[0].quoted) {
      const auto kind = kind_of(nullptr, words[0]);
      if (kind) {
        found_.urls.push_back(
            {std::string(word(words[0].span)), words[0].span, *kind, "expression", "", ""});
      }
    }
    return add_tag(at, close + 2);
  }

  // Kramdown's {: .class width="100" }
  std::optional<size_t> take_attributes(size_t at) {
    const size_t close = brace_end_.behind(at + 2);
    if (close == body_.npos || line_end_.behind(at) < close) return std::nullopt;
    return add_tag(at, close + 1);
  }

  // ![[pic.png|300]]
  std::optional<size_t> take_embed(size_t at) {
    const size_t close = embed_end_.behind(at + 3);
    if (close == body_.npos || line_end_.behind(at) < close) return std::nullopt;
    const std::string_view inside = word({at + 3, close});
    const std::string_view name = inside.substr(0, inside.find_first_of("|#\\"));
    const bool image = has_image_extension(name);
    if (name.empty() || name.find("[[") != name.npos) return std::nullopt;
    if (image || has_media_extension(name)) {
      const Span span{at + 3, at + 3 + name.size()};
      const std::string_view alt =
          name.size() < inside.size() ? inside.substr(name.size() + 1) : "";
      found_.urls.push_back({std::string(name), span, image ? Kind::kImage : Kind::kMedia, "embed",
                             "", std::string(alt)});
    }
    return add_tag(at, close + 2);
  }

  size_t add_tag(size_t from, size_t to) {
    const bool holds_url = !found_.urls.empty() && found_.urls.back().span.from >= from;
    found_.tags.push_back({{from, to}, holds_url});
    return to;
  }

  std::string_view body_;
  TemplateScan found_;
  NextFinder tag_end_{body_, "%}"}, shortcode_end_{body_, ">}}"}, percent_end_{body_, "%}}"};
  NextFinder expression_end_{body_, "}}"}, brace_end_{body_, "}"}, embed_end_{body_, "]]"};
  NextFinder line_end_{body_, "\n"}, blank_line_{body_, "\n\n"}, fence_{body_, "\n```"};
  std::map<std::string, std::optional<NextFinder>> ends_;  // of opaque blocks
};

}  // namespace

TemplateScan scan_template_tags(std::string_view body) { return Scanner(body).scan(); }

std::optional<std::string> path_behind_site_root(std::string_view url) {
  size_t roots = 0;
  for (; url.starts_with("{{"); ++roots) {
    const size_t close = url.find("}}");
    if (close == url.npos || !is_one_of(trim(url.substr(2, close - 2)), kRoots))
      return std::nullopt;
    url.remove_prefix(close + 2);
  }
  if (roots == 0 || url.find("{{") != url.npos || url.find("{%") != url.npos) return std::nullopt;
  return (url.starts_with('/') ? "" : "/") + std::string(url);
}

std::string without_template_tags(std::string_view body, const std::vector<TemplateTag>& tags) {
  std::string out(body);
  for (const TemplateTag& tag : tags) {
    for (size_t at = tag.span.from; at < tag.span.to; ++at) {
      if (out[at] != '\n' && out[at] != '\r') out[at] = 'x';
    }
  }
  return out;
}

}  // namespace halftone
