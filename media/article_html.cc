#include "media/article_html.h"

#include <algorithm>
#include <optional>

#include <fmt/ranges.h>

#include "media/article_content.h"
#include "media/article_moments.h"
#include "media/article_outline.h"
#include "media/article_pictures.h"
#include "media/article_text.h"
#include "media/ascii.h"

namespace halftone {
namespace {

constexpr size_t kLongestExcerpt = 300;  // bytes
constexpr size_t kMostCategories = 100;
constexpr size_t kLongestCategory = 200;
constexpr size_t kShownByScript = 500;  // a page of less text may hold it in JSON-LD alone

std::string resolved(std::string_view written, const Url& base) {
  if (written.empty()) return {};
  const auto url = Url::parse(written, &base);
  const bool shown = url && (url->is_http() || url->scheme() == base.scheme());
  return shown ? url->href() : std::string();
}

// The names that the most trusted source has; of the others the first name that is one.
std::string author_of(const PageFacts& facts) {
  std::vector<std::string> names;
  for (const std::string& text : facts.all_of_best(Fact::kAuthor)) {
    std::string name = clean_author(text);
    const bool is_new = std::find(names.begin(), names.end(), name) == names.end();
    if (!name.empty() && is_new) names.push_back(std::move(name));
  }
  for (const std::string& text : facts.all(Fact::kAuthor)) {
    if (!names.empty()) break;
    if (std::string name = clean_author(text); !name.empty()) names.push_back(std::move(name));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// The most trusted one that is a date.
std::optional<Time> date_of(const PageFacts& facts) {
  for (const std::string& text : facts.all(Fact::kDate)) {
    if (const auto date = parse_date(text)) return date;
    if (const auto date = find_date(text)) return date;
  }
  return std::nullopt;
}

void add_category(std::vector<std::string>& categories, std::string_view name) {
  name = trim_blanks(name);
  if (name.starts_with('#')) name.remove_prefix(1);
  if (name.empty() || name.size() > kLongestCategory || categories.size() >= kMostCategories)
    return;
  const bool is_new = std::none_of(categories.begin(), categories.end(), [&](const auto& other) {
    return equals_ignoring_case(other, name);
  });
  if (is_new) categories.emplace_back(name);
}

// "tea, coffee；milk": one text for several words.
void add_list(std::vector<std::string>& categories, std::string_view text) {
  while (!text.empty()) {
    size_t end = text.size(), next = text.size();
    for (const std::string_view mark : {",", ";", "，", "、", "；", "|"}) {
      const size_t at = text.substr(0, end).find(mark);
      if (at < end) {
        end = at;
        next = at + mark.size();
      }
    }
    add_category(categories, text.substr(0, end));
    text.remove_prefix(next);
  }
}

std::vector<std::string> categories_of(const PageFacts& facts) {
  std::vector<std::string> categories;
  for (const std::string& section : facts.all(Fact::kSection)) add_category(categories, section);
  const auto tags = facts.all_of_best(Fact::kTag);
  const bool single = tags.size() == 1;
  for (const std::string& tag : tags)
    single ? add_list(categories, tag) : add_category(categories, tag);
  return categories;
}

// "en_US" as BCP 47 writes it.
std::string language_of(const PageFacts& facts) {
  std::string language = facts.best(Fact::kLanguage);
  std::replace(language.begin(), language.end(), '_', '-');
  return language.substr(0, language.find_first_of(",; "));
}

// The first that is no logo; failing that the first.
std::string lead_image_of(const PageFacts& facts, const Url& base,
                          const std::vector<ArticleImage>& images) {
  std::string any;
  const auto better = [&](const std::string& url) {
    if (url.empty()) return false;
    if (any.empty()) any = url;
    return !is_logo_url(url);
  };
  for (const std::string& written : facts.all(Fact::kLeadImage)) {
    const std::string url = resolved(written, base);
    if (better(url)) return url;
  }
  for (const ArticleImage& image : images) {
    if (better(image.url)) return image.url;
  }
  return any;
}

// What the address says: /2022/01/21/ or /20220121/.
void take_url_date(const Url& url, PageFacts& facts) {
  const std::string path = url.pathname().substr(0, 1024);
  std::vector<std::string> parts;
  for (size_t at = 1; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  const auto is_number = [](std::string_view text, size_t least, size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), is_digit);
  };
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool year =
        is_number(parts[i], 4, 4) && (parts[i].starts_with("19") || parts[i].starts_with("20"));
    if (year && i + 2 < parts.size() && is_number(parts[i + 1], 1, 2) &&
        is_number(parts[i + 2], 1, 2)) {
      facts.said("url:date", parts[i] + '-' + parts[i + 1] + '-' + parts[i + 2]);
    }
    const bool basic =
        is_number(parts[i], 8, 8) && (parts[i].starts_with("19") || parts[i].starts_with("20"));
    if (basic) facts.said("url:date", parts[i]);
    const bool dashed = parts[i].size() >= 10 && parts[i][4] == '-' && parts[i][7] == '-';
    if (dashed && parse_date(parts[i].substr(0, 10)))
      facts.said("url:date", parts[i].substr(0, 10));
  }
}

void take_lines_near_title(const Outline& outline, const ArticleContent& content,
                           const std::vector<uint32_t>& dated, PageFacts& facts) {
  for (const uint32_t i : content.near_title) {
    const std::string& line = outline.blocks[i].text;
    const bool own = std::binary_search(dated.begin(), dated.end(), i);
    if (const auto date = own ? find_date(line) : std::nullopt)
      facts.said("text:date", to_iso8601(*date));
    facts.said("text:byline", byline_in(line));
  }
}

// The description; else the first paragraph that says something.
std::string excerpt_of(const PageFacts& facts, const Outline& outline,
                       const ArticleContent& content) {
  std::string excerpt = facts.best(Fact::kExcerpt);
  if (!excerpt.empty()) return excerpt;
  const OutlineBlock* first = nullptr;
  for (const uint32_t i : content.blocks) {
    const OutlineBlock& block = outline.blocks[i];
    if (block.text.empty() || block.kind == OutlineBlock::Kind::kHeading) continue;
    if (!first) first = &block;
    if (block.kind != OutlineBlock::Kind::kCaption && has_sentence_marks(block.text)) {
      return cut_text(block.text, kLongestExcerpt);
    }
  }
  return first ? cut_text(first->text, kLongestExcerpt) : std::string();
}

// The paragraphs of an articleBody, which may be HTML.
std::string text_in_data(const std::string& body) {
  std::string html;
  for (const char c : body) {
    if (c == '\n') html += "<br><br>";
    html += c;
  }
  const SourceText text(html, 0);
  const Outline outline = read_outline(text, {});
  ArticleContent all;
  for (uint32_t i = 0; i < outline.blocks.size(); ++i) all.blocks.push_back(i);
  return text_of(outline, all);
}

}  // namespace

ArticleFacts read_html_article(const SourceText& html, const Url& base,
                               const std::vector<Reference>& references) {
  PageFacts page;
  const Outline outline = read_outline(html, references);
  const ArticleContent content = choose_content(outline);
  const ArticleMoments moments = moments_of(outline, content);
  read_page_metadata(html.text(), moments.tags, page);
  take_lines_near_title(outline, content, moments.lines, page);
  take_url_date(base, page);
  ArticleFacts facts;
  facts.title = page_title(page, base.hostname());
  facts.author = author_of(page);
  facts.date = date_of(page);
  facts.language = language_of(page);
  facts.canonical = resolved(page.best(Fact::kCanonical), base);
  facts.categories = categories_of(page);
  facts.images = images_of(outline, content);
  facts.lead_image = lead_image_of(page, base, facts.images);
  facts.text = text_of(outline, content);
  const std::string body = page.best(Fact::kText);
  if (facts.text.size() < kShownByScript && body.size() > 2 * facts.text.size()) {
    facts.text = text_in_data(body);
  }
  facts.excerpt = excerpt_of(page, outline, content);
  facts.body = html.source(content.body.from, content.body.to);
  return facts;
}

}  // namespace halftone
