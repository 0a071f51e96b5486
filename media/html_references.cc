#include "media/html_references.h"

#include <algorithm>
#include <optional>

#include "media/ascii.h"
#include "media/byte_scan.h"
#include "media/css.h"
#include "media/html_context.h"
#include "media/html_findings.h"
#include "media/html_lazy.h"
#include "media/html_places.h"
#include "media/html_scripts.h"
#include "media/html_tag.h"
#include "media/html_tokenizer.h"
#include "media/image_urls.h"
#include "media/json_strings.h"
#include "media/script_strings.h"
#include "media/srcset.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr size_t kLongestAlt = 512;
constexpr size_t kShortestUrl = 7;  // of a string that may be one: //a.b/c
// How many escapes what is found inside of HTML may need beside those of the HTML itself: a
// candidate in an attribute.
constexpr size_t kEscapesWithin = 2;

Escape quoting(const HtmlAttribute& attribute) {
  if (attribute.quote == '"') return Escape::kHtmlDoubleQuoted;
  return attribute.quote == '\'' ? Escape::kHtmlSingleQuoted : Escape::kHtmlUnquoted;
}

// True where a browser has asked for it before it reads on; icons and the manifest wait.
bool asks_at_once(Kind kind, Loading loading) {
  return loading <= Loading::kNearView && kind != Kind::kIcon && kind != Kind::kManifest;
}

bool has_room(const Escapes& escapes) {
  const auto used = std::find(escapes.begin(), escapes.end(), Escape::kNone);
  return static_cast<size_t>(escapes.end() - used) >= kEscapesWithin;
}

// Finds the references of one text of HTML, which may stand inside of another.
class Finder {
 public:
  Finder(HtmlFindings& findings, const SourceText& text, const Escapes& around)
      : findings_(findings),
        text_(text),
        around_(around),
        context_(Loading::kAtOnce),
        tokenizer_(text.text()) {
    document_ = findings_.open_document(0);
  }

  // HTML inside of `outer`, whose text its spans are in. A document of its own has its own <base>.
  Finder(const Finder& outer, const SourceText& text, const Escapes& around, Loading soonest,
         bool is_document)
      : findings_(outer.findings_),
        text_(text),
        outer_(&outer),
        around_(around),
        document_(outer.document_),
        is_document_(is_document),
        context_(soonest),
        tokenizer_(text.text()) {
    if (is_document) document_ = findings_.open_document(outer.document_);
  }

  void run() {
    for (;;) {
      const HtmlToken& token = tokenizer_.next();
      if (token.type == HtmlToken::Type::kEnd || findings_.cut) return;
      if (token.type == HtmlToken::Type::kStartTag) {
        start_tag(token);
      } else if (token.type == HtmlToken::Type::kText) {
        if (in_style_) add_style_text(token);
        if (in_script_ != ScriptType::kOther) add_script_text(token);
      } else if (token.type == HtmlToken::Type::kEndTag) {
        if (image_item_depth_ > 0 && equals_ignoring_case(token.name, image_item_))
          --image_item_depth_;
        in_style_ = false;
        in_script_ = ScriptType::kOther;
        end_tag(token.name);
      }
    }
  }

 private:
  struct Description {
    ReferrerPolicy policy = ReferrerPolicy::kUnset;
    bool policy_counts = false;  // a browser reads it on this element
    bool no_referrer = false;    // rel=noreferrer
    SourceText alt;
  };

  void end_tag(std::string_view name) {
    // Of those that count: noscript, picture, audio, video, template.
    if (name.size() < 5) return;
    const char first = to_lower(name[0]);
    if (first != 'n' && first != 'p' && first != 'a' && first != 'v' && first != 't') return;
    context_.end_tag(find_element(name).role);
  }

  // The bytes of the outermost document.
  Span source(Span span) const {
    const Span outer = text_.source(span.from, span.to);
    return outer_ ? outer_->source(outer) : outer;
  }

