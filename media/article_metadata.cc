#include <initializer_list>

#include <nlohmann/json.hpp>

#include "media/article_html.h"
#include "media/ascii.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

using nlohmann::json;

constexpr size_t kLongestText = 4096;  // of one fact
constexpr size_t kLongestLinkedData = 1024 * 1024;
constexpr size_t kMostCategories = 100;

// `text` with its blanks made single spaces.
std::string collapsed(std::string_view text) {
  if (text.size() > kLongestText) {  // at the begin of a character
    size_t end = kLongestText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end);
  }
  std::string out;
  for (const char c : trim(text)) {
    if (!is_space(c)) {
      out += c;
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
  return out;
}

std::string value_of(const HtmlToken& tag, std::string_view name) {
  const HtmlAttribute* attribute = tag.find(name);
  return attribute ? collapsed(decode_value(*attribute).text()) : std::string();
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

void set_first(std::string& fact, std::string_view value) {
  if (fact.empty()) fact = value;
}

void add_category(std::vector<std::string>& categories, std::string_view name) {
  if (name.empty() || categories.size() >= kMostCategories) return;
  if (std::find(categories.begin(), categories.end(), name) == categories.end()) {
    categories.emplace_back(name);
  }
}

// Reads head and structure of a page.
class MetadataReader {
 public:
  explicit MetadataReader(std::string_view html) : html_(html), tokenizer_(html) {}

  PageMetadata read() && {
    for (;;) {
      in_picture_ = tokenizer_.in_foreign_content();
      const HtmlToken& token = tokenizer_.next();
      if (token.type == HtmlToken::Type::kEnd) break;
      if (token.type == HtmlToken::Type::kStartTag) start(token);
      if (token.type == HtmlToken::Type::kEndTag) end(token);
      if (token.type == HtmlToken::Type::kText) text(token);
    }
    if (article_depth_ > 0) close_article(html_.size());
    metadata_.h1 = collapsed(h1_);
    metadata_.title = collapsed(metadata_.title);
    metadata_.content = content();
    return std::move(metadata_);
  }

 private:
  void start(const HtmlToken& tag) {
    const std::string name = lower_case(tag.name);
    in_linked_data_ = false;
    in_title_ = name == "title" && !in_picture_;
    if (name == "html") set_first(metadata_.language, value_of(tag, "lang"));
    if (name == "meta") meta(tag);
    if (name == "link" && lower_case(value_of(tag, "rel")) == "canonical") {
      set_first(metadata_.canonical, value_of(tag, "href"));
    }
    if (name == "time") set_first(metadata_.time, value_of(tag, "datetime"));
    if (name == "h1" && h1_.empty()) in_h1_ = true;
    if (name == "script") {
      in_linked_data_ = lower_case(value_of(tag, "type")) == "application/ld+json";
    }
    if (name == "body" && body_.to == 0) body_ = {tag.span.to, html_.size()};
    if (name == "main" && main_.to == 0) main_ = {tag.span.to, html_.size()};
    if (name == "article" && article_depth_++ == 0) article_from_ = tag.span.to;
  }

  void end(const HtmlToken& tag) {
    const std::string name = lower_case(tag.name);
    in_linked_data_ = in_title_ = false;
    if (name == "h1") in_h1_ = false;
    if (name == "body" && body_.to != 0) body_.to = tag.span.from;
    if (name == "main" && main_.to == html_.size()) main_.to = tag.span.from;
    if (name == "article" && article_depth_ > 0 && --article_depth_ == 0) {
      close_article(tag.span.from);
    }
  }

  // Of several articles in a page the longest is the one it is about.
  void close_article(size_t to) {
    if (to - article_from_ > article_.size()) article_ = {article_from_, to};
  }

  void text(const HtmlToken& token) {
    if (in_linked_data_) return take_linked_data(token.text, metadata_);
    const bool wanted = (in_title_ && metadata_.title.empty()) || in_h1_;
    if (!wanted) return;
    const SourceText decoded = decode_html(token.text, 0, token.text_mode, false);
    if (in_title_) metadata_.title = decoded.text();
    if (in_h1_ && h1_.size() < kLongestText) h1_ += decoded.text();
  }

  void meta(const HtmlToken& tag) {
    const std::string value = value_of(tag, "content");
    if (value.empty()) return;
    for (const std::string_view attribute : {"property", "name", "itemprop"}) {
      const std::string name = lower_case(value_of(tag, attribute));
      if (!name.empty()) said(name, value);
    }
  }

  void said(std::string_view name, const std::string& value) {
    if (is_one_of(name, {"og:title", "twitter:title"})) set_first(metadata_.og_title, value);
    if (name == "og:site_name") set_first(metadata_.site_name, value);
    if (is_one_of(name, {"author", "article:author", "dc.creator"}) &&
        !starts_with_ignoring_case(value, "http")) {
      set_first(metadata_.author, value);
    }
    if (is_one_of(name, {"article:published_time", "datepublished", "date", "pubdate",
                         "publishdate", "publish_date", "parsely-pub-date", "dc.date",
                         "og:published_time", "og:release_date"})) {
      set_first(metadata_.published, value);
    }
    if (is_one_of(name, {"article:section", "article:tag"})) {
      add_category(metadata_.categories, value);
    }
    if (is_one_of(name, {"og:image", "og:image:url", "og:image:secure_url", "twitter:image",
                         "twitter:image:src"})) {
      set_first(metadata_.image, value);
    }
    if (is_one_of(name, {"description", "og:description", "twitter:description"})) {
      set_first(metadata_.description, value);
    }
    if (name == "og:url") og_url_ = value;
  }

  Span content() {
    set_first(metadata_.canonical, og_url_);
    if (article_.size() > 0) return article_;
    if (main_.size() > 0) return main_;
    return body_.size() > 0 ? body_ : Span{0, html_.size()};
  }

  std::string_view html_;
  HtmlTokenizer tokenizer_;
  PageMetadata metadata_;
  std::string h1_, og_url_;
  bool in_title_ = false, in_h1_ = false, in_linked_data_ = false;
  bool in_picture_ = false;  // the token stands in SVG or MathML
  size_t article_depth_ = 0, article_from_ = 0;
  Span article_, main_, body_;
};

// A string, or the `member` of an object, or that of the first of a list.
std::string text_in(const json& value, const char* member) {
  if (value.is_string()) return collapsed(value.get_ref<const std::string&>());
  if (value.is_array() && !value.empty() && !value.front().is_array()) {
    return text_in(value.front(), member);
  }
  if (!value.is_object()) return {};
  const auto found = value.find(member);
  if (found == value.end() || !found->is_string()) return {};
  return collapsed(found->get_ref<const std::string&>());
}

bool is_article(const json& object) {
  const auto type = object.find("@type");
  if (type == object.end()) return false;
  const std::string name = text_in(*type, "");
  return name.ends_with("Article") || name.ends_with("Posting") || name == "Report";
}

void take_article(const json& object, PageMetadata& metadata) {
  const auto get = [&](const char* name, const char* member) {
    const auto found = object.find(name);
    return found == object.end() ? std::string() : text_in(*found, member);
  };
  set_first(metadata.headline, get("headline", ""));
  set_first(metadata.linked_author, get("author", "name"));
  if (const std::string date = get("datePublished", ""); !date.empty()) metadata.published = date;
  if (const std::string image = get("image", "url"); !image.empty()) metadata.image = image;
  set_first(metadata.description, get("description", ""));
  const auto section = object.find("articleSection");
  if (section == object.end()) return;
  if (section->is_string()) add_category(metadata.categories, text_in(*section, ""));
  if (!section->is_array()) return;
  for (const json& name : *section) add_category(metadata.categories, text_in(name, ""));
}

}  // namespace

PageMetadata read_page_metadata(std::string_view html) { return MetadataReader(html).read(); }

void take_linked_data(std::string_view text, PageMetadata& metadata) {
  if (text.size() > kLongestLinkedData) return;
  const json document = json::parse(text, nullptr, false);
  std::vector<const json*> candidates{&document};
  for (size_t i = 0; i < candidates.size(); ++i) {
    const json& candidate = *candidates[i];
    if (candidate.is_array()) {
      for (const json& item : candidate) candidates.push_back(&item);
    } else if (candidate.is_object()) {
      if (is_article(candidate)) return take_article(candidate, metadata);
      const auto graph = candidate.find("@graph");
      if (graph != candidate.end()) candidates.push_back(&*graph);
    }
  }
}

}  // namespace halftone
