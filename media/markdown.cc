#include "media/markdown.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <cmark-gfm/buffer.h>
#include <cmark-gfm/houdini.h>

#include "media/ascii.h"
#include "media/markdown_inline.h"

namespace halftone {
namespace {

// Past these, cmark-gfm 0.29 takes time that grows with the square; such a body is no article and
// is read as HTML.
constexpr size_t kMaxBody = 4 * 1024 * 1024;
constexpr size_t kMaxBrackets = 20'000;
constexpr size_t kMaxContainers = 500;        // of one line, in bytes of their marks
constexpr size_t kMaxTableCells = 1'000'000;  // short rows are filled up
constexpr size_t kMaxAts = 10'000;
constexpr size_t kMaxFootnotes = 1000;
constexpr size_t kMaxAlt = 4096;

struct Limits {
  bool readable = true;
  bool tables = true, autolinks = true, footnotes = true;
};

Limits measure(std::string_view body) {
  Limits limits;
  const auto count = [&](char c) {
    return static_cast<size_t>(std::count(body.begin(), body.end(), c));
  };
  size_t columns = 0;
  for (size_t line = 0; line < body.size();) {
    const size_t end = std::min(body.find('\n', line), body.size());
    const std::string_view text = body.substr(line, end - line);
    const size_t marks = std::min(text.find_first_not_of(" \t>*+-.)0123456789"), text.size());
    const std::string_view container = text.substr(0, marks);
    const auto blanks = std::count(container.begin(), container.end(), ' ') +
                        std::count(container.begin(), container.end(), '\t');
    const bool rule = marks == text.size() && text.find_first_not_of("*-+ \t") == text.npos;
    if (!rule && marks - static_cast<size_t>(blanks) > kMaxContainers) limits.readable = false;
    if (text.find_first_not_of("|:- \t>\r") == text.npos) {
      columns = std::max(columns, static_cast<size_t>(std::count(text.begin(), text.end(), '|')));
    }
    line = end + 1;
  }
  if (body.size() > kMaxBody || count('[') > kMaxBrackets) limits.readable = false;
  if (columns * (count('\n') + 1) > kMaxTableCells) limits.tables = false;
  if (count('@') > kMaxAts) limits.autolinks = false;
  if (count('^') > kMaxFootnotes) limits.footnotes = false;
  return limits;
}

struct NodeDeleter {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using Tree = std::unique_ptr<cmark_node, NodeDeleter>;

struct ParserDeleter {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
using Parser = std::unique_ptr<cmark_parser, ParserDeleter>;

Parser make_parser(const Limits& limits) {
  static const bool registered = [] {
    cmark_gfm_core_extensions_ensure_registered();
    return true;
  }();
  const int options = CMARK_OPT_UNSAFE | (limits.footnotes ? CMARK_OPT_FOOTNOTES : 0);
  Parser parser(registered ? cmark_parser_new(options) : nullptr);
  const auto attach = [&](const char* name) {
    if (cmark_syntax_extension* extension = cmark_find_syntax_extension(name)) {
      cmark_parser_attach_syntax_extension(parser.get(), extension);
    }
  };
  if (limits.tables) attach("table");
  attach("strikethrough");
  if (limits.autolinks) attach("autolink");
  return parser;
}

Tree parse(std::string_view body, const Parser& parser) {
  cmark_parser_feed(parser.get(), body.data(), body.size());
  return Tree(cmark_parser_finish(parser.get()));
}

// A destination as cmark reads it: character references, then backslashes.
std::string unescaped(std::string_view written) {
  cmark_strbuf buffer;
  cmark_strbuf_init(cmark_get_default_mem_allocator(), &buffer, 0);
  houdini_unescape_html_f(&buffer, reinterpret_cast<const uint8_t*>(written.data()),
                          static_cast<bufsize_t>(written.size()));
  cmark_strbuf_unescape(&buffer);
  std::string result(reinterpret_cast<const char*>(buffer.ptr), static_cast<size_t>(buffer.size));
  cmark_strbuf_free(&buffer);
  return result;
}

std::string text_of(const char* text) { return text ? text : ""; }

// 4.7 "normalize a label", where letters beyond ASCII keep their case.
std::string normalized_label(std::string_view label) {
  std::string out;
  for (const char c : trim(label)) {
    if (!is_space(c)) {
      out += to_lower(c);
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
  return out;
}

// Where each line begins; cmark counts lines from 1.
class Lines {
 public:
  explicit Lines(std::string_view text) : size_(text.size()) {
    begins_.push_back(0);
    for (size_t at = 0; at < text.size(); ++at) {
      const bool crlf = text[at] == '\r' && text.substr(at + 1, 1) == "\n";
      if (text[at] == '\n' || (text[at] == '\r' && !crlf)) begins_.push_back(at + 1);
    }
  }
  size_t count() const { return begins_.size(); }
  size_t begin(int line) const {
    if (line < 1) return 0;
    return static_cast<size_t>(line) > begins_.size() ? size_
                                                      : begins_[static_cast<size_t>(line) - 1];
  }
  Span whole(int first, int last) const {
    return {begin(first), std::max(begin(first), begin(last + 1))};
  }

 private:
  size_t size_;
  std::vector<size_t> begins_;
};

// Walks cmark's tree and finds each destination in the source.
class UrlFinder {
 public:
  UrlFinder(std::string_view body, cmark_node* tree)
      : body_(body), lines_(body), line_kinds_(lines_.count() + 2, LineKind::kNone), tree_(tree) {}

  MarkdownScan find() && {
    const std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> iterator(cmark_iter_new(tree_),
                                                                      cmark_iter_free);
    for (cmark_event_type event; (event = cmark_iter_next(iterator.get())) != CMARK_EVENT_DONE;) {
      visit(cmark_iter_get_node(iterator.get()), event == CMARK_EVENT_ENTER);
    }
    if (!by_reference_.empty()) take_definitions();
    put_in_order();
    return std::move(found_);
  }

 private:
  enum class LineKind : uint8_t { kNone, kBegin, kInside, kCode };

  // Footnotes come last in the tree. A part of a destination with blanks may look like a link.
  void put_in_order() {
    const auto by_place = [](const Span& a, const Span& b) { return a.from < b.from; };
    std::sort(found_.html.begin(), found_.html.end(), by_place);
    std::sort(found_.code.begin(), found_.code.end(), by_place);
    std::vector<MarkdownUrl> urls = std::move(found_.urls);
    std::stable_sort(urls.begin(), urls.end(), [&](const MarkdownUrl& a, const MarkdownUrl& b) {
      return a.span.from < b.span.from || (a.span.from == b.span.from && a.rejected > b.rejected);
    });
    found_.urls.clear();
    for (MarkdownUrl& url : urls) {
      const bool inside = !found_.urls.empty() && found_.urls.back().rejected &&
                          url.span.from < found_.urls.back().span.to;
      if (!inside) found_.urls.push_back(std::move(url));
    }
  }

  void visit(cmark_node* node, bool entering) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_IMAGE && entering) alts_.emplace_back();
    if (type == CMARK_NODE_IMAGE && !entering) {
      const std::string alt = std::move(alts_.back());
      alts_.pop_back();
      append_alt(alt);
      take(node, true, alt);
    } else if (type == CMARK_NODE_LINK && !entering) {
      take(node, false, "");
    } else if (entering && (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)) {
      append_alt(text_of(cmark_node_get_literal(node)));
    } else if (entering) {
      enter_block(node, type);
    }
  }

  void append_alt(std::string_view text) {
    if (alts_.empty()) return;
    std::string& alt = alts_.back();
    alt += text.substr(0, kMaxAlt - std::min(kMaxAlt, alt.size()));
  }

  void enter_block(cmark_node* node, cmark_node_type type) {
    const int first = cmark_node_get_start_line(node), last = cmark_node_get_end_line(node);
    const bool is_cell = std::strcmp(cmark_node_get_type_string(node), "table_cell") == 0;
    if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) {
      const bool is_atx = type == CMARK_NODE_HEADING && first == last;
      mark_lines(first, last, is_atx ? LineKind::kInside : LineKind::kBegin);
      begin_region(lines_.whole(first, last));
    } else if (is_cell) {
      mark_lines(first, last, LineKind::kInside);
      const auto column = [](int c) { return static_cast<size_t>(std::max(c, 1)) - 1; };
      const Span line = lines_.whole(first, first);
      begin_region({std::min(line.from + column(cmark_node_get_start_column(node)), line.to),
                    std::min(line.from + column(cmark_node_get_end_column(node)) + 1, line.to)});
    } else if (type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK) {
      mark_lines(first, last, LineKind::kCode);
      (type == CMARK_NODE_HTML_BLOCK ? found_.html : found_.code)
          .push_back(lines_.whole(first, last));
    }
  }

