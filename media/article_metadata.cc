#include <algorithm>
#include <optional>

#include "media/article_elements.h"
#include "media/article_html.h"
#include "media/article_text.h"
#include "media/ascii.h"
#include "media/html_tag.h"
#include "media/html_tokenizer.h"

namespace halftone {
namespace {

constexpr size_t kMostCaptures = 16;    // at once
constexpr size_t kMostScopes = 64;      // of microdata, one inside the other
constexpr size_t kLongestValue = 4096;  // bytes
constexpr size_t kLongestName = 200;    // of a person or a tag
constexpr size_t kMostHeadings = 20;
constexpr size_t kMostScripts = 100;

std::string value_of(const HtmlToken& tag, std::string_view name) {
  const HtmlAttribute* attribute = tag.find(name);
  return attribute ? plain_text(decode_value(*attribute).text(), kLongestValue) : std::string();
}

// What a class says: "entry-date published" has the word "published".
bool has_class_word(const HtmlToken& tag, std::initializer_list<std::string_view> wanted) {
  const HtmlAttribute* attribute = tag.find("class");
  if (!attribute) return false;
  bool found = false;
  for_each_name_word(attribute->value.substr(0, kLongestName), [&](std::string_view word) {
    for (const std::string_view name : wanted) found = found || equals_ignoring_case(word, name);
  });
  return found;
}

// Words that an element holds and that its end completes.
struct Capture {
  std::string element;
  size_t depth = 1;  // of elements of that name
  std::string source;
  TextGatherer text;
};

// An item of microdata.
struct Scope {
  std::string element;
  size_t depth = 1;
  std::string property;  // what it is of the item around it
  bool counts = true;    // an article, or a part of one
};

class MetadataReader {
 public:
  MetadataReader(std::string_view html, const std::vector<size_t>& moments, PageFacts& facts)
      : tokenizer_(html), moments_(moments), facts_(facts) {}

  void read() && {
    for (;;) {
      foreign_ = tokenizer_.in_foreign_content();
      const HtmlToken& token = tokenizer_.next();
      if (token.type == HtmlToken::Type::kEnd) break;
      if (token.type == HtmlToken::Type::kStartTag) start(token);
      if (token.type == HtmlToken::Type::kEndTag) end(lower_case(token.name));
      if (token.type == HtmlToken::Type::kText) text(token);
    }
    for (Capture& capture : captures_) finish(capture);
    take_linked_data(linked_data_, facts_);
    if (!is_wechat_) return;
    for (const ScriptFact& fact : script_facts_) facts_.said(fact.source, fact.value);
  }

 private:
  void start(const HtmlToken& tag) {
    const std::string name = lower_case(tag.name);
    in_linked_data_ = name == "script" && is_linked_data(tag);
    if (foreign_) return;
    if (!is_void_element(name)) deepen(name);
    if (name == "html") facts_.said("html:lang", language_of(tag));
    if (name == "meta") return meta(tag);
    if (name == "link") link(tag);
    if (name == "title" && !has_title_) capture(name, "title");
    if (name == "h1" && headings_ < kMostHeadings) {
      ++headings_;
      capture(name, "h1");
    }
    if (name == "h2" && headings_ < kMostHeadings) {
      ++headings_;
      capture(name, "h2");
    }
    if (name == "time" && is_moment(tag)) time(tag);
    if (tag.attributes.empty()) return;
    if (name == "abbr" && is_moment(tag) && has_class_word(tag, {"published"})) {
      facts_.said("time:published", value_of(tag, "title"));  // hAtom
    }
    if (const HtmlAttribute* id = tag.find("id"))
      is_wechat_ = is_wechat_ || id->value == "publish_time" || id->value == "js_content";
    if (name == "a" && has_word(lower_case(value_of(tag, "rel")), "author"))
      capture(name, "rel:author");
    if (name == "a" && has_word(lower_case(value_of(tag, "rel")), "tag")) capture(name, "rel:tag");
    if (name != "a" && has_class_word(tag, {"author", "byline"})) capture(name, "class:author");
    property(tag, name);
  }

