#include "media/article_outline.h"

#include <array>
#include <optional>

#include "media/article_outline_pictures.h"
#include "media/article_pictures.h"
#include "media/article_text.h"
#include "media/ascii.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kMostOpen = 1000;        // elements at once; deeper ones count for those around
constexpr size_t kMostRegions = 200'000;  // so that memory stays bounded
constexpr size_t kMostBlocks = 200'000;
constexpr size_t kMostMoments = 1000;
constexpr size_t kLongestCell = 300;  // of a table that holds data
constexpr int kNone = -1;

const uint8_t kA = element_kind("a").id, kP = element_kind("p").id, kTd = element_kind("td").id,
              kTh = element_kind("th").id, kTable = element_kind("table").id,
              kTr = element_kind("tr").id, kUl = element_kind("ul").id, kOl = element_kind("ol").id,
              kHtml = element_kind("html").id, kBody = element_kind("body").id,
              kHead = element_kind("head").id, kTemplate = element_kind("template").id,
              kRt = element_kind("rt").id, kRp = element_kind("rp").id,
              kRuby = element_kind("ruby").id;

// An element that has begun and not ended.
struct Open {
  uint8_t id = 0;
  BlockRole role = BlockRole::kInline;
  bool dropped = false;   // so is all that is in it
  bool noscript = false;  // only pictures count
  bool in_article = false;
  bool is_caption = false;
  uint32_t region = 0;
  size_t block = 0, picture = 0;    // how many there were before it
  int same = kNone, scope = kNone;  // the one of its name and the scope that were open before
  std::optional<size_t> describes;  // the picture whose caption it holds
};

class OutlineReader {
 public:
  OutlineReader(const SourceText& html, const std::vector<Reference>& references)
      : html_(html), references_(references) {
    open_of_.fill(kNone);
    outline_.regions.push_back({0, 0, Hint::kNone, false, {0, html.text().size()}});
    open_.emplace_back();
  }

  Outline read() && {
    HtmlTokenizer tokenizer(html_.text());
    for (;;) {
      const HtmlToken& token = tokenizer.next();
      if (token.type == HtmlToken::Type::kEnd) break;
      if (token.type == HtmlToken::Type::kStartTag) start(token);
      if (token.type == HtmlToken::Type::kEndTag) end(token);
      if (token.type == HtmlToken::Type::kText) text(token);
    }
    while (open_.size() > 1) pop(html_.text().size());
    flush();
    outline_.regions[0].last = static_cast<uint32_t>(outline_.regions.size() - 1);
    outline_.pictures = std::move(pictures_).take();
    return std::move(outline_);
  }

 private:
  using Block = OutlineBlock;

  void start(const HtmlToken& tag) {
    const std::string name = lower_case(tag.name);
    const ElementKind kind = element_kind(name);
    if (name == "img" || name == "amp-img") image(tag);
    if (name == "picture") source_url_.clear();
    if (name == "source" && source_url_.empty()) {
      source_url_ = shown_picture(tag, html_.source(tag.span.from, tag.span.to), references_).url;
    }
    if (name == "time" || name == "abbr") moment(tag);
    if (open_.back().dropped) {
      if (kind.id != 0) push_dropped(tag, kind);
      return;
    }
    if (name == "br" && !open_.back().noscript) {
      if (text_.break_line()) flush();
      return;
    }
    if (name == "hr") flush();
    if (kind.id == kA) in_link_ = tag.find("href") ? open_.size() : 0;
    if (kind.id == 0 || is_void_element(name) || kind.id == kHtml || kind.id == kHead) return;
    if (kind.id == kBody) {
      outline_.regions[0].content.from = tag.span.to;
      return;
    }
    open_element(tag, name, kind);
  }

  void moment(const HtmlToken& tag) {
    static const uint8_t kNav = element_kind("nav").id;
    if (open_of_[kNav] > 0 || outline_.moments.size() >= kMostMoments) return;
    outline_.moments.push_back({tag.span.from, open_.back().region, outline_.blocks.size()});
  }