  void start_tag(const HtmlToken& token) {
    in_style_ = false;
    in_script_ = ScriptType::kOther;
    const Element element = find_element(token.name);
    if (image_item_depth_ > 0 && equals_ignoring_case(token.name, image_item_)) ++image_item_depth_;
    if (element.role == Role::kNone && token.attributes.empty()) return;
    token_ = &token;
    tag_.read(token);
    element_ = token.name;
    role_ = element.role;
    description_.reset();
    foreign_ = tokenizer_.is_foreign();
    if (role_ != Role::kNone) note_role();
    for (size_t i = 0; i < token.attributes.size(); ++i) {
      const HtmlAttribute& attribute = token.attributes[i];
      if (attribute.duplicate) continue;
      if (attribute.value.empty()) {
        add_empty(attribute);
        continue;
      }
      const Attr attr = tag_.attr(i);
      if (attr == Attr::kItemProp && role_ == Role::kNone) note_item();
      if (attr != Attr::kText) add_attribute(attribute, attr, element.places);
    }
    if (role_ == Role::kImage && context_.in_picture()) finish_picture();
  }

  void note_role() {
    if (role_ == Role::kStyle) in_style_ = !token_->self_closing && is_css();
    if (role_ == Role::kScript) in_script_ = script_type(tag_);
    if (foreign_) return;
    if (role_ == Role::kBase) note_base();
    if (role_ == Role::kMeta) note_policy();
    if (role_ == Role::kPicture) picture_from_ = findings_.references.size();
    context_.start_tag(role_, tag_);
  }

  bool is_css() {
    const HtmlAttribute* type = tag_.find(Attr::kType);
    return type == nullptr || type->value.empty() || equals_ignoring_case(type->value, "text/css");
  }

  // Microdata: <div itemprop=image itemscope><meta itemprop=url content=…></div>.
  void note_item() {
    if (token_->self_closing || token_->find("itemscope") == nullptr) return;
    image_item_depth_ = is_image_item(tag_) ? 1 : 0;
    image_item_ = token_->name;
  }

  bool is_image_url_of_item() {
    return image_item_depth_ > 0 &&
           (tag_.has_word(Attr::kItemProp, "url") || tag_.has_word(Attr::kItemProp, "contenturl"));
  }

  // The first <base> with href counts (WHATWG HTML, 2.4.3), where it is an element of the document
  // while scripts run.
  void note_base() {
    const HtmlAttribute* href = tag_.find(Attr::kHref);
    auto& known = findings_.base(document_);
    if (!href || known || !is_document_ || context_.is_lazy()) return;
    known = decode_value(*href).text();
  }

  void note_policy() {
    const HtmlAttribute* content = tag_.find(Attr::kContent);
    if (outer_ || context_.is_lazy() || !content || !tag_.is(Attr::kName, "referrer")) return;
    const ReferrerPolicy policy = meta_referrer_policy(decode_value(*content).text());
    if (policy != ReferrerPolicy::kUnset) findings_.referrer_policy = policy;
  }

  // An <img> speaks for the <source> elements before it (WHATWG HTML, 4.8.4.3.5).
  void finish_picture() {
    const bool near = tag_.is(Attr::kLoading, "lazy");
    const ReferrerPolicy policy = referrer_policy();
    for (size_t i = picture_from_; i < findings_.references.size(); ++i) {
      Reference& reference = findings_.references[i];
      if (reference.element != "source") continue;
      if (near && reference.loading == Loading::kAtOnce) reference.loading = Loading::kNearView;
      reference.referrer_policy = policy;
    }
    picture_from_ = findings_.references.size();
  }

  void add_attribute(const HtmlAttribute& attribute, Attr attr, std::span<const Place> places) {
    attribute_ = &attribute;
    escapes_ = nested(quoting(attribute), around_);
    if (attr == Attr::kUnknown) return add_lazy();
    if (attr == Attr::kStyle || (attr == Attr::kPresentation && foreign_))
      return add_declarations();
    for (const Place& place : places) {
      if (attr == place.attribute) return add_place(place);
    }
    add_misplaced(attr);
  }

