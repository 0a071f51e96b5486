#include <algorithm>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

#include "media/article_html.h"
#include "media/article_text.h"
#include "media/ascii.h"

namespace halftone {
namespace {

using nlohmann::json;

constexpr size_t kLongestLinkedData = 4 * 1024 * 1024;  // of a page
constexpr size_t kMostObjects = 2000;                   // that may be an article
constexpr size_t kMostValues = 100;                     // of one member

// JSON as pages write it: line breaks in strings, commas after the last, comments of HTML and
// JavaScript around it.
std::string mended(std::string_view text) {
  std::string out;
  bool in_string = false;
  size_t comma = std::string::npos;  // one with nothing but blanks after it
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      out += is_control(c) ? ' ' : c;
      if (c == '\\' && i + 1 < text.size()) out += is_control(text[++i]) ? ' ' : text[i];
      in_string = c != '"';
      continue;
    }
    if ((c == ']' || c == '}') && comma != std::string::npos) out.erase(comma, 1);
    if (!is_space(c)) comma = c == ',' ? out.size() : std::string::npos;
    in_string = c == '"';
    out += c;
  }
  return out;
}

// What XHTML marks as characters, within comments of JavaScript or not.
std::string_view without_cdata(std::string_view text) {
  constexpr std::string_view kBegin = "<![CDATA[", kEnd = "]]>";
  const size_t begin = text.find(kBegin);
  const size_t end = text.rfind(kEnd);
  if (begin == text.npos || begin > text.find_first_of("{\"")) return text;
  const size_t from = begin + kBegin.size();
  return text.substr(from, end == text.npos || end < from ? text.npos : end - from);
}

json parsed(std::string_view text) {
  json document = json::parse(text, nullptr, false);
  if (!document.is_discarded()) return document;
  text = without_cdata(text);
  const size_t begin = text.find_first_of("{[");
  const size_t end = text.find_last_of("}]");
  if (begin == text.npos || end == text.npos || end < begin) return document;
  return json::parse(mended(text.substr(begin, end + 1 - begin)), nullptr, false, true);
}