  void open_element(const HtmlToken& tag, std::string_view name, ElementKind kind) {
    close_implied(kind, tag.span.from);
    const Open& outer = open_.back();
    const Hint hint = hint_of(tag, name, outer.in_article);
    const bool foreign_void = tag.self_closing && kind.role == BlockRole::kDropped;
    const bool caption =
        kind.role == BlockRole::kCaption ||
        (kind.role != BlockRole::kFigure && kind.role != BlockRole::kTable && is_caption(tag));
    const auto describes = pictures_.described_by(tag);
    if (foreign_void) return;
    const bool nested =
        open_of_[kind.id] > 0 || kind.id == kRuby;  // whose end tag must not end the outer one
    if (kind.role == BlockRole::kInline && hint != Hint::kHidden && !caption && !describes &&
        !nested) {
      return;
    }
    if (breaks_text(kind) || caption) flush();
    Open opened;
    opened.dropped = kind.role == BlockRole::kDropped || hint == Hint::kHidden;
    opened.noscript = outer.noscript || kind.role == BlockRole::kNoscript;
    opened.in_article = outer.in_article || hint == Hint::kArticle || hint == Hint::kMain ||
                        hint == Hint::kBody || name == "blockquote";
    opened.is_caption = caption;
    opened.describes = describes;
    opened.region = outer.region;
    const bool holds = kind.role != BlockRole::kInline && !opened.dropped && !opened.noscript;
    const bool says = hint != Hint::kNone || kind.role == BlockRole::kBlock ||
                      kind.role == BlockRole::kCell || kind.role == BlockRole::kList ||
                      kind.role == BlockRole::kTable || kind.role == BlockRole::kFigure;
    if (holds && says) {
      opened.region = add_region(outer.region, hint, tag.span.to);
      outline_.regions[opened.region].of_others |= is_of_others(tag, name, outer.in_article);
    }
    push(opened, kind);
  }

  static bool breaks_text(const auto& element) {
    static const uint8_t kNav = element_kind("nav").id, kDialog = element_kind("dialog").id;
    const bool within = element.role == BlockRole::kInline || element.role == BlockRole::kDropped ||
                        element.role == BlockRole::kNoscript;
    return !within || element.id == kNav || element.id == kDialog;
  }

  uint32_t add_region(uint32_t parent, Hint hint, size_t from) {
    if (outline_.regions.size() >= kMostRegions) return parent;
    const auto index = static_cast<uint32_t>(outline_.regions.size());
    outline_.regions.push_back({parent, index, hint, false, {from, html_.text().size()}});
    return index;
  }

  void push_dropped(const HtmlToken& tag, ElementKind kind) {
    if (tag.self_closing || is_void_element(element_name(kind.id))) return;
    if (kind.id == kRt || kind.id == kRp) close_implied(kind, tag.span.from);
    Open opened;
    opened.dropped = open_.back().dropped || kind.role == BlockRole::kDropped;
    opened.noscript = open_.back().noscript;
    opened.in_article = open_.back().in_article;
    opened.region = open_.back().region;
    push(opened, kind);
  }

  void push(Open opened, ElementKind kind) {
    if (open_.size() >= kMostOpen) {
      too_deep_ += kind.role != BlockRole::kInline;
      return;
    }
    opened.id = kind.id;
    opened.role = kind.role;
    opened.block = outline_.blocks.size();
    opened.picture = pictures_.size();
    opened.same = open_of_[kind.id];
    opened.scope = scope_;
    open_of_[kind.id] = static_cast<int>(open_.size());
    if (kind.id == kTd || kind.id == kTh || kind.id == kTable || kind.id == kTemplate) {
      scope_ = static_cast<int>(open_.size());
    }
    open_.push_back(opened);
  }

  // 13.2.6.4.7 and 13.2.6.4.9 ff.: what a start tag ends.
  void close_implied(ElementKind kind, size_t at) {
    const auto close = [&](uint8_t id, int above) {
      if (open_of_[id] > above) pop_to(open_of_[id], at);
    };
    const int table = open_of_[kTable];
    if (kind.role == BlockRole::kInline || kind.role == BlockRole::kDropped ||
        kind.role == BlockRole::kNoscript) {
      if (kind.id == kRt || kind.id == kRp) {
        close(kRt, scope_);
        close(kRp, scope_);
      }
      return;
    }
    close(kP, scope_);
    const std::string_view name = element_name(kind.id);
    if (name == "li") close(kind.id, std::max({scope_, open_of_[kUl], open_of_[kOl]}));
    if (kind.role == BlockRole::kHeading && open_.back().role == BlockRole::kHeading) pop(at);
    if (name == "dt" || name == "dd") {
      for (const std::string_view term : {"dt", "dd"}) {
        close(element_kind(term).id, std::max(scope_, open_of_[element_kind("dl").id]));
      }
    }
    if (kind.role == BlockRole::kCell || kind.role == BlockRole::kRow) {
      close(kTd, table);
      close(kTh, table);
      if (kind.role == BlockRole::kRow) close(kTr, table);
    }
  }