  // An empty link leads to the base without its fragment, and an empty form to the document itself
  // (WHATWG HTML, 4.10.21.3); nothing can be written in their place.
  void add_empty(const HtmlAttribute& attribute) {
    const auto is = [](std::string_view a, std::string_view b) {
      return equals_ignoring_case(a, b);
    };
    const bool form = is(element_, "form") && is(attribute.name, "action");
    const bool link = (is(element_, "a") || is(element_, "area")) && is(attribute.name, "href");
    if (foreign_ || (!form && !link)) return;
    attribute_ = &attribute;
    loading_ = Loading::kNever;
    const Span span{attribute.value_span.from, attribute.value_span.from};
    Reference* added = add_written(form ? Kind::kForm : Kind::kPage, "", span,
                                   nested(quoting(attribute), around_));
    if (added) describe(*added);
  }

  void add_declarations() {
    if (attribute_->value.find('(') == std::string_view::npos &&
        attribute_->value.find_first_of("\\&") == std::string_view::npos) {
      return;
    }
    const SourceText value = decode_value(*attribute_);
    add_css(value, find_css_urls(value.text(), true), escapes_);
  }

  void add_place(const Place& place) {
    const SourceText value = decode_value(*attribute_);
    if (in_template_ && is_filled_in(value.text())) return;
    loading_ = context_.loading(place, role_, tag_, foreign_);
    switch (place.syntax) {
      case Syntax::kUrl:
        add(place.kind, value);
        return;
      case Syntax::kUrls:
        return add_words(place.kind, value);
      case Syntax::kSrcset:
        return add_srcset(place.kind, value, parse_srcset(value.text()));
      case Syntax::kLink: {
        const Asked asked =
            is_image_url_of_item() ? Asked{Kind::kMetadataImage, Loading::kNever} : link_asks(tag_);
        loading_ = std::max(loading_, asked.loading);
        add(asked.kind, value);
        return;
      }
      case Syntax::kMeta:
        return add_meta(value);
      case Syntax::kPlugin:
        add(plugin_kind(trim(value.text())), value);
        return;
      case Syntax::kImageInput:
        if (tag_.is(Attr::kType, "image")) add(place.kind, value);
        return;
      case Syntax::kSrcdoc:
        if (has_room(escapes_)) Finder(*this, value, escapes_, loading_, true).run();
        return;
    }
  }

  // A known attribute where no standard puts it: href in MathML and SVG, src of custom elements.
  void add_misplaced(Attr attr) {
    const bool links = attr == Attr::kHref || attr == Attr::kXlinkHref;
    if (foreign_ && links) {
      if (attribute_->value.starts_with('#')) return;
      loading_ = Loading::kNever;
      add(tokenizer_.is_mathml() ? Kind::kPage : Kind::kOther, decode_value(*attribute_));
    } else if (attr == Attr::kSrc || attr == Attr::kSrcset || attr == Attr::kPoster ||
               attr == Attr::kBackground || attr == Attr::kArtwork) {
      add_lazy();
    }
  }

  void add_meta(const SourceText& value) {
    if (is_image_url_of_item()) {
      add(Kind::kMetadataImage, value);
    } else if (const auto kind = meta_kind(tag_)) {
      add(*kind, value);
    } else if (tag_.is(Attr::kHttpEquiv, "refresh")) {
      const Span url = refresh_url(value.text());
      add(Kind::kPage, value, url.from, url.to);
    }
  }

  // 4.8.6 and 4.8.7: the type attribute says what it is, else the server does; a guess by the name.
  Kind plugin_kind(std::string_view url) {
    const std::string type = tag_.value(Attr::kType);
    if (starts_with_ignoring_case(type, "image/")) return Kind::kImage;
    if (starts_with_ignoring_case(type, "text/html")) return Kind::kPage;
    if (!type.empty()) return Kind::kMedia;
    return has_image_extension(url) ? Kind::kImage : Kind::kMedia;
  }

  void add_words(Kind kind, const SourceText& value) {
    const std::string_view text = value.text();
    for (size_t at = 0; at < text.size() && !findings_.cut;) {
      size_t end = at;
      while (end < text.size() && !is_space(text[end])) ++end;
      add(kind, value, at, end);
      at = end + 1;
    }
  }