  void mark_lines(int first, int last, LineKind begin) {
    for (int line = std::max(first, 1); line <= last; ++line) {
      if (static_cast<size_t>(line) >= line_kinds_.size()) return;
      const bool inside = begin == LineKind::kBegin && line > first;
      line_kinds_[static_cast<size_t>(line)] = inside ? LineKind::kInside : begin;
    }
  }

  void begin_region(Span region) {
    region.from = std::min(region.from, region.to);
    MarkdownInlines found = scan_markdown_inlines(body_, region);
    found_.html.insert(found_.html.end(), found.html.begin(), found.html.end());
    found_.code.insert(found_.code.end(), found.code.begin(), found.code.end());
    for (const MarkdownSpacedImage& image : found.spaced_images) {
      const std::string_view alt = body_.substr(image.alt.from, image.alt.size());
      const MarkdownPlace place{image.destination, Escape::kMarkdownUrl, true};
      found_.urls.push_back({value_of(place), place.span, place.escape, true,
                             std::string(alt.substr(0, kMaxAlt)), true});
    }
    places_ = std::move(found.places);
    by_url_.clear();
    next_place_ = 0;
    for (size_t i = places_.size(); i-- > 0;) by_url_[value_of(places_[i])].push_back(i);
  }

  std::string value_of(const MarkdownPlace& place) const {
    const std::string_view written = body_.substr(place.span.from, place.span.size());
    if (place.escape != Escape::kMarkdownAutolink) return unescaped(written);
    return (written.starts_with("www.") ? "http://" : "") + std::string(written);
  }