  void end(const HtmlToken& tag) {
    const std::string name = lower_case(tag.name);
    const ElementKind kind = element_kind(name);
    if (name == "body" || name == "html") {
      if (name == "body") outline_.regions[0].content.to = tag.span.from;
      return;
    }
    if (kind.id == kA) in_link_ = 0;
    if (kind.id == 0) return;
    if (too_deep_ > 0 && kind.role != BlockRole::kInline) {
      --too_deep_;
      return;
    }
    const bool of_table = kind.role == BlockRole::kCell || kind.role == BlockRole::kRow ||
                          kind.role == BlockRole::kTable;
    const int found = open_of_[kind.id];
    int scope = of_table ? open_of_[kTable] - (kind.role == BlockRole::kTable ? 1 : 0) : scope_;
    if (kind.id == kTemplate) scope = kNone;
    if (found > 0 && found > scope) return pop_to(found, tag.span.from);
    if (breaks_text(kind) && !open_.back().dropped) flush();
  }

  void pop_to(int index, size_t at) {
    while (static_cast<int>(open_.size()) > index) pop(at);
  }

  void pop(size_t at) {
    if (open_.back().is_caption || (breaks_text(open_.back()) && !open_.back().dropped)) flush();
    const Open closed = open_.back();
    open_.pop_back();
    open_of_[closed.id] = closed.same;
    scope_ = closed.scope;
    if (in_link_ > open_.size()) in_link_ = 0;
    if (closed.region != open_.back().region) {
      OutlineRegion& region = outline_.regions[closed.region];
      region.content.to = std::max(region.content.from, at);
      region.last = static_cast<uint32_t>(outline_.regions.size() - 1);
    }
    if (closed.dropped) return;
    if (closed.is_caption) take_caption(closed);
    if (closed.describes) describe(closed);
    if (closed.role == BlockRole::kFigure) end_figure(closed);
    if (closed.role == BlockRole::kRow) end_row(closed);
    if (closed.role == BlockRole::kTable) end_table(closed);
  }

  void text(const HtmlToken& token) {
    using TextMode = HtmlToken::TextMode;
    if (open_.back().dropped || open_.back().noscript || token.text.empty()) return;
    if (token.text_mode == TextMode::kScript || token.text_mode == TextMode::kRawText) return;
    const SourceText decoded = decode_html(token.text, 0, token.text_mode, false);
    static const uint8_t kPreId = element_kind("pre").id, kXmpId = element_kind("xmp").id;
    const bool pre = open_of_[kPreId] > 0 || open_of_[kXmpId] > 0;
    const size_t before = text_.size();
    text_.add(decoded.text(), pre);
    words_so_far_ += text_.size() - before;
    if (in_link_ > 0) link_bytes_ += text_.size() - before;
  }

  // The nearest element that tells what kind of text this is.
  Block::Kind kind() const {
    for (auto it = open_.rbegin(); it != open_.rend(); ++it) {
      switch (it->role) {
        case BlockRole::kParagraph:
          return Block::Kind::kParagraph;
        case BlockRole::kHeading:
          return Block::Kind::kHeading;
        case BlockRole::kItem:
          return Block::Kind::kItem;
        case BlockRole::kCell:
          return Block::Kind::kCell;
        case BlockRole::kPre:
          return Block::Kind::kPre;
        case BlockRole::kCaption:
          return Block::Kind::kCaption;
        case BlockRole::kInline:
          break;
        default:
          return element_name(it->id) == "blockquote" ? Block::Kind::kParagraph
                                                      : Block::Kind::kLoose;
      }
    }
    return Block::Kind::kLoose;
  }

  void flush() {
    std::string words = text_.take();
    const bool has_pictures = waiting_pictures_;
    if ((!words.empty() || has_pictures) && outline_.blocks.size() < kMostBlocks) {
      Block block;
      block.kind = words.empty() ? Block::Kind::kPicture : kind();
      block.region = open_.back().region;
      block.link_bytes = std::min(link_bytes_, words.size());
      block.text = std::move(words);
      block.pictures = unlinked_pictures_;
      block.is_title = block.kind == Block::Kind::kHeading && open_of_[kH1_] > 0;
      outline_.blocks.push_back(std::move(block));
    }
    link_bytes_ = unlinked_pictures_ = 0;
    waiting_pictures_ = false;
  }

  void image(const HtmlToken& tag) {
    const Open& around = open_.back();
    if (around.dropped) return;
    const Span span = html_.source(tag.span.from, tag.span.to);
    ShownPicture shown = shown_picture(tag, span, references_);
    const bool ornament = is_ornament(tag) || hint_of(tag, "img", true) == Hint::kHidden;
    const bool in_title = open_of_[kH1_] > 0;
    if (ornament || (in_title && (is_logo_url(shown.url) || is_logo(tag)))) return;
    if (around.noscript) {
      const bool is_new =
          !shown.url.empty() && !pictures_.fills_placeholder(shown.url, words_so_far_);
      if (is_new) add_picture(tag, std::move(shown.url));
      return;
    }
    if (shown.url.empty()) shown.url = std::move(source_url_);
    source_url_.clear();
    // Whatever its URL, which is another in a copy.
    waiting_pictures_ = true;
    unlinked_pictures_ += in_link_ == 0;
    pictures_.note_placeholder(shown, words_so_far_);
    if (!shown.url.empty()) add_picture(tag, std::move(shown.url));
  }