  bool is_moment(const HtmlToken& tag) const {
    return std::binary_search(moments_.begin(), moments_.end(), tag.span.from);
  }

  static std::string language_of(const HtmlToken& tag) {
    const std::string language = value_of(tag, "lang");
    return language.empty() ? value_of(tag, "xml:lang") : language;
  }

  static bool is_linked_data(const HtmlToken& script) {
    const std::string type = lower_case(value_of(script, "type"));
    return type.substr(0, type.find(';')) == "application/ld+json";
  }

  void meta(const HtmlToken& tag) {
    const std::string value = clean_text(value_of(tag, "content"), kLongestValue);  // twice encoded
    if (value.empty()) return;
    for (const std::string_view attribute : {"property", "name", "http-equiv"}) {
      const std::string names = lower_case(value_of(tag, attribute));
      if (names.empty()) continue;
      facts_.said(names == "title" ? "meta:title" : normal(names), value);
    }
    if (const HtmlAttribute* property = tag.find("itemprop")) property_said(*property, value);
  }

  // "DCTERMS:created", "dc.date.issued" and "dcterms.created" are written in all ways.
  static std::string normal(std::string name) {
    for (const std::string_view prefix : {"dc:", "dcterms:"}) {
      if (name.starts_with(prefix)) name[prefix.size() - 1] = '.';
    }
    return name;
  }

  void link(const HtmlToken& tag) {
    if (has_word(lower_case(value_of(tag, "rel")), "canonical"))
      facts_.said("rel:canonical", value_of(tag, "href"));
    if (has_word(lower_case(value_of(tag, "rel")), "image_src"))
      facts_.said("rel:image_src", value_of(tag, "href"));
  }

  void time(const HtmlToken& tag) {
    const bool published =
        tag.find("pubdate") || has_class_word(tag, {"published", "publish", "pubdate", "posted"});
    const bool modified = !published && has_class_word(tag, {"updated", "modified"});
    const char* source = published ? "time:published" : modified ? "time:modified" : "time";
    const std::string moment = value_of(tag, "datetime");
    if (!moment.empty()) {
      facts_.said(source, moment);
    } else {
      capture("time", source);
    }
  }

  // Microdata, and RDFa Lite with the same vocabulary.
  void property(const HtmlToken& tag, const std::string& name) {
    const HtmlAttribute* property = tag.find("itemprop");
    if (!property) property = tag.find("property");
    const bool opens = tag.find("itemscope") || tag.find("typeof");
    if (property && !opens) {
      const std::string value = attribute_value(tag, name);
      if (!value.empty()) {
        property_said(*property, value);
      } else if (!is_void_element(name)) {
        capture(name, source_of(trim(property->value)));
      }
    }
    if (opens && !is_void_element(name)) open_scope(tag, name, property);
  }

  static std::string attribute_value(const HtmlToken& tag, std::string_view name) {
    for (const std::string_view attribute : {"content", "datetime"}) {
      const std::string value = value_of(tag, attribute);
      if (!value.empty()) return value;
    }
    if (name == "img") return value_of(tag, "src");
    if (name == "abbr") return value_of(tag, "title");
    return name == "link" ? value_of(tag, "href") : std::string();
  }

  void property_said(const HtmlAttribute& property, std::string_view value) {
    facts_.said(source_of(trim(property.value)), value);
  }

  // "itemprop:author" for the name of an author of the article; empty where it is of no concern.
  std::string source_of(std::string_view property) const {
    std::string name = lower_case(property.substr(0, kLongestName));
    name = name.substr(name.rfind(':') + 1);
    if (!scopes_.empty()) {
      const Scope& scope = scopes_.back();
      if (!scope.counts) return {};
      if (scope.property == "image" && name == "url") return "itemprop:image";
      if (!scope.property.empty() && name != "name") return {};
      if (!scope.property.empty()) name = scope.property;
    } else if (name == "name" || name == "url") {
      return {};
    }
    return "itemprop:" + name;
  }