  // data-src, data-original, data-logo, data-lazy-srcset, data-bg, zoomfile …: told by the value.
  void add_lazy() {
    // No URL that counts here is without a dot or a slash; references may stand for either.
    const std::string_view written = attribute_->value;
    if (written.size() < 2 ||
        (written.find('/') == written.npos && written.find_first_of(".&?") == written.npos)) {
      return;
    }
    const SourceText value = decode_value(*attribute_);
    const LazyValue found = lazy_value(attribute_->name, value.text());
    const std::string_view text = value.text().substr(found.span.from, found.span.size());
    if (text.empty() || (in_template_ && is_filled_in(text))) return;
    loading_ = std::max(context_.soonest(), Loading::kByScript);
    if (found.in_string) escapes_ = nested(Escape::kJson, escapes_);
    const LazyName name = lazy_name(attribute_->name);
    if (text[0] == '{' || text[0] == '[') return add_json(value, false, escapes_);
    if (text[0] == '<') return name.is_data ? add_markup(value, escapes_) : void();
    if (text.find('(') != text.npos) {
      const auto urls = find_css_urls(value.text(), true);
      if (!urls.empty()) return add_css(value, urls, escapes_, Kind::kLazyImage);
    }
    if (const auto kind = lazy_kind(element_, name, text)) {
      add(*kind, value, found.span.from, found.span.to);
    } else if (!found.in_string &&
               find_any<' ', '\t', '\r', '\n', '\f', ':'>(text, 0) < text.size()) {
      add_lazy_list(name, value);
    }
  }

  // Candidates, or options that hold URLs.
  void add_lazy_list(const LazyName& name, const SourceText& value) {
    const std::string_view text = value.text();
    const Escapes escapes = escapes_;
    const size_t before = findings_.references.size();
    for (const Span& span : lazy_sets(name.name, text)) {
      const SourceText set = value.slice(span.from, span.to);
      auto candidates = parse_srcset(set.text());
      if (!is_lazy_srcset(name.name, set.text(), candidates)) continue;
      add_srcset(Kind::kLazyImage, set, candidates);
      escapes_ = escapes;
    }
    if (findings_.references.size() > before) return;
    for (const LazyOption& option : lazy_options(text)) {
      const Span& at = option.value;
      const auto kind =
          lazy_kind(element_, {option.name, true}, trim(text.substr(at.from, at.size())));
      if (kind) add(*kind, value, at.from, at.to);
    }
  }

  // HTML that a script may put into this document.
  void add_markup(const SourceText& html, const Escapes& around) {
    if (!has_room(around)) return;
    Finder inner(*this, html, around, std::max(context_.soonest(), Loading::kByScript), false);
    inner.in_template_ = true;
    inner.run();
  }

  void add_srcset(Kind kind, const SourceText& value,
                  const std::vector<SrcsetCandidate>& candidates) {
    escapes_ = nested(Escape::kSrcset, escapes_);
    for (const SrcsetCandidate& candidate : candidates) {
      Reference* added = add(kind, value, candidate.url.from, candidate.url.to);
      if (added == nullptr) continue;
      added->descriptor = candidate.descriptor;
      added->rejected = candidate.rejected;
      if (candidate.rejected) added->loading = Loading::kNever;
    }
  }

  void add_style_text(const HtmlToken& token) {
    const SourceText css = decode_html(token.text, origin(token.text), token.text_mode, false);
    const bool decoded = token.text_mode == HtmlToken::TextMode::kData;  // in SVG
    attribute_ = nullptr;
    add_css(css, find_css_urls(css.text()),
            decoded ? nested(Escape::kHtmlDoubleQuoted, around_) : around_);
  }

  // `css` is in this text; `as` overrides the kind that CSS tells.
  void add_css(const SourceText& css, const std::vector<CssUrl>& urls, const Escapes& around,
               std::optional<Kind> as = std::nullopt) {
    loading_ = std::max(context_.soonest(), as ? Loading::kByScript : Loading::kAtOnce);
    for (const CssUrl& url : urls) {
      const Span span = css.source(url.span.from, url.span.to);
      const Kind kind = as.value_or(reference_kind(url));
      Reference* added = add_written(kind, url.value, span, nested(url.escape, around));
      if (!added) continue;
      added->descriptor = url.descriptor;
      added->rejected = url.rejected;
      if (url.rejected) added->loading = Loading::kNever;
    }
  }

