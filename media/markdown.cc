#include "media/markdown.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "media/ascii.h"
#include "media/image_urls.h"
#include "media/markdown_inline.h"
#include "media/markdown_marks.h"
#include "media/markdown_tree.h"

namespace halftone {
namespace {

constexpr size_t kMaxAlt = 4096;

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

// A body as cmark-gfm reads it, with the bytes it was read from.
class Finder {
 public:
  Finder(std::string_view body, const MarkdownLimits& limits)
      : body_(body),
        limits_(limits),
        lines_(body),
        line_kinds_(lines_.count() + 2, LineKind::kNone) {}

  MarkdownScan find() && {
    if (!limits_.readable) return std::move(*this).find_without_tree();
    const MarkdownTree tree = parse_markdown(body_, limits_);
    for (const MarkdownBlock& block : tree.blocks) take_block(block);
    // Before what stands in paragraphs: a definition is one, though its URL could stand bare.
    std::vector<MarkdownCandidate> candidates = definitions();
    std::move(candidates_.begin(), candidates_.end(), std::back_inserter(candidates));
    take_links(tree.links, candidates);
    put_in_order();
    return std::move(found_);
  }

 private:
  enum class LineKind : uint8_t { kNone, kBegin, kInside, kCode };

  void take_block(const MarkdownBlock& block) {
    using Type = MarkdownBlock::Type;
    const int first = block.first_line, last = last_line_of(block);
    const Span lines = lines_.whole(first, last);
    if (block.type == Type::kHtml) return take_html(block);
    mark_lines(first, last, kind_of(block.type));
    if (block.type == Type::kCode) {
      found_.code.push_back(lines);
    } else if (block.type == Type::kCell) {
      const auto column = [](int c) { return static_cast<size_t>(std::max(c, 1)) - 1; };
      const size_t from = std::min(lines.from + column(block.first_column), lines.to);
      take_text(
          {from, std::max(from, std::min(lines.from + column(block.last_column) + 1, lines.to))},
          0);
    } else {
      take_text(lines, block.quotes);
    }
  }

  static LineKind kind_of(MarkdownBlock::Type type) {
    if (type == MarkdownBlock::Type::kCode) return LineKind::kCode;
    const bool is_whole =
        type == MarkdownBlock::Type::kHeading || type == MarkdownBlock::Type::kCell;
    return is_whole ? LineKind::kInside : LineKind::kBegin;
  }

  int last_line_of(const MarkdownBlock& block) const {
    if (block.type != MarkdownBlock::Type::kUnderlinedHeading) return block.last_line;
    const Span last = lines_.whole(block.last_line, block.last_line);
    const std::string_view line = body_.substr(last.from, last.size());
    const bool underlines =
        line.find_first_not_of("=- \t>\r\n") == line.npos && line.find_first_of("=-") != line.npos;
    return underlines ? block.last_line : block.last_line - 1;
  }

  // Line by line where the marks of quotes and lists stand before the HTML.
  void take_html(const MarkdownBlock& block) {
    const Lines own(block.html);
    const size_t first_piece = found_.html.size();
    for (int i = 1; own.begin(i) < block.html.size(); ++i) {
      const int line = block.first_line + i - 1;
      const Span text = own.whole(i, i);
      const Span piece = line_of_html(lines_.whole(line, line),
                                      std::string_view(block.html).substr(text.from, text.size()));
      mark_lines(line, line, LineKind::kCode);
      const bool adjoins = found_.html.size() > first_piece && found_.html.back().to == piece.from;
      if (adjoins) {
        found_.html.back().to = piece.to;
      } else if (piece.size() > 0) {
        found_.html.push_back(piece);
      }
    }
  }

  // What is `own` of a line; all of it where that cannot be told.
  Span line_of_html(Span line, std::string_view own) const {
    const auto without_end = [](std::string_view text) {
      return text.substr(0, text.find_last_not_of("\r\n") + 1);
    };
    const std::string_view written = without_end(body_.substr(line.from, line.size()));
    own = without_end(own);
    if (written.ends_with(own)) line.from += written.size() - own.size();
    return line;
  }

  void mark_lines(int first, int last, LineKind begin) {
    for (int line = std::max(first, 1); line <= last; ++line) {
      if (static_cast<size_t>(line) >= line_kinds_.size()) return;
      const bool inside = begin == LineKind::kBegin && line > first;
      line_kinds_[static_cast<size_t>(line)] = inside ? LineKind::kInside : begin;
    }
  }