const json* member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::string string_of(const json* value) {
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

// One document of JSON-LD, among those of a page.
class LinkedData {
 public:
  using Named = std::map<std::string, const json*>;

  // Both must outlive it; `named` is filled.
  LinkedData(const json& document, Named& named, PageFacts& facts)
      : document_(document), named_(named), facts_(facts) {
    collect();
  }

  void take() {
    const json* article = nullptr;
    for (const json* object : objects_) {
      if (!article && is_type(*object, {"Article", "Posting", "Report"})) article = object;
      if (is_type(*object, {"WebSite"}))
        facts_.said("ld:website", string_of(member(*object, "name")));
    }
    if (article) return take_article(*article);
    for (const json* object : objects_) {
      if (is_type(*object, {"WebPage", "VideoObject", "ImageGallery", "Recipe", "CreativeWork"})) {
        return take_page(*object);
      }
    }
  }

 private:
  // Every object that may be an article, the outer ones first.
  void collect() {
    std::vector<const json*> found{&document_};
    for (size_t i = 0; i < found.size() && found.size() < kMostObjects; ++i) {
      const json& candidate = *found[i];
      if (candidate.is_array()) {
        for (const json& item : candidate) {
          if (found.size() < kMostObjects) found.push_back(&item);
        }
      }
      if (!candidate.is_object()) continue;
      objects_.push_back(&candidate);
      const std::string id = string_of(member(candidate, "@id"));
      if (!id.empty() && candidate.size() > 1) named_.emplace(id, &candidate);
      for (const char* name : {"@graph", "mainEntity", "mainEntityOfPage"}) {
        const json* inner = member(candidate, name);
        if (inner && inner->is_structured()) found.push_back(inner);
      }
    }
  }

  static bool is_type(const json& object, std::initializer_list<std::string_view> ends) {
    const json* type = member(object, "@type");
    if (!type) return false;
    const auto matches = [&](const json& name) {
      if (!name.is_string()) return false;
      const std::string_view text = name.get_ref<const std::string&>();
      return std::any_of(ends.begin(), ends.end(),
                         [&](std::string_view end) { return text.ends_with(end); });
    };
    return type->is_array() ? std::any_of(type->begin(), type->end(), matches) : matches(*type);
  }

  // What {"@id": "#x"} stands for.
  const json& resolved(const json& value) const {
    if (!value.is_object() || value.size() != 1) return value;
    const auto found = named_.find(string_of(member(value, "@id")));
    return found == named_.end() ? value : *found->second;
  }

  // Strings, or these members of objects, or those of every one of a list.
  void say(const char* source, const json* value, std::initializer_list<const char*> members) {
    if (!value) return;
    const auto one = [&](const json& item) {
      if (item.is_string()) return facts_.said(source, cleaned(source, string_of(&item)));
      const json& object = resolved(item);
      for (const char* name : members) {
        const json* inner = member(object, name);
        if (inner && inner->is_array() && !inner->empty()) inner = &inner->front();
        const std::string text = string_of(inner);
        if (!text.empty()) return facts_.said(source, cleaned(source, text));
      }
    };
    if (!value->is_array()) return one(*value);
    for (size_t i = 0; i < std::min(value->size(), kMostValues); ++i) one((*value)[i]);
  }

  // Scripts hold texts as they stand in the page's HTML.
  static std::string cleaned(std::string_view source, const std::string& text) {
    return source == "ld:articlebody" ? text : clean_text(text, text.size());
  }

  void take_article(const json& object) {
    say("ld:headline", member(object, "headline"), {"@value"});
    say("ld:articlebody", member(object, "articleBody"), {"@value"});
    const json* section = member(object, "articleSection");
    say("ld:articlesection", section, {"name", "@value"});
    take_page(object);
  }

  void take_page(const json& object) {
    say("ld:name", member(object, "name"), {"@value"});
    say("ld:author", member(object, "author"), {"name", "@value"});
    if (!member(object, "author")) say("ld:author", member(object, "creator"), {"name", "@value"});
    say("ld:publisher", member(object, "publisher"), {"name"});
    say("ld:datepublished", member(object, "datePublished"), {"@value"});
    say("ld:datecreated", member(object, "dateCreated"), {"@value"});
    say("ld:uploaddate", member(object, "uploadDate"), {"@value"});
    say("ld:datemodified", member(object, "dateModified"), {"@value"});
    say("ld:image", member(object, "image"), {"url", "contentUrl", "@id"});
    say("ld:thumbnailurl", member(object, "thumbnailUrl"), {"url"});
    say("ld:description", member(object, "description"), {"@value"});
    say("ld:inlanguage", member(object, "inLanguage"), {"alternateName", "name"});
    say("ld:mainentityofpage", member(object, "mainEntityOfPage"), {"url", "@id"});
    say("ld:url", member(object, "url"), {"@id"});
    say("ld:keywords", member(object, "keywords"), {"name", "@value"});
  }

  const json& document_;
  Named& named_;  // of all documents of the page
  PageFacts& facts_;
  std::vector<const json*> objects_;
};

}  // namespace

void take_linked_data(const std::vector<std::string>& scripts, PageFacts& facts) {
  std::vector<json> documents;
  size_t bytes = 0;
  for (const std::string& text : scripts) {
    if (bytes + text.size() > kLongestLinkedData) continue;
    bytes += text.size();
    json document = parsed(text);
    if (document.is_structured()) documents.push_back(std::move(document));
  }
  LinkedData::Named named;
  std::vector<LinkedData> all;
  all.reserve(documents.size());
  for (const json& document : documents) all.emplace_back(document, named, facts);
  for (LinkedData& one : all) one.take();
}

}  // namespace halftone