  void add_script_text(const HtmlToken& token) {
    attribute_ = nullptr;
    const SourceText script(token.text, origin(token.text));
    const bool classic = in_script_ == ScriptType::kClassic || in_script_ == ScriptType::kModule;
    if (in_script_ == ScriptType::kTemplate) return add_markup(script, around_);
    const bool linked_data = in_script_ == ScriptType::kLinkedData;
    loading_ = std::max(context_.soonest(), linked_data ? Loading::kNever : Loading::kByScript);
    if (!classic) return add_json(script, linked_data, around_);
    for_each_script_string(token.text,
                           [&](const JsonString& string) { add_literal(script, string); });
  }

  // A string of a script may hold what the script reads as JSON: JSON.parse("…").
  void add_literal(const SourceText& script, const JsonString& string) {
    const std::string_view raw = script.text().substr(string.span.from, string.span.size());
    if (raw.size() < kShortestUrl) return;
    if (!holds_json(raw, string.escaped) || holds_markup(raw, string.escaped)) {
      return add_string(script, string, false, around_);
    }
    const Loading loading = loading_;
    add_json(decode_json_string(raw, string.span.from).through(script), false,
             nested(Escape::kJson, around_));
    loading_ = loading;
  }

  // `json` is in this text.
  void add_json(const SourceText& json, bool linked_data, const Escapes& around) {
    size_t image_object = 0;
    for_each_json_string(json.text(), [&](const JsonString& string) {
      if (linked_data && string.key == "@type") {
        const std::string_view type = json.text().substr(string.span.from, string.span.size());
        if (type == "ImageObject") image_object = string.object;
      }
      const bool of_image = linked_data && string.object == image_object && image_object > 0;
      add_string(json, string, linked_data, around, of_image);
    });
  }

  // A string of `text`, which is JSON or a script in this text. `of_image`: it is a member of what
  // linked data calls an image.
  void add_string(const SourceText& text, const JsonString& string, bool linked_data,
                  const Escapes& around, bool of_image = false) {
    const std::string_view raw = text.text().substr(string.span.from, string.span.size());
    if (!linked_data && raw.size() > 16 && holds_markup(raw, string.escaped)) {
      const Loading loading = loading_;
      add_markup(decode_json_string(raw, string.span.from).through(text),
                 nested(Escape::kJson, around));
      loading_ = loading;
      attribute_ = nullptr;
      return;
    }
    const bool absolute =
        !raw.empty() && (to_lower(raw[0]) == 'h' || raw[0] == '/' || raw[0] == '\\');
    if ((!absolute && !linked_data) || raw.find('.') == raw.npos) return;
    const std::string_view url = string.escaped ? decoded(raw) : raw;
    auto kind = json_kind(url, string, linked_data);
    if (!kind && of_image && string.key == "url" && is_absolute_http(url)) {
      kind = Kind::kMetadataImage;
    }
    if (!kind) return;
    const Span span = text.source(string.span.from, string.span.to);
    add_written(*kind, url, span, nested(Escape::kJson, around));
  }

  // Lives until the next call.
  std::string_view decoded(std::string_view json) {
    decoded_.clear();
    append_decoded_json(decoded_, json);
    return decoded_;
  }

  size_t origin(std::string_view text) const {
    return static_cast<size_t>(text.data() - text_.text().data());
  }

  void add(Kind kind, const SourceText& value) { add(kind, value, 0, value.text().size()); }

  // value[from, to) of the current attribute, without the blanks around it; null where nothing is
  // left.
  Reference* add(Kind kind, const SourceText& value, size_t from, size_t to) {
    const std::string_view text = value.text();
    while (from < to && is_space(text[from])) ++from;
    while (from < to && is_space(text[to - 1])) --to;
    if (from >= to) return nullptr;
    Reference* added =
        add_written(kind, text.substr(from, to - from), value.source(from, to), escapes_);
    if (added) describe(*added);
    return added;
  }