  void take_text(Span region, int quotes) {
    std::string_view text = body_.substr(region.from, region.size());
    const std::vector<Span> marks = quotes > 0 ? quote_marks(text, quotes) : std::vector<Span>();
    std::string without_marks;
    if (!marks.empty()) {
      without_marks = text;
      for (const Span& mark : marks) {
        std::fill_n(without_marks.begin() + static_cast<std::ptrdiff_t>(mark.from), mark.size(),
                    ' ');
      }
      text = without_marks;
    }
    take_inlines(scan_markdown_inlines(text, {0, text.size()}), region.from, marks);
  }

  // Those before each line but the first; a line may have fewer than the paragraph.
  static std::vector<Span> quote_marks(std::string_view text, int quotes) {
    std::vector<Span> found;
    for (size_t at = 0; (at = text.find_first_of("\r\n", at)) != text.npos;) {
      const size_t line = ++at;
      for (int left = quotes; left > 0; --left) {
        const size_t mark = std::min(text.find_first_not_of(" \t", at), text.size());
        if (text.substr(mark, 1) != ">") break;
        at = mark + 1;
      }
      if (at > line) found.push_back({line, at});
    }
    return found;
  }

  void take_inlines(const MarkdownInlines& inlines, size_t from, const std::vector<Span>& marks) {
    const auto in_body = [&](const Span& span) { return Span{from + span.from, from + span.to}; };
    auto mark = marks.begin();
    for (Span html : inlines.html) {
      while (mark != marks.end() && mark->to <= html.from) ++mark;
      for (; mark != marks.end() && mark->to < html.to; ++mark) {
        found_.html.push_back(in_body({html.from, mark->from}));
        html.from = mark->to;
      }
      found_.html.push_back(in_body(html));
    }
    for (const Span& code : inlines.code) found_.code.push_back(in_body(code));
    for (const MarkdownSpacedImage& image : inlines.spaced_images) take_spaced(image, in_body);
    for (MarkdownPlace place : inlines.places) {
      place.span = in_body(place.span);
      candidates_.push_back({place, value_of(place)});
    }
  }

  void take_spaced(const MarkdownSpacedImage& image, const auto& in_body) {
    const Span alt = in_body(image.alt);
    const MarkdownPlace place{in_body(image.destination), Escape::kMarkdownUrl, true};
    found_.urls.push_back({value_of(place), place.span, place.escape, true,
                           std::string(body_.substr(alt.from, std::min(alt.size(), kMaxAlt))),
                           true});
  }

  std::string value_of(const MarkdownPlace& place) const {
    const std::string_view written = body_.substr(place.span.from, place.span.size());
    if (place.escape != Escape::kMarkdownAutolink) return markdown_unescaped(written, true);
    const bool angled = place.span.from > 0 && body_[place.span.from - 1] == '<';
    if (angled) return markdown_unescaped(written, false);
    return (written.starts_with("www.") ? "http://" : "") + std::string(written);
  }

  // Definitions stand between blocks or at the head of a paragraph; of one label the first counts
  // (4.7).
  std::vector<MarkdownCandidate> definitions() const {
    std::vector<MarkdownCandidate> found;
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
      found.push_back({definition->place, value_of(definition->place)});
    }
    return found;
  }

  // Links to one definition are one, and an image where one of them is; links to one URL without a
  // place are one.
  void take_links(const std::vector<MarkdownLink>& links,
                  const std::vector<MarkdownCandidate>& candidates) {
    const auto homes = find_homes(body_, limits_, links, candidates);
    std::unordered_map<size_t, size_t> by_candidate;
    std::unordered_map<std::string_view, size_t> homeless;
    for (size_t i = 0; i < links.size(); ++i) {
      const MarkdownLink& link = links[i];
      if (link.url.empty() || (!homes[i] && link.is_auto && link.url.starts_with("mailto:"))) {
        continue;
      }
      size_t& known = homes[i] ? by_candidate[homes[i]->candidate] : homeless[link.url];
      if (known == 0) {
        const Span place = homes[i] ? candidates[homes[i]->candidate].place.span : Span{};
        const Escape escape = homes[i] ? homes[i]->escape : Escape::kMarkdownUrl;
        found_.urls.push_back({link.url, place, escape, link.is_image, link.alt, link.in_alt});
        known = found_.urls.size();
      }
      MarkdownUrl& url = found_.urls[known - 1];
      if (link.is_image && !url.is_image) {
        url.is_image = true;
        url.alt = link.alt;
      }
      url.rejected = url.rejected && link.in_alt;
    }
  }

