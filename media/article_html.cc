#include "media/article_html.h"

#include <algorithm>
#include <set>

#include "media/ascii.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kMostOpen = 256;        // text blocks at once
constexpr size_t kLongestExcerpt = 300;  // bytes
constexpr size_t kLongestCaption = 4096;

using Names = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view text, Names names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

// What holds the article's own words.
bool is_text_block(std::string_view name) {
  return is_one_of(
      name, {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "figcaption", "pre"});
}

// What ends a paragraph on either side.
bool is_block(std::string_view name) {
  return is_text_block(name) ||
         is_one_of(name, {"div", "section", "article", "main", "figure", "ul", "ol", "dl", "dt",
                          "dd", "table", "tr", "td", "th", "hr", "form", "details", "body"});
}

// What is no part of the article, whatever is in it.
bool is_left_out(std::string_view name) {
  return is_one_of(name, {"nav", "header", "footer", "aside", "script", "style", "template",
                          "noscript", "svg", "button", "select", "textarea", "iframe", "title"});
}

// At most `longest` bytes of whole characters, and an ellipsis where something is missing.
std::string cut_text(std::string_view text, size_t longest) {
  if (text.size() <= longest) return std::string(text);
  size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(trim(text.substr(0, end))) + "\xE2\x80\xA6";
}

class ContentReader {
 public:
  ContentReader(const SourceText& html, Span content, const std::vector<Reference>& references)
      : html_(html), content_(content), references_(references) {}

  ArticleContent read() && {
    HtmlTokenizer tokenizer(html_.text().substr(content_.from, content_.size()));
    for (;;) {
      const HtmlToken& token = tokenizer.next();
      if (token.type == HtmlToken::Type::kEnd) break;
      if (token.type == HtmlToken::Type::kText) text(token);
      if (token.type == HtmlToken::Type::kStartTag) start(token);
      if (token.type == HtmlToken::Type::kEndTag) end(token);
    }
    flush();
    if (found_.paragraphs.empty()) found_.paragraphs = std::move(loose_);
    return std::move(found_);
  }

 private:
  void start(const HtmlToken& tag) {
    const std::string name = lower_case(tag.name);
    if (!left_out_.empty()) {
      left_out_depth_ += name == left_out_;
      return;
    }
    if (name == "img" || name == "amp-img") image(tag);
    if (is_left_out(name) && !tag.self_closing) {
      flush();
      left_out_ = name;
      left_out_depth_ = 1;
    } else if (name == "br") {
      paragraph_ += '\n';
    } else if (is_block(name)) {
      begin_block(name);
    }
  }

  void begin_block(const std::string& name) {
    flush();
    // 13.2.6.4.7: a block ends the paragraph that is open.
    if (!open_.empty() && open_.back() == "p") open_.pop_back();
    if (name == "li" && !open_.empty() && open_.back() == "li") open_.pop_back();
    if (name == "figure") figure_ = found_.images.size();
    if (is_text_block(name) && open_.size() < kMostOpen) open_.push_back(name);
  }

  void end(const HtmlToken& tag) {
    const std::string name = lower_case(tag.name);
    if (!left_out_.empty()) {
      if (name == left_out_ && --left_out_depth_ == 0) left_out_.clear();
      return;
    }
    if (!is_block(name)) return;
    if (name == "figcaption") caption();
    flush();
    const auto open = std::find(open_.rbegin(), open_.rend(), name);
    if (open != open_.rend()) open_.erase(open.base() - 1, open_.end());
    if (name == "figure") figure_.reset();
  }

  void text(const HtmlToken& token) {
    using TextMode = HtmlToken::TextMode;
    if (!left_out_.empty() || token.text.empty()) return;
    if (token.text_mode == TextMode::kScript || token.text_mode == TextMode::kRawText) return;
    const SourceText decoded = decode_html(token.text, 0, token.text_mode, false);
    const bool pre = std::find(open_.begin(), open_.end(), "pre") != open_.end();
    for (const char c : decoded.text()) {
      if (pre || !is_space(c)) {
        paragraph_ += c;
      } else if (!paragraph_.empty() && !is_space(paragraph_.back())) {
        paragraph_ += ' ';
      }
    }
  }

  void flush() {
    const std::string_view text = trim(paragraph_);
    if (!text.empty()) (open_.empty() ? loose_ : found_.paragraphs).emplace_back(text);
    paragraph_.clear();
  }