  // `span` is in this text. Null once there is no more room.
  Reference* add_written(Kind kind, std::string_view raw, Span span, const Escapes& escapes) {
    Reference* added = findings_.add(document_, asks_at_once(kind, loading_));
    if (added == nullptr) return nullptr;
    Reference& reference = *added;
    if (kind == Kind::kImage && context_.is_lazy()) kind = Kind::kLazyImage;
    reference.kind = unfetched_kind(raw).value_or(kind);
    reference.raw = raw;
    reference.span = source(span);
    reference.escapes = escapes;
    reference.loading = loading_;
    assign_lower(reference.element, element_);
    if (attribute_) assign_lower(reference.attribute, attribute_->name);
    return added;
  }

  static void assign_lower(std::string& out, std::string_view text) {
    out.assign(text);
    for (char& c : out) c = to_lower(c);
  }

  // Puts in what the element itself says about its references.
  void describe(Reference& reference) {
    if (!description_) description_ = read_description();
    const bool leads_away = reference.kind == Kind::kPage || reference.kind == Kind::kForm;
    if (leads_away && description_->no_referrer) {
      reference.referrer_policy = ReferrerPolicy::kNoReferrer;
    } else if (description_->policy_counts || reference.loading == Loading::kByScript) {
      reference.referrer_policy = description_->policy;
    }
    if (!description_->alt.text().empty()) {
      reference.alt = utf8_head(description_->alt.text(), kLongestAlt);
    }
  }

  ReferrerPolicy referrer_policy() {
    const HtmlAttribute* policy = tag_.find(Attr::kReferrerPolicy);
    if (policy == nullptr) return ReferrerPolicy::kUnset;
    return referrer_policy_from_string(lower_case(trim(decode_value(*policy).text())));
  }

  // Referrer Policy, 4.2: which elements take the attribute.
  Description read_description() {
    Description read;
    read.policy = referrer_policy();
    const bool link = role_ == Role::kNone && (equals_ignoring_case(element_, "a") ||
                                               equals_ignoring_case(element_, "area"));
    read.policy_counts = link || role_ == Role::kImage || role_ == Role::kFrame ||
                         role_ == Role::kLink || role_ == Role::kScript;
    read.no_referrer = tag_.has_word(Attr::kRel, "noreferrer");
    if (const HtmlAttribute* alt = tag_.find(Attr::kAlt)) {
      read.alt = decode_value(*alt);
    }
    return read;
  }

  HtmlFindings& findings_;
  const SourceText& text_;
  const Finder* outer_ = nullptr;
  Escapes around_{};  // what everything in this text is written in
  size_t document_ = 0;
  bool is_document_ = true;
  bool in_template_ = false;  // markup that a script may fill in
  HtmlContext context_;
  HtmlTokenizer tokenizer_;

  const HtmlToken* token_ = nullptr;
  std::string_view element_;
  Role role_ = Role::kNone;
  bool foreign_ = false;  // the element is SVG's or MathML's
  HtmlTag tag_;
  std::optional<Description> description_;  // of the tag, once it is asked for
  const HtmlAttribute* attribute_ = nullptr;
  Escapes escapes_{};                   // of the current attribute
  Loading loading_ = Loading::kAtOnce;  // of what is added next
  size_t picture_from_ = 0;             // the first reference of the <picture>
  std::string_view image_item_;         // the element whose microdata are an image's
  size_t image_item_depth_ = 0;         // open elements of that name from it on; 0: none
  std::string decoded_;                 // a string of JSON
  bool in_style_ = false;
  ScriptType in_script_ = ScriptType::kOther;
};

}  // namespace

HtmlReferences find_html_references(const SourceText& html, const Url& document_url,
                                    std::string_view charset, const Escapes& around) {
  HtmlFindings findings(html.text().size());
  Finder(findings, html, around).run();
  return std::move(findings).resolved(document_url, charset);
}

}  // namespace halftone
