#include "media/feed_elements.h"

#include <algorithm>
#include <utility>

#include "media/ascii.h"
#include "media/image_urls.h"
#include "media/srcset.h"
#include "media/xml_text.h"

namespace halftone {
namespace {

void set_first(std::string& field, std::string_view text) {
  if (field.empty()) field = short_text(text);
}

// The first counts, and one for every reader before one in a language or format of its own.
void set_alternate(FeedDraft& entry, std::string_view url, bool is_special) {
  if (!entry.alternate.empty() && (is_special || !entry.alternate_is_special)) return;
  entry.alternate = short_text(url);
  entry.alternate_is_special = is_special;
}

// RSS 2.0 has "lawyer@boyer.net (Lawyer Boyer)".
std::string_view author_name(std::string_view text) {
  const size_t open = text.find('(');
  const bool mail = text.substr(0, open).find('@') != text.npos;
  if (!mail || open == text.npos || !text.ends_with(')')) return text;
  return trim(text.substr(open + 1, text.size() - open - 2));
}

// Atom 1.0, 3.1.1 and 4.1.3.3; Atom 0.3 says it in "type" and "mode". Where nothing is said, a
// reader looks for HTML.
OpenField::Markup content_markup(const XmlToken& tag) {
  const std::string type = lower_case(attribute_text(tag, "type"));
  const std::string mode = lower_case(attribute_text(tag, "mode"));
  if (mode == "base64" || type == "text" || type == "plain" || type == "text/plain") {
    return OpenField::Markup::kNone;
  }
  if (type == "xhtml" || type.ends_with("+xml") || type.ends_with("/xml") || mode == "xml") {
    return OpenField::Markup::kXhtml;
  }
  const bool other = type.find('/') != type.npos && type != "text/html";
  return other ? OpenField::Markup::kNone : OpenField::Markup::kEscaped;
}

TitleMarkup title_markup(const XmlToken& tag, Feed::Type feed) {
  const std::string type = lower_case(attribute_text(tag, "type"));
  if (type == "html" || type == "text/html") return TitleMarkup::kHtml;
  const bool plain = feed == Feed::Type::kAtom || type == "text" || type == "plain";
  return plain ? TitleMarkup::kNone : TitleMarkup::kLoose;
}

Kind source_kind(std::string_view type) {
  if (type.starts_with("image/")) return Kind::kImage;
  const bool media = type.starts_with("audio/") || type.starts_with("video/");
  return media ? Kind::kMedia : Kind::kPage;
}

bool is_one_url(std::string_view text) {
  return is_absolute_http(text) && text.find_first_of(" \t\r\n") == text.npos;
}

}  // namespace

// ---- attributes

void FeedElements::add_attributes(const XmlToken& tag, std::string_view name,
                                  const FeedPlace& place) {
  const auto rules = attribute_rules(name);
  for (const AttributeRule& rule : rules) {
    const XmlAttribute* attribute = find_attribute(tag, rule.attribute);
    if (attribute) add_attribute(tag, *attribute, rule, place);
  }
  if (rules.empty()) add_unknown(tag, place.base);
  if (place.in != FeedPlace::In::kEntry) return;
  FeedDraft& entry = *builder_.entry();
  if (name == "itunes:category") entry.add_category(attribute_text(tag, "text"));
  if (name != "category") return;
  const std::string label = attribute_text(tag, "label");
  entry.add_category(label.empty() ? attribute_text(tag, "term") : label);
}

void FeedElements::add_attribute(const XmlToken& tag, const XmlAttribute& attribute,
                                 const AttributeRule& rule, const FeedPlace& place) {
  const std::string type = lower_case(attribute_text(tag, "type"));
  switch (rule.how) {
    case FeedUrl::kPlain:
      add(rule.kind, tag, attribute, place.base);
      if (rule.attribute == "rdf:about" && builder_.entry()) {
        set_first(builder_.entry()->about, decode_value(attribute, document_).text());
      }
      return;
    case FeedUrl::kAvatar:
      add(rule.kind, tag, attribute, place.base, false);
      return;
    case FeedUrl::kTyped: {
      const std::string medium = lower_case(attribute_text(tag, "medium"));
      const Kind kind =
          enclosure_kind(type, medium, trim(decode_value(attribute, document_).text()));
      add(kind, tag, attribute, place.base);
      return;
    }
    case FeedUrl::kSource:
      add(source_kind(type), tag, attribute, place.base);
      return;
    case FeedUrl::kLink:
      return add_link(tag, attribute, place);
    case FeedUrl::kSrcset:
      return add_srcset(tag, attribute, place.base);
  }
}

void FeedElements::add_link(const XmlToken& tag, const XmlAttribute& attribute,
                            const FeedPlace& place) {
  const std::string rel = lower_case(attribute_text(tag, "rel"));
  const std::string type = lower_case(attribute_text(tag, "type"));
  const SourceText value = decode_value(attribute, document_);
  const Kind kind = link_kind(rel, type, trim(value.text()));
  add(kind, tag, attribute, place.base);
  // RFC 4287, 4.2.7.2: without "rel" it is an alternate.
  if (kind != Kind::kPage || (!rel.empty() && rel != "alternate")) return;
  const auto url = Url::parse(value.text(), &place.base, charset_);
  if (!url) return;
  if (place.in == FeedPlace::In::kEntry) {
    const bool is_special =
        find_attribute(tag, "hreflang") != nullptr || (!type.empty() && type != "text/html");
    set_alternate(*builder_.entry(), url->href(), is_special);
  }
  if (place.in == FeedPlace::In::kFeed) builder_.set_home(url->href(), place.base);
}

void FeedElements::add_srcset(const XmlToken& tag, const XmlAttribute& attribute, const Url& base) {
  const SourceText value = decode_value(attribute, document_);
  for (const SrcsetCandidate& candidate : parse_srcset(value.text())) {
    const SourceText url = value.slice(candidate.url.from, candidate.url.to);
    Reference* added = builder_.add(Kind::kImageCandidate, url,
                                    {Escape::kSrcset, quoting(attribute)}, base, false);
    if (!added) continue;
    added->element = lower_case(tag.name);
    added->attribute = lower_case(attribute.name);
    added->descriptor = candidate.descriptor;
    added->rejected = candidate.rejected;
  }
}

// Of elements that we do not know, only what is beyond doubt.
void FeedElements::add_unknown(const XmlToken& tag, const Url& base) {
  for (const std::string_view name : {"url", "href", "src", "resource"}) {
    const XmlAttribute* attribute = find_attribute(tag, name);
    if (!attribute) continue;
    const SourceText value = decode_value(*attribute, document_);
    const std::string_view url = trim(value.text());
    if (!is_one_url(url)) continue;
    if (has_image_extension(url)) add(Kind::kImage, tag, *attribute, base);
    if (has_media_extension(url)) add(Kind::kMedia, tag, *attribute, base);
  }
}

Reference* FeedElements::add(Kind kind, const XmlToken& tag, const XmlAttribute& attribute,
                             const Url& base, bool shows) {
  Reference* added =
      builder_.add(kind, decode_value(attribute, document_), {quoting(attribute)}, base, shows);
  if (!added) return nullptr;
  added->element = lower_case(tag.name);
  added->attribute = lower_case(attribute.name);
  return added;
}

// ---- content

OpenField FeedElements::begin_field(const FieldRule& rule, const XmlToken& tag,
                                    FeedPlace place) const {
  OpenField field{rule, tag.name, std::move(place), FeedText(document_.text())};
  if (rule.field == FeedField::kTitle) field.title = title_markup(tag, builder_.feed().type);
  if (rule.field == FeedField::kOtherTitle) field.title = TitleMarkup::kLoose;
  if (rule.field == FeedField::kHtml) field.markup = content_markup(tag);
  if (rule.field == FeedField::kLink) field.counts = find_attribute(tag, "href") == nullptr;
  if (rule.field == FeedField::kGuid) {
    const std::string said = lower_case(attribute_text(tag, "ispermalink"));
    field.permalink = said == "true";
    field.counts = said != "false";
  }
  return field;
}

void FeedElements::add_to_field(OpenField& field, const XmlToken& token) const {
  if (field.rule.field != FeedField::kHtml) return field.text.add_text_of(token);
  if (field.markup == OpenField::Markup::kEscaped) field.text.add(token);
  if (field.markup == OpenField::Markup::kXhtml) field.text.add_xhtml(token);
}

void FeedElements::end_field(OpenField& field) {
  if (field.text.empty()) return;
  if (field.rule.field == FeedField::kHtml) {
    const auto base = field.place.has_base ? std::optional(field.place.base) : std::nullopt;
    return builder_.add_content(field.text.located(document_), base);
  }
  const std::string_view text = trim(field.text.text());
  if (field.rule.field == FeedField::kLink || field.rule.field == FeedField::kGuid ||
      field.rule.field == FeedField::kUrl) {
    take_link(field, text);
  } else if (field.rule.field == FeedField::kAuthor) {
    take_author(field, text);
  } else {
    take_fact(field, text);
  }
}

void FeedElements::take_fact(const OpenField& field, std::string_view text) {
  FeedDraft* entry = field.place.in == FeedPlace::In::kEntry ? builder_.entry() : nullptr;
  if (field.rule.field == FeedField::kTitle && field.place.in == FeedPlace::In::kFeed) {
    set_first(builder_.feed().title, plain_title(text, field.title));
  }
  if (!entry) return;
  switch (field.rule.field) {
    case FeedField::kTitle:
      return set_first(entry->facts.title, plain_title(text, field.title));
    case FeedField::kOtherTitle:
      return set_first(entry->other_title, plain_title(text, field.title));
    case FeedField::kId:
      return set_first(entry->facts.id, text);
    case FeedField::kPublished:
      return set_first(entry->published, text);
    case FeedField::kUpdated:
      return set_first(entry->updated, text);
    case FeedField::kModuleDate:
      return set_first(entry->module_date, text);
    case FeedField::kCategory:
      return entry->add_category(plain_title(text, TitleMarkup::kLoose));
    case FeedField::kCreator:
      return set_first(entry->creator, plain_title(text, TitleMarkup::kLoose));
    default:
      return;
  }
}

void FeedElements::take_author(const OpenField& field, std::string_view text) {
  const std::string name = plain_title(author_name(text), TitleMarkup::kLoose);
  if (field.place.in == FeedPlace::In::kEntry) set_first(builder_.entry()->facts.author, name);
  if (field.place.in == FeedPlace::In::kFeed) builder_.set_author(short_text(name));
}

void FeedElements::take_link(const OpenField& field, std::string_view text) {
  FeedDraft* entry = field.place.in == FeedPlace::In::kEntry ? builder_.entry() : nullptr;
  const FeedField what = field.rule.field;
  if (what == FeedField::kGuid && entry) set_first(entry->facts.id, text);
  if (!field.counts) return;
  if (what == FeedField::kGuid) {
    if (!field.permalink && !is_one_url(text)) return;
    if (entry) set_first(entry->permalink, text);
  }
  if (what == FeedField::kLink) {
    if (entry) set_first(entry->link, text);
    if (field.place.in == FeedPlace::In::kFeed) builder_.set_home(text, field.place.base);
  }
  if (field.rule.element == "feedburner:origlink" && entry) set_first(entry->original, text);
  Kind kind = what == FeedField::kUrl ? field.rule.kind : Kind::kPage;
  if (field.rule.element == "url" && field.place.parent == "image") kind = Kind::kImage;
  if (what == FeedField::kLink && field.place.parent == "textinput") kind = Kind::kForm;
  add_url(kind, field.text, field.written, field.place.base);
}

void FeedElements::add_url(Kind kind, const FeedText& text, std::string_view element,
                           const Url& base) {
  const FeedContent content = text.located(document_);
  const std::string_view all = content.html.text();
  const std::string_view value = trim(all);
  const auto from = static_cast<size_t>(value.data() - all.data());
  const auto escape = content.escape_of(content.html.source(from, from + value.size()));
  if (value.empty() || !escape) return;
  Reference* added = builder_.add(kind, content.html, {*escape}, base);
  if (added) added->element = lower_case(element);
}

void FeedElements::add_leaf(const FeedText& text, std::string_view written, std::string_view name,
                            const Url& base) {
  const std::string_view url = trim(text.text());
  if (!is_one_url(url)) return;
  const auto rules = attribute_rules(name);
  const bool is_image = !rules.empty() && rules.front().kind == Kind::kImage;
  if (is_image || has_image_extension(url)) {
    add_url(Kind::kImage, text, written, base);
  } else if (has_media_extension(url)) {
    add_url(Kind::kMedia, text, written, base);
  }
}

}  // namespace halftone