  // The caption of every picture of its figure.
  void caption() {
    for (size_t i = figure_.value_or(found_.images.size()); i < found_.images.size(); ++i) {
      found_.images[i].caption = cut_text(trim(paragraph_), kLongestCaption);
    }
    if (figure_) figure_ = found_.images.size();
  }

  void image(const HtmlToken& tag) {
    const Span span = html_.source(content_.from + tag.span.from, content_.from + tag.span.to);
    const Reference* shown = nullptr;
    const auto first = std::lower_bound(
        references_.begin(), references_.end(), span.from,
        [](const Reference& reference, size_t from) { return reference.span.from < from; });
    for (auto it = first; it != references_.end() && it->span.from < span.to; ++it) {
      const bool is_shown = !it->url.empty() && !it->rejected && it->origin_of.empty();
      if (is_shown && (!shown || rank(*it) < rank(*shown))) shown = &*it;
    }
    if (!shown || rank(*shown) > 2 || is_spacer(tag)) return;
    if (!urls_.insert(shown->url).second) return;
    found_.images.push_back({shown->url, shown->alt, ""});
  }

  // What scripts put in place counts before what stands there until then.
  static int rank(const Reference& reference) {
    if (reference.kind == Kind::kLazyImage) return 0;
    if (reference.kind == Kind::kImage) return 1;
    return reference.kind == Kind::kImageCandidate ? 2 : 3;
  }

  static bool is_spacer(const HtmlToken& tag) {
    for (const std::string_view name : {"width", "height"}) {
      const HtmlAttribute* size = tag.find(name);
      if (size && is_one_of(trim(size->value), {"0", "1", "2", "3"})) return true;
    }
    return false;
  }

  const SourceText& html_;
  Span content_;
  const std::vector<Reference>& references_;
  ArticleContent found_;
  std::vector<std::string> loose_;  // text outside of text blocks
  std::vector<std::string> open_;   // text blocks
  std::string paragraph_;
  std::string left_out_;  // the element whose content is passed over
  size_t left_out_depth_ = 0;
  std::optional<size_t> figure_;  // its first picture
  std::set<std::string> urls_;
};

// " | Site" goes, where the page says that the site is called so.
std::string without_site(std::string title, std::string_view site) {
  if (site.empty() || title.size() <= site.size() || !title.ends_with(site)) return title;
  std::string_view rest = trim(std::string_view(title).substr(0, title.size() - site.size()));
  for (const std::string_view mark :
       {"|", "-", "\xE2\x80\x93", "\xE2\x80\x94", "_", "\xC2\xB7", "\xC2\xBB", ":"}) {
    if (rest.ends_with(mark) && rest.size() > mark.size()) {
      return std::string(trim(rest.substr(0, rest.size() - mark.size())));
    }
  }
  return title;
}

std::string first_of(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    if (!text.empty()) return std::string(text);
  }
  return {};
}

std::string resolved(std::string_view written, const Url& base) {
  if (written.empty()) return {};
  const auto url = Url::parse(written, &base);
  const bool shown = url && (url->is_http() || url->scheme() == base.scheme());
  return shown ? url->href() : std::string();
}

}  // namespace

ArticleContent read_content(const SourceText& html, Span content,
                            const std::vector<Reference>& references) {
  return ContentReader(html, content, references).read();
}

ArticleFacts read_html_article(const SourceText& html, const Url& base,
                               const std::vector<Reference>& references) {
  PageMetadata page = read_page_metadata(html.text());
  ArticleContent content = read_content(html, page.content, references);
  ArticleFacts facts;
  facts.title =
      without_site(first_of({page.headline, page.og_title, page.title, page.h1}), page.site_name);
  facts.author = first_of({page.linked_author, page.author});
  facts.date = parse_date(page.published);
  if (!facts.date) facts.date = parse_date(page.time);
  facts.language = page.language;
  facts.canonical = resolved(page.canonical, base);
  facts.categories = std::move(page.categories);
  facts.images = std::move(content.images);
  facts.lead_image = resolved(page.image, base);
  if (facts.lead_image.empty() && !facts.images.empty()) facts.lead_image = facts.images[0].url;
  facts.text = fmt::format("{}", fmt::join(content.paragraphs, "\n\n"));
  facts.excerpt = page.description;
  if (facts.excerpt.empty() && !content.paragraphs.empty()) {
    facts.excerpt = cut_text(content.paragraphs[0], kLongestExcerpt);
  }
  facts.body = html.source(page.content.from, page.content.to);
  return facts;
}

}  // namespace halftone
