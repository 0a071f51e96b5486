#include "media/xml_references.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "media/ascii.h"
#include "media/css.h"
#include "media/html_references.h"
#include "media/reference_list.h"
#include "media/utf8.h"
#include "media/xml_places.h"
#include "media/xml_text.h"
#include "media/xml_tokenizer.h"

namespace halftone {
namespace {

// Every relative reference is resolved against a base, so a long one costs that much each time.
constexpr size_t kLongestBase = 2048;
constexpr size_t kLongestAlt = 512;
constexpr size_t kMostBases = 64;  // inside one another
// How far up an end tag looks for its element, in markup that does not nest.
constexpr size_t kFarthestStart = 16;

// Elements that HTML ends at their end tags alone, where XML says "/>".
bool is_raw_in_html(std::string_view name) {
  constexpr std::string_view kNames[] = {"iframe", "noembed", "noframes", "noscript", "plaintext",
                                         "script", "style",   "title",    "textarea", "xmp"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view known) { return equals_ignoring_case(name, known); });
}

// HTML's way to write attributes is not always XML's.
Escapes in_xml(Escapes escapes) {
  for (Escape& escape : escapes) {
    if (escape == Escape::kHtmlDoubleQuoted) escape = Escape::kXmlDoubleQuoted;
    if (escape == Escape::kHtmlSingleQuoted) escape = Escape::kXmlSingleQuoted;
  }
  return escapes;
}

class Finder {
 public:
  Finder(const SourceText& xml, const Url& document_url, std::string_view charset)
      : xml_(xml), charset_(charset), list_(document_url, charset), style_(xml) {
    bases_.push_back(document_url);
  }

  std::vector<Reference> find() && {
    using Type = XmlToken::Type;
    XmlTokenizer tokenizer(xml_.text());
    while (!list_.is_full()) {
      const XmlToken& token = tokenizer.next();
      if (token.type == Type::kEnd) break;
      if (in_html()) {
        follow_html(token);
      } else if (token.type == Type::kStartTag) {
        start_tag(token);
      } else if (token.type == Type::kEndTag) {
        end_tag(token);
      } else if (token.type == Type::kInstruction) {
        add_instruction(token);
      } else if (in_style_) {
        style_.add(token);
      }
    }
    end_style();
    if (in_html()) add_html(xml_.text().size());
    return std::move(list_).take();
  }

 private:
  struct Open {
    std::string_view name;
    bool has_base;
  };

  const Url& base() const { return bases_.back(); }

  void start_tag(const XmlToken& tag) {
    end_style();
    element_ = lower_case(tag.name);
    tag_ = &tag;
    const std::string_view local = local_name(element_);
    if (!has_root_) in_svg_ = local == "svg";
    has_root_ = true;
    const bool has_base = !in_svg_ && open_base();
    const XmlAttribute* space = tag.find("xmlns");
    const bool is_html = space && space->value == "http://www.w3.org/1999/xhtml";
    if (!is_html) add_attributes(local);
    if (is_html || (local == "foreignobject" && !tag.self_closing)) {
      return begin_html(tag, is_html ? tag.span.from : tag.span.to, has_base);
    }
    in_style_ = local == "style" && !tag.self_closing && is_css(tag);
    if (!tag.self_closing) {
      open_.push_back({tag.name, has_base});
    } else if (has_base) {
      bases_.pop_back();
    }
  }

  void end_tag(const XmlToken& tag) {
    end_style();
    const size_t lowest = open_.size() - std::min(open_.size(), kFarthestStart);
    for (size_t at = open_.size(); at > lowest; --at) {
      if (open_[at - 1].name != tag.name) continue;
      while (open_.size() >= at) close_element();
      return;
    }
  }

  void close_element() {
    if (open_.back().has_base) bases_.pop_back();
    open_.pop_back();
  }

  // XML Base, 3: what the element says counts for its own attributes as well. Browsers pass it over
  // in SVG (SVG 2, appendix "Changes": xml:base was removed).
  bool open_base() {
    const XmlAttribute* written = tag_->find("xml:base");
    if (!written || bases_.size() >= kMostBases) return false;
    auto url = Url::parse(trim(decode_xml(written->value, 0).text()), &base());
    if (!url || url->href().size() > kLongestBase) return false;
    bases_.push_back(std::move(*url));
    return true;
  }

  static bool is_css(const XmlToken& style) {
    const XmlAttribute* type = style.find("type");
    return !type || type->value.empty() || equals_ignoring_case(trim(type->value), "text/css");
  }

  void add_attributes(std::string_view element) {
    const bool has_href = tag_->find("href") != nullptr;
    for (const XmlAttribute& attribute : tag_->attributes) {
      if (attribute.value.empty() || attribute.name.starts_with("xmlns")) continue;
      const std::string name = lower_case(local_name(attribute.name));
      if (name == "style" || is_presentation_attribute(name)) {
        add_css(attribute);
      } else if (Reference* added = add_value(attribute, element, name)) {
        describe(*added, attribute);
        // SVG 2, 16.1.1: xlink:href is ignored beside href.
        added->rejected = has_href && name == "href" && attribute.name != "href";
      }
    }
  }