  // Destinations come in the order in which links end, in the tree and in the source.
  void take(cmark_node* node, bool is_image, const std::string& alt) {
    const std::string url = text_of(cmark_node_get_url(node));
    std::vector<size_t>* candidates = nullptr;
    if (const auto found = by_url_.find(url); found != by_url_.end()) candidates = &found->second;
    while (candidates && !candidates->empty()) {
      const size_t index = candidates->back();
      candidates->pop_back();
      const MarkdownPlace& place = places_[index];
      if (index < next_place_ || place.is_image != is_image) continue;
      next_place_ = index + 1;
      found_.urls.push_back({url, place.span, place.escape, is_image, alt});
      return;
    }
    by_reference_.try_emplace(url, Referred{is_image, alt});
  }

  // Definitions stand between blocks or at the head of a paragraph; of one label the first counts
  // (4.7).
  void take_definitions() {
    std::unordered_set<std::string> labels;
    bool at_head = false;
    for (size_t line = 1; line <= lines_.count(); ++line) {
      const LineKind kind = line_kinds_[line];
      at_head = kind == LineKind::kNone || kind == LineKind::kBegin ||
                (kind == LineKind::kInside && at_head);
      if (!at_head) continue;
      const auto definition = find_definition(body_, lines_.begin(static_cast<int>(line)));
      at_head = definition.has_value();
      if (!definition || !labels.insert(normalized_label(definition->label)).second) continue;
      const MarkdownPlace& place = definition->place;
      const std::string url = value_of(place);
      const auto used = by_reference_.find(url);
      if (used == by_reference_.end()) continue;
      found_.urls.push_back(
          {url, place.span, place.escape, used->second.is_image, used->second.alt});
    }
  }

  struct Referred {
    bool is_image;
    std::string alt;
  };

  std::string_view body_;
  Lines lines_;
  std::vector<LineKind> line_kinds_;
  cmark_node* tree_;
  MarkdownScan found_;
  std::vector<std::string> alts_;  // of open images
  std::vector<MarkdownPlace> places_;
  std::unordered_map<std::string, std::vector<size_t>> by_url_;  // places, last first
  size_t next_place_ = 0;
  std::unordered_map<std::string, Referred> by_reference_;
};

// Elements that hold blocks; another one at the head begins a paragraph.
bool holds_blocks(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "article", "aside",  "blockquote", "body", "center", "details", "div",     "dl",    "figure",
      "footer",  "header", "html",       "main", "ol",     "p",       "section", "table", "ul",
  };
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

std::string tag_name(std::string_view tag) {
  size_t end = 0;
  while (end < tag.size() && is_alnum(tag[end])) ++end;
  return lower_case(tag.substr(0, end));
}

// True where the body is one HTML element from its first byte to its last.
bool is_one_element(std::string_view body) {
  const std::string_view html = trim(body);
  if (!html.starts_with('<')) return false;
  const std::string name = tag_name(html.substr(1));
  if (!holds_blocks(name)) return false;
  size_t depth = 0;
  for (size_t at = 0; (at = html.find('<', at)) != std::string_view::npos;) {
    const bool closes = html.substr(at, 2) == "</";
    const bool same = tag_name(html.substr(at + (closes ? 2 : 1), name.size() + 1)) == name;
    const bool comment = html.substr(at, 4) == "<!--";
    const auto end = same || comment ? raw_html_end(html, at) : std::nullopt;
    if (comment && !end) return false;
    at = end ? *end : at + 1;
    if (!same || !end) continue;
    depth = closes ? depth - 1 : depth + 1;
    if (depth == 0) return at == html.size();
  }
  return false;
}

}  // namespace

MarkdownScan scan_markdown(std::string_view body) {
  const Limits limits = measure(body);
  if (!limits.readable || is_one_element(body)) {
    MarkdownScan whole;
    if (!body.empty()) whole.html.push_back({0, body.size()});
    return whole;
  }
  const Parser parser = make_parser(limits);
  const Tree tree = parse(body, parser);
  return UrlFinder(body, tree.get()).find();
}

std::vector<MarkdownUrl> find_markdown_urls(std::string_view body) {
  return scan_markdown(body).urls;
}

std::vector<Span> find_raw_html(std::string_view body) { return scan_markdown(body).html; }

std::string render_markdown(std::string_view body) {
  const Limits limits = measure(body);
  if (!limits.readable || is_one_element(body)) return std::string(trim(body)) + '\n';
  const Parser parser = make_parser(limits);
  const Tree tree = parse(body, parser);
  const std::unique_ptr<char, void (*)(void*)> html(
      cmark_render_html(tree.get(), CMARK_OPT_UNSAFE,
                        cmark_parser_get_syntax_extensions(parser.get())),
      std::free);
  return html.get();
}

}  // namespace halftone