  // Paragraph by paragraph, with all that could be meant.
  MarkdownScan find_without_tree() && {
    candidates_ = definitions();
    size_t begin = 0;
    for (size_t i = 1; i <= lines_.count(); ++i) {
      const Span line = lines_.whole(static_cast<int>(i), static_cast<int>(i));
      const bool blank = trim(body_.substr(line.from, line.size())).empty();
      if (!blank && i < lines_.count()) continue;
      take_text({begin, line.to}, 0);
      begin = line.to;
    }
    for (MarkdownCandidate& candidate : candidates_) {
      const auto& [span, escape, is_image] = candidate.place;
      const bool shows = is_image || has_image_extension(candidate.value);
      found_.urls.push_back({std::move(candidate.value), span, escape, shows, ""});
    }
    put_in_order();
    return std::move(found_);
  }

  // What looks like a destination with blanks is none where it holds an image or a link. `urls` are
  // in order; such destinations are short.
  static void drop_contradicted(std::vector<MarkdownUrl>& urls) {
    const auto holds_link = [&](const MarkdownUrl& spaced) {
      for (const MarkdownUrl* next = &spaced + 1; next != urls.data() + urls.size(); ++next) {
        if (next->span.from >= spaced.span.to) return false;
        if (!next->rejected && next->escape != Escape::kMarkdownAutolink) return true;
      }
      return false;
    };
    std::vector<MarkdownUrl> kept;
    for (MarkdownUrl& url : urls) {
      if (!url.rejected || !holds_link(url)) kept.push_back(std::move(url));
    }
    urls = std::move(kept);
  }

  // Footnotes come last in the tree. A part of a destination with blanks may look like a bare URL.
  void put_in_order() {
    const auto by_place = [](const Span& a, const Span& b) { return a.from < b.from; };
    std::sort(found_.html.begin(), found_.html.end(), by_place);
    std::sort(found_.code.begin(), found_.code.end(), by_place);
    std::vector<MarkdownUrl> urls = std::move(found_.urls);
    std::stable_sort(urls.begin(), urls.end(), [&](const MarkdownUrl& a, const MarkdownUrl& b) {
      return a.span.from < b.span.from || (a.span.from == b.span.from && a.rejected > b.rejected);
    });
    found_.urls.clear();
    drop_contradicted(urls);
    std::vector<MarkdownUrl> placed;
    for (MarkdownUrl& url : urls) {
      const Span before = placed.empty() ? Span{} : placed.back().span;
      const bool overlaps = url.span.from < before.to;
      if (overlaps && (placed.back().rejected || url.span == before)) continue;
      if (overlaps) url.span = {};
      (url.span.size() > 0 ? placed : found_.urls).push_back(std::move(url));
    }
    std::move(placed.begin(), placed.end(), std::back_inserter(found_.urls));
  }

  std::string_view body_;
  const MarkdownLimits& limits_;
  Lines lines_;
  std::vector<LineKind> line_kinds_;
  std::vector<MarkdownCandidate> candidates_;
  MarkdownScan found_;
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
  const MarkdownLimits limits = measure_markdown(body);
  MarkdownScan found = Finder(body, limits).find();
  if (is_one_element(body))
    found = {.urls = std::move(found.urls), .html = {{0, body.size()}}, .code = {}};
  return found;
}

std::vector<MarkdownUrl> find_markdown_urls(std::string_view body) {
  return scan_markdown(body).urls;
}

std::vector<Span> find_raw_html(std::string_view body) { return scan_markdown(body).html; }

std::string render_markdown(std::string_view body) {
  const MarkdownLimits limits = measure_markdown(body);
  const bool is_html = is_one_element(body) && Finder(body, limits).find().urls.empty();
  if (!limits.readable || is_html) return std::string(trim(body)) + '\n';
  return markdown_to_html(body, limits);
}

}  // namespace halftone