  Reference* add_value(const XmlAttribute& attribute, std::string_view element,
                       std::string_view name) {
    const XmlPlace* place = find_xml_place(element, name);
    if (!place && !is_url_attribute(name)) return nullptr;
    const SourceText value = decode_value(attribute, xml_);
    const auto kind = place ? std::optional(place->kind) : kind_by_look(name, trim(value.text()));
    if (!kind) return nullptr;
    Reference* added = list_.add(*kind, value, {quoting(attribute)}, &base());
    if (added) added->loading = place ? place->loading : Loading::kNever;
    return added;
  }

  void describe(Reference& reference, const XmlAttribute& attribute) const {
    reference.element = element_;
    reference.attribute = lower_case(attribute.name);
    const XmlAttribute* loading = tag_->find("loading");
    if (loading && reference.loading == Loading::kAtOnce &&
        equals_ignoring_case(loading->value, "lazy")) {
      reference.loading = Loading::kNearView;
    }
    if (const XmlAttribute* policy = tag_->find("referrerpolicy")) {
      reference.referrer_policy = referrer_policy_from_string(trim(policy->value));
    }
    if (const XmlAttribute* alt = tag_->find("alt")) {
      reference.alt = decode_xml(utf8_head(alt->value, kLongestAlt), 0).text();
    }
  }

  void add_css(const XmlAttribute& attribute) {
    if (attribute.value.find('(') == attribute.value.npos) return;
    const SourceText css = decode_value(attribute, xml_);
    const Escapes around{quoting(attribute)};
    for (const CssUrl& url : find_css_urls(css.text(), true)) {
      const Span span = css.source(url.span.from, url.span.to);
      Reference* added = add_css_url(url, span, nested(url.escape, around));
      if (added) added->attribute = lower_case(attribute.name);
    }
  }

  Reference* add_css_url(const CssUrl& url, Span span, const Escapes& escapes) {
    Reference* added = list_.add(reference_kind(url), url.value, span, escapes, &base());
    if (!added) return nullptr;
    added->element = element_;
    added->descriptor = url.descriptor;
    return added;
  }

  void end_style() {
    if (!in_style_) return;
    in_style_ = false;
    const SourceText css = style_.text();
    for (const CssUrl& url : find_css_urls(css.text())) {
      const auto escape = style_.escape(url.span.from, url.span.to);
      if (!escape) continue;
      add_css_url(url, css.source(url.span.from, url.span.to), {url.escape, *escape});
    }
    style_.clear();
  }

  // Associating Style Sheets with XML documents 1.0, 3 and 4.
  void add_instruction(const XmlToken& instruction) {
    if (instruction.name != "xml-stylesheet") return;
    const auto name = static_cast<size_t>(instruction.name.data() - xml_.text().data());
    const std::string tag = fmt::format("<{}{}>", instruction.name, instruction.text);
    XmlTokenizer pseudo_attributes(tag);
    const XmlToken& parsed = pseudo_attributes.next();
    const XmlAttribute* href = parsed.find("href");
    if (!href) return;
    const XmlAttribute* alternate = parsed.find("alternate");
    const bool applied = !alternate || alternate->value != "yes";
    // "<" stands where the instruction has "?", a byte before its name.
    const SourceText value =
        decode_xml(href->value, name - 1 + href->value_span.from).through(xml_);
    Reference* added =
        list_.add(applied ? Kind::kStylesheet : Kind::kOther, value, {quoting(*href)});
    if (!added) return;
    added->element = "xml-stylesheet";
    added->attribute = "href";
    if (!applied) added->loading = Loading::kNever;
  }

  bool in_html() const { return !html_name_.empty(); }

  // From `from` on up to the element's end: HTML.
  void begin_html(const XmlToken& tag, size_t from, bool has_base) {
    html_has_base_ = has_base;
    html_name_ = tag.name;
    html_from_ = from;
    html_depth_ = 1;
    if (tag.self_closing) end_html(tag.span.to);
  }

  void follow_html(const XmlToken& token) {
    const bool same = token.name == html_name_;
    if (token.type == XmlToken::Type::kStartTag) {
      if (same && !token.self_closing) ++html_depth_;
      if (token.self_closing && is_raw_in_html(token.name)) add_html(token.span.to);
    } else if (token.type == XmlToken::Type::kEndTag && same && --html_depth_ == 0) {
      end_html(token.span.from);
    }
  }

  void end_html(size_t to) {
    add_html(to);
    html_name_ = {};
    if (html_has_base_) bases_.pop_back();
    html_has_base_ = false;
  }

  // The HTML up to `to`.
  void add_html(size_t to) {
    const SourceText html = xml_.slice(html_from_, to);
    html_from_ = to;
    auto found = find_html_references(html, base(), charset_).references;
    for (Reference& reference : found) reference.escapes = in_xml(reference.escapes);
    list_.append(std::move(found));
  }

  const SourceText& xml_;
  std::string_view charset_;
  ReferenceList list_;
  std::vector<Url> bases_;  // the document's, and of each open element with xml:base
  std::vector<Open> open_;

  std::string element_;  // lower case
  const XmlToken* tag_ = nullptr;
  bool has_root_ = false, in_svg_ = false;  // the root is <svg>
  bool in_style_ = false;
  XmlText style_;

  std::string_view html_name_;  // of the element whose content is HTML; empty outside of one
  size_t html_from_ = 0, html_depth_ = 0;
  bool html_has_base_ = false;
};

}  // namespace

std::vector<Reference> find_xml_references(const SourceText& xml, const Url& document_url,
                                           std::string_view charset) {
  return Finder(xml, document_url, charset).find();
}

}  // namespace halftone
