// What single elements of an XML feed say: their attributes and their content, as facts and
// references. How elements stand in each other is feed_xml.cc's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/feed_builder.h"
#include "media/feed_words.h"

namespace halftone {

// Where an element stands.
struct FeedPlace {
  enum class In { kEntry, kFeed, kOther };  // directly
  In in = In::kOther;
  std::string parent;  // its name
  Url base;
  bool has_base = false;  // there is an xml:base
};

// An element whose content is being read.
struct OpenField {
  enum class Markup { kEscaped, kXhtml, kNone };

  const FieldRule& rule;
  std::string_view written;  // its name
  FeedPlace place;
  FeedText text;
  bool counts = true;      // false: its attributes have said everything
  bool permalink = false;  // a guid that is said to be one
  Markup markup = Markup::kEscaped;
  TitleMarkup title = TitleMarkup::kNone;
  size_t nested = 0;  // elements of its own name that are open in it
};

class FeedElements {
 public:
  // All must outlive this. `document` is the decoded text of the feed.
  FeedElements(const SourceText& document, std::string_view charset, FeedBuilder& builder)
      : document_(document), charset_(charset), builder_(builder) {}

  void add_attributes(const XmlToken& tag, std::string_view name, const FeedPlace& place);
  OpenField begin_field(const FieldRule& rule, const XmlToken& tag, FeedPlace place) const;
  void add_to_field(OpenField& field, const XmlToken& token) const;
  void end_field(OpenField& field);
  // The text of an element that we know nothing else of.
  void add_leaf(const FeedText& text, std::string_view written, std::string_view name,
                const Url& base);

 private:
  void add_attribute(const XmlToken& tag, const XmlAttribute& attribute, const AttributeRule& rule,
                     const FeedPlace& place);
  void add_unknown(const XmlToken& tag, const Url& base);
  void add_link(const XmlToken& tag, const XmlAttribute& attribute, const FeedPlace& place);
  void add_srcset(const XmlToken& tag, const XmlAttribute& attribute, const Url& base);
  Reference* add(Kind kind, const XmlToken& tag, const XmlAttribute& attribute, const Url& base,
                 bool shows = true);
  void add_url(Kind kind, const FeedText& text, std::string_view element, const Url& base);
  void take_fact(const OpenField& field, std::string_view text);
  void take_link(const OpenField& field, std::string_view text);
  void take_author(const OpenField& field, std::string_view text);

  const SourceText& document_;
  std::string_view charset_;
  FeedBuilder& builder_;
};

}  // namespace halftone
