#include "media/article.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "media/article_html.h"
#include "media/article_text.h"
#include "media/ascii.h"
#include "media/feed.h"
#include "media/html_references.h"
#include "media/markdown.h"

namespace halftone {
namespace {

constexpr size_t kLongestExcerpt = 4096;  // bytes

// The first of these keys that front matter has a text for.
std::string first_value(const FrontMatter& front_matter,
                        std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const std::string value = front_matter.get(key);
    if (!trim(value).empty()) return std::string(trim(value));
  }
  return {};
}

void set(std::string& fact, std::string value) {
  if (!value.empty()) fact = std::move(value);
}

// The names of one or several people.
std::string authors_in(const FrontMatter& front_matter) {
  for (const std::string_view key :
       {"author", "authors", "author.name", "authors.name", "byline"}) {
    std::vector<std::string> names;
    for (const FrontMatterValue& entry : front_matter.entries) {  // one for each of a list
      if (entry.key == key) names.insert(names.end(), entry.values.begin(), entry.values.end());
    }
    if (!names.empty()) return fmt::format("{}", fmt::join(names, ", "));
  }
  return {};
}

// "tea, milk", in one text.
std::vector<std::string> names_between_commas(std::string_view text) {
  std::vector<std::string> names;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(',', at), text.size());
    names.emplace_back(trim(text.substr(at, end - at)));
    at = end + 1;
  }
  return names;
}

void take_front_matter(const FrontMatter& front_matter, const Url& base, ArticleFacts& facts) {
  const auto url = [&](std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) {
      const std::string value = first_value(front_matter, {key});
      if (value.empty()) continue;
      if (const auto parsed = Url::parse(value, &base)) return parsed->href();
    }
    return std::string();
  };
  set(facts.title, first_value(front_matter, {"title"}));
  set(facts.author, std::string(trim(authors_in(front_matter))));
  set(facts.language, first_value(front_matter, {"lang", "language"}));
  set(facts.excerpt, first_value(front_matter, {"excerpt", "description", "summary"}));
  set(facts.canonical, url({"canonical", "canonical_url", "canonicalURL"}));
  set(facts.lead_image,
      url({"headimg", "thumbnail", "cover", "cover.image", "image", "image.path", "featured_image",
           "feature_image", "og_image", "banner", "index_img", "top_img", "photo"}));
  if (const auto date = front_matter_date(front_matter)) facts.date = date;
  std::vector<std::string> categories;
  for (const std::string_view key :
       {"categories", "category", "taxonomies.categories", "tags", "taxonomies.tags"}) {
    const FrontMatterValue* entry = front_matter.find(key);
    if (!entry) continue;
    const bool words = key == "tags" && !entry->is_list;
    for (const std::string& value : entry->values) {
      for (const std::string& name : words ? names_between_commas(value) : std::vector{value}) {
        const bool is_new =
            std::find(categories.begin(), categories.end(), name) == categories.end();
        if (is_new && !name.empty()) categories.push_back(name);
      }
    }
  }
  if (!categories.empty()) facts.categories = std::move(categories);
}

// A body that is HTML from end to end keeps its place in the document; any other is rendered.
ArticleFacts read_markdown_body(const SourceText& text, size_t body, const Url& base,
                                const Scan& scan) {
  const std::string_view markdown = text.text().substr(body);
  const std::vector<Span> html = find_raw_html(markdown);
  if (html.size() == 1 && html[0].size() == markdown.size()) {
    return read_html_article(text.slice(body, text.text().size()), base, scan.references);
  }
  const std::string rendered = render_markdown(markdown);
  const SourceText page(rendered, 0);
  return read_html_article(page, base, find_html_references(page, base, "UTF-8").references);
}

// What stands before <!-- more --> is the excerpt where nothing says another.
std::string text_before_more(std::string_view markdown, const Url& base) {
  constexpr std::string_view kMarks[] = {"<!-- more -->", "<!--more-->", "<!-- excerpt -->",
                                         "<!-- truncate -->"};
  size_t end = markdown.npos;
  for (const std::string_view mark : kMarks) end = std::min(end, markdown.find(mark));
  if (end == markdown.npos) return {};
  const std::string rendered = render_markdown(markdown.substr(0, end));
  return clean_text(read_html_article(SourceText(rendered, 0), base, {}).text, kLongestExcerpt);
}

}  // namespace

ArticleFacts read_article(std::string_view bytes, DocumentType type, const Url& base,
                          const Scan& scan) {
  const SourceText text = decode(bytes, scan.charset);
  const Url resolved_base = Url::parse(scan.base).value_or(base);
  if (type == DocumentType::kHtml) return read_html_article(text, resolved_base, scan.references);
  if (type != DocumentType::kMarkdown) return {};
  const size_t body = parse_front_matter(text.text()).block.to;
  ArticleFacts facts = read_markdown_body(text, body, resolved_base, scan);
  set(facts.excerpt, text_before_more(text.text().substr(body), resolved_base));
  take_front_matter(scan.front_matter, resolved_base, facts);
  facts.body = text.source(body, text.text().size());
  return facts;
}

void complete_facts(ArticleFacts& facts, const FeedEntry& entry) {
  if (facts.title.empty()) facts.title = clean_text(entry.title, entry.title.size());
  if (facts.author.empty()) facts.author = clean_author(entry.author);
  if (!facts.date) facts.date = entry.date;
  if (facts.categories.empty()) facts.categories = entry.categories;
  if (facts.canonical.empty()) facts.canonical = entry.url;
  if (facts.lead_image.empty() && !entry.images.empty()) facts.lead_image = entry.images[0];
}

}  // namespace halftone