  void open_scope(const HtmlToken& tag, const std::string& name, const HtmlAttribute* property) {
    if (scopes_.size() >= kMostScopes) return;
    Scope scope;
    scope.element = name;
    if (property) scope.property = lower_case(trim(property->value.substr(0, kLongestName)));
    scope.property = scope.property.substr(scope.property.rfind(':') + 1);
    const std::string type =
        value_of(tag, "itemtype").empty() ? value_of(tag, "typeof") : value_of(tag, "itemtype");
    const std::string_view last = std::string_view(type).substr(type.find_last_of("/:#") + 1);
    const bool article = last.ends_with("Article") || last.ends_with("Posting") ||
                         last == "WebPage" || last == "CreativeWork" || last == "Report";
    // A page's main entity is the article itself, not a part of it.
    if (article) scope.property.clear();
    const bool part = scope.property == "author" || scope.property == "publisher" ||
                      scope.property == "image" || scope.property == "creator";
    scope.counts = (article || part) && (scopes_.empty() || scopes_.back().counts);
    scopes_.push_back(std::move(scope));
  }

  void capture(const std::string& element, std::string source) {
    if (source.empty() || captures_.size() >= kMostCaptures) return;
    captures_.push_back({element, 1, std::move(source), {}});
  }

  void deepen(const std::string& name) {
    for (Capture& capture : captures_) capture.depth += capture.element == name;
    if (!scopes_.empty()) scopes_.back().depth += scopes_.back().element == name;
  }

  void end(const std::string& name) {
    in_linked_data_ = false;
    for (size_t i = 0; i < captures_.size();) {
      Capture& capture = captures_[i];
      const bool ends = capture.element == name && --capture.depth == 0;
      if (!ends) {
        ++i;
        continue;
      }
      finish(capture);
      captures_.erase(captures_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (!scopes_.empty() && scopes_.back().element == name && --scopes_.back().depth == 0) {
      scopes_.pop_back();
    }
  }

  void finish(Capture& capture) {
    const std::string text = plain_text(capture.text.take(), kLongestValue);
    const bool name =
        capture.source.find("author") != std::string::npos || capture.source == "rel:tag";
    if (name && text.size() > kLongestName) return;
    if (capture.source == "title" && !text.empty()) has_title_ = true;
    facts_.said(capture.source, text);
  }

  void text(const HtmlToken& token) {
    using TextMode = HtmlToken::TextMode;
    if (in_linked_data_) {
      if (linked_data_.size() < kMostScripts) linked_data_.emplace_back(token.text);
      return;
    }
    if (token.text_mode == TextMode::kScript && script_facts_.size() < kMostScripts) {
      for (ScriptFact& fact : facts_in_script(token.text)) script_facts_.push_back(std::move(fact));
    }
    if (captures_.empty() || foreign_ || token.text.empty()) return;
    if (token.text_mode == TextMode::kScript || token.text_mode == TextMode::kRawText) return;
    const SourceText decoded =
        decode_html(token.text.substr(0, kLongestValue), 0, token.text_mode, false);
    for (Capture& capture : captures_) {
      if (capture.text.size() < kLongestValue) capture.text.add(decoded.text(), false);
    }
  }

  HtmlTokenizer tokenizer_;
  const std::vector<size_t>& moments_;
  PageFacts& facts_;
  bool foreign_ = false;  // the token stands in SVG or MathML
  bool in_linked_data_ = false, has_title_ = false, is_wechat_ = false;
  std::vector<std::string> linked_data_;
  std::vector<ScriptFact> script_facts_;
  size_t headings_ = 0;
  std::vector<Capture> captures_;
  std::vector<Scope> scopes_;
};

}  // namespace

void read_page_metadata(std::string_view html, const std::vector<size_t>& moments,
                        PageFacts& facts) {
  MetadataReader(html, moments, facts).read();
}

}  // namespace halftone