  void add_picture(const HtmlToken& tag, std::string url) {
    if (outline_.blocks.size() >= kMostBlocks) return;
    waiting_pictures_ = true;
    pictures_.add(tag, std::move(url), outline_.blocks.size());
  }

  // The text of the blocks since an element began.
  std::string words_since(const Open& opened) {
    std::string words;
    for (size_t i = opened.block; i < outline_.blocks.size(); ++i) {
      if (words.size() > kLongestCaption) break;
      if (!words.empty() && !outline_.blocks[i].text.empty()) words += ' ';
      words += outline_.blocks[i].text;
    }
    return cut_text(words, kLongestCaption);
  }

  // Where it holds pictures itself it is what is around of picture and caption.
  void take_caption(const Open& closed) {
    if (closed.picture != pictures_.size()) return;
    const std::string words = words_since(closed);
    if (words.empty()) return;
    const Open* figure = nullptr;
    for (auto it = open_.rbegin(); it != open_.rend() && !figure; ++it) {
      if (it->role == BlockRole::kFigure) figure = &*it;
    }
    if (figure && figure->picture == pictures_.size()) {
      figure_caption_ = words;  // its pictures come after it
      return;
    }
    size_t first = figure ? figure->picture : pictures_.size();
    if (!figure && first > 0 && pictures_.block_of(first - 1) + 2 >= closed.block) --first;
    pictures_.set_captions(first, words);
    for (size_t i = closed.block; i < outline_.blocks.size(); ++i) {
      outline_.blocks[i].kind = Block::Kind::kCaption;
    }
  }

  void describe(const Open& closed) {
    if (closed.role == BlockRole::kInline && !closed.is_caption) flush();
    std::string words = words_since(closed);
    if (!words.empty()) pictures_.set_caption(*closed.describes, std::move(words));
  }

  void end_figure(const Open& closed) {
    if (!figure_caption_.empty()) pictures_.set_captions(closed.picture, figure_caption_);
    figure_caption_.clear();
  }

  // The blocks since `opened`, made one; `fits` tells which may be joined.
  void join(const Open& opened, char with, auto fits) {
    auto& blocks = outline_.blocks;
    if (blocks.size() < opened.block + 2) return;
    for (size_t i = opened.block; i < blocks.size(); ++i) {
      if (!fits(blocks[i])) return;
    }
    const size_t pictures = pictures_.size();
    if (pictures > 0 && pictures_.block_of(pictures - 1) >= opened.block) return;
    Block& first = blocks[opened.block];
    for (size_t i = opened.block + 1; i < blocks.size(); ++i) {
      first.text += with;
      first.text += blocks[i].text;
      first.link_bytes += blocks[i].link_bytes;
    }
    first.region = open_.back().region;
    blocks.resize(opened.block + 1);
  }

  // Cells of a few words are a line of a table; others lay out a page.
  void end_row(const Open& closed) {
    join(closed, '\t', [](const Block& block) {
      return block.kind == Block::Kind::kCell && block.text.size() <= kLongestCell &&
             block.text.find('\n') == std::string::npos;
    });
  }

  void end_table(const Open& closed) {
    join(closed, '\n', [](const Block& block) {
      return block.kind == Block::Kind::kCell && block.text.find('\t') != std::string::npos;
    });
  }

  const uint8_t kH1_ = element_kind("h1").id;
  const SourceText& html_;
  const std::vector<Reference>& references_;
  Outline outline_;
  std::vector<Open> open_;  // the first stands for the page
  std::array<int, kMostElementIds> open_of_{};
  int scope_ = kNone;
  size_t too_deep_ = 0;
  size_t in_link_ = 0;  // how many were open when it began; 0: none
  TextGatherer text_;
  size_t link_bytes_ = 0, unlinked_pictures_ = 0, words_so_far_ = 0;
  bool waiting_pictures_ = false;
  OutlinePictures pictures_;
  std::string source_url_;  // of the <picture> whose <img> comes next
  std::string figure_caption_;
};

}  // namespace

Outline read_outline(const SourceText& html, const std::vector<Reference>& references) {
  return OutlineReader(html, references).read();
}

}  // namespace halftone
