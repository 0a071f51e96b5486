// The vocabulary of feeds: elements by one name each, whatever prefix a feed gives them, and the
// places in them where URLs stand.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/reference.h"
#include "media/xml_tokenizer.h"

namespace halftone {

// Names elements as their modules' specifications do: "media:content", "dc:date", and "item" for
// what RSS and Atom define. Lower case.
class FeedNames {
 public:
  // Takes the declarations of a start tag, which hold until leave(depth).
  void enter(const XmlToken& tag, size_t depth);
  void leave(size_t depth);

  // A prefix that is bound to nothing we know keeps its name.
  std::string name(std::string_view written) const;

 private:
  struct Binding {
    size_t depth;
    std::string prefix;
    std::string_view name;
  };
  std::vector<Binding> bindings_;
};

// What an element's content is for.
enum class FeedField {
  kTitle,
  kOtherTitle,  // of a module; counts where there is no other
  kLink,        // RSS; Atom has it in an attribute
  kId,
  kGuid,
  kPublished,
  kUpdated,
  kModuleDate,
  kCategory,
  kAuthor,  // "name" in an author, and RSS's own
  kCreator,
  kHtml,
  kUrl,  // a URL, in words that only say what it is
};

struct FieldRule {
  std::string_view element;
  FeedField field;
  Kind kind = Kind::kOther;  // kUrl: what it asks for
};

// Null: the element is none whose content we know.
const FieldRule* field_rule(std::string_view element);

// How the value of an attribute is judged.
enum class FeedUrl {
  kPlain,
  kTyped,   // an enclosure: by "type" and "medium"
  kLink,    // Atom's link: by "rel" and "type"
  kSource,  // Atom's content that stands elsewhere: by "type"
  kSrcset,
  kAvatar,  // an image of a person
};

struct AttributeRule {
  std::string_view element, attribute;
  FeedUrl how;
  Kind kind;
};

std::span<const AttributeRule> attribute_rules(std::string_view element);

// `type` and `medium` as an enclosure has them (RSS 2.0, Media RSS), else the URL's extension.
Kind enclosure_kind(std::string_view type, std::string_view medium, std::string_view url);

// RFC 4287, 4.2.7.2, RFC 5005, WebSub and what else is in use.
Kind link_kind(std::string_view rel, std::string_view type, std::string_view url);

// The attribute of that lower-case name, however it is capitalised; null where there is none.
const XmlAttribute* find_attribute(const XmlToken& tag, std::string_view name);
// Its value, decoded; empty where there is none.
std::string attribute_text(const XmlToken& tag, std::string_view name);

}  // namespace halftone
