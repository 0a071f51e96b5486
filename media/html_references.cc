#include "media/html_references.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "media/ascii.h"
#include "media/css.h"
#include "media/html_places.h"
#include "media/html_tokenizer.h"
#include "media/image_urls.h"
#include "media/json_strings.h"
#include "media/srcset.h"
#include "media/utf8.h"

namespace halftone {
namespace {

// A document of more references than this is an attack; what follows is passed over.
constexpr size_t kMostReferences = 200'000;
constexpr size_t kLongestAlt = 512;
// Every relative reference is resolved against the base, so a long one costs that much each time.
constexpr size_t kLongestBase = 2048;

// What is found in a document and in the srcdoc documents inside it. URLs are resolved in the end,
// when every <base> is known.
struct Findings {
  std::vector<Reference> references;
  std::vector<size_t> documents;                  // of each reference; 0 is the outermost
  std::vector<std::optional<std::string>> bases;  // <base href> of each document
  ReferrerPolicy referrer_policy = ReferrerPolicy::kUnset;
};

Escape quoting(const HtmlAttribute& attribute) {
  if (attribute.quote == '"') return Escape::kHtmlDoubleQuoted;
  return attribute.quote == '\'' ? Escape::kHtmlSingleQuoted : Escape::kHtmlUnquoted;
}

// W3C Referrer Policy, 8.2, and the older names of WHATWG HTML, 4.2.5.1.
ReferrerPolicy meta_referrer_policy(std::string_view content) {
  const std::string token = lower_case(trim(content));
  if (token == "never") return ReferrerPolicy::kNoReferrer;
  if (token == "default") return ReferrerPolicy::kStrictOriginWhenCrossOrigin;
  if (token == "always") return ReferrerPolicy::kUnsafeUrl;
  if (token == "origin-when-crossorigin") return ReferrerPolicy::kOriginWhenCrossOrigin;
  return referrer_policy_from_string(token);
}

// Where the URL stands in <meta http-equiv=refresh content="5; url='…'"> (WHATWG HTML, "shared
// declarative refresh steps"); empty where there is none.
Span refresh_url(std::string_view content) {
  size_t at = content.find_first_not_of("0123456789.", content.find_first_not_of(" \t\n\f\r"));
  at = content.find_first_not_of(" \t\n\f\r;,", at);
  if (at == content.npos) return {};
  if (starts_with_ignoring_case(content.substr(at), "url")) {
    const size_t equals = content.find_first_not_of(" \t\n\f\r", at + 3);
    if (equals != content.npos && content[equals] == '=') {
      at = content.find_first_not_of(" \t\n\f\r", equals + 1);
      if (at == content.npos) return {};
    }
  }
  const char quote = content[at];
  if (quote != '"' && quote != '\'') return {at, content.size()};
  return {at + 1, std::min(content.find(quote, at + 1), content.size())};
}

// True where every candidate of a data-* value reads as one of a srcset; URLs that look like any
// word do only where the attribute is named so.
bool is_srcset(std::string_view name, std::string_view value,
               const std::vector<SrcsetCandidate>& candidates) {
  const bool named = lower_case(name).ends_with("srcset");
  bool described = false;
  for (const SrcsetCandidate& candidate : candidates) {
    const std::string_view url = value.substr(candidate.url.from, candidate.url.size());
    const bool url_like = named || is_absolute_http(url) || has_image_extension(url);
    if (candidate.rejected || !url_like) return false;
    described = described || !candidate.descriptor.empty();
  }
  return described;
}

// True for scripts that do nothing but assign JSON: window.__STATE__ = {…
bool assigns_state(std::string_view script) {
  script = trim(script).substr(0, 256);
  const size_t equals = script.find('=');
  if (equals == script.npos) return false;
  for (const char c : script.substr(0, equals)) {
    const bool named = is_alnum(c) || is_space(c);
    if (!named && std::string_view("_$.[]\"'").find(c) == std::string_view::npos) return false;
  }
  script = trim(script.substr(equals + 1));
  return script.starts_with('{') || script.starts_with('[');
}

// What a string in JSON asks for; nothing where it is no image.
std::optional<Kind> json_kind(std::string_view url, const JsonString& string, bool linked_data) {
  if (url.find_first_of(" \t\r\n<>") != url.npos) return std::nullopt;
  const bool in_image = string.key == "url" && names_an_image(string.container_key);
  bool image_key = in_image;
  for (const std::string_view key : {"image", "thumbnailurl", "logo", "contenturl"}) {
    image_key = image_key || (linked_data && equals_ignoring_case(string.key, key));
  }
  // In state, "src" alone may be a script's or a frame's.
  if (!linked_data) image_key = image_key || (string.key != "src" && names_an_image(string.key));
  const Kind kind = linked_data ? Kind::kMetadataImage : Kind::kStateImage;
  if (has_image_extension(url)) {
    return is_absolute_http(url) || (linked_data && image_key) ? std::optional(kind) : std::nullopt;
  }
  if (!image_key || !is_absolute_http(url) || has_text_extension(url)) return std::nullopt;
  return has_media_extension(url) ? Kind::kMedia : kind;
}

// Finds the references of one document, which may stand in an attribute of another.
class Finder {
 public:
  Finder(Findings& findings, const SourceText& text, const Escapes& around)
      : findings_(findings), text_(text), around_(around) {
    findings_.bases.emplace_back();
  }
  Finder(const Finder& outer, const SourceText& text, Escape escape)
      : findings_(outer.findings_),
        text_(text),
        outer_(&outer),
        around_(nested(escape, outer.around_)),
        document_(findings_.bases.size()) {
    findings_.bases.emplace_back();
  }

  void run() {
    HtmlTokenizer tokenizer(text_.text());
    for (;;) {
      const HtmlToken& token = tokenizer.next();
      if (token.type == HtmlToken::Type::kEnd) return;
      if (token.type == HtmlToken::Type::kStartTag) {
        start_tag(token);
      } else if (token.type == HtmlToken::Type::kText) {
        if (in_style_) add_style_text(token);
        if (in_script_ != Script::kOther) add_script_text(token);
      } else if (token.type == HtmlToken::Type::kEndTag) {
        end_tag(token);
      }
    }
  }

 private:
  enum class Script { kOther, kLinkedData, kJson, kClassic };

  struct Description {
    ReferrerPolicy policy = ReferrerPolicy::kUnset;
    bool no_referrer = false;  // rel=noreferrer
    std::string alt;
  };

  // The bytes of the outermost document.
  Span source(Span span) const {
    const Span outer = text_.source(span.from, span.to);
    return outer_ ? outer_->source(outer) : outer;
  }

  void start_tag(const HtmlToken& tag) {
    element_.assign(tag.name);
    for (char& c : element_) c = to_lower(c);
    tag_ = &tag;
    description_.reset();
    in_style_ = false;
    in_script_ = Script::kOther;
    if (element_ == "style") in_style_ = !tag.self_closing && is_css(tag);
    if (element_ == "script") in_script_ = script_type(tag);
    if (element_ == "noscript") in_noscript_ = true;
    if (element_ == "base") note_base(tag);
    if (element_ == "meta") note_policy(tag);
    const auto places = places_in(element_);
    for (const HtmlAttribute& attribute : tag.attributes) {
      if (!attribute.duplicate && !attribute.value.empty()) add_attribute(attribute, places);
    }
  }

  void end_tag(const HtmlToken& tag) {
    in_style_ = false;
    in_script_ = Script::kOther;
    if (equals_ignoring_case(tag.name, "noscript")) in_noscript_ = false;
  }

  static bool is_css(const HtmlToken& style) {
    const HtmlAttribute* type = style.find("type");
    return type == nullptr || type->value.empty() || equals_ignoring_case(type->value, "text/css");
  }

  static Script script_type(const HtmlToken& script) {
    const HtmlAttribute* type = script.find("type");
    if (type == nullptr || type->value.empty()) return Script::kClassic;
    const SourceText value = decode_value(*type);
    const std::string_view essence = trim(value.text().substr(0, value.text().find(';')));
    if (equals_ignoring_case(essence, "application/ld+json")) return Script::kLinkedData;
    if (equals_ignoring_case(essence, "application/json")) return Script::kJson;
    return equals_ignoring_case(essence, "text/javascript") ? Script::kClassic : Script::kOther;
  }

  // The first <base> with href counts (WHATWG HTML, 2.4.3).
  void note_base(const HtmlToken& base) {
    const HtmlAttribute* href = base.find("href");
    auto& known = findings_.bases[document_];
    if (!href || known) return;
    known = decode_value(*href).text();
  }

  void note_policy(const HtmlToken& meta) {
    const HtmlAttribute* content = meta.find("content");
    if (outer_ || !content || !has_word(meta, "name", "referrer")) return;
    const ReferrerPolicy policy = meta_referrer_policy(decode_value(*content).text());
    if (policy != ReferrerPolicy::kUnset) findings_.referrer_policy = policy;
  }

  void add_attribute(const HtmlAttribute& attribute, std::span<const Place> places) {
    attribute_ = &attribute;
    escapes_ = nested(quoting(attribute), around_);
    if (starts_with_ignoring_case(attribute.name, "data-")) return add_data(attribute);
    if (equals_ignoring_case(attribute.name, "style")) {
      const SourceText value = decode_value(attribute);
      return add_css(value, find_css_urls(value.text(), true), escapes_);
    }
    for (const Place& place : places) {
      if (equals_ignoring_case(attribute.name, place.attribute)) return add_place(place);
    }
  }

  void add_place(const Place& place) {
    const SourceText value = decode_value(*attribute_);
    switch (place.syntax) {
      case Syntax::kUrl:
        return add(place.kind, value);
      case Syntax::kSrcset:
        return add_srcset(place.kind, value, parse_srcset(value.text()));
      case Syntax::kLazyUrl:
        if (const auto kind = lazy_kind(element_, "src", trim(value.text()))) {
          add(*kind, value);
        }
        return;
      case Syntax::kLink:
        return add(link_kind(*tag_), value);
      case Syntax::kMeta:
        return add_meta(value);
      case Syntax::kPlugin: {
        const HtmlAttribute* type = tag_->find("type");
        const bool image = (type && starts_with_ignoring_case(type->value, "image/")) ||
                           has_image_extension(trim(value.text()));
        return add(image ? Kind::kImage : place.kind, value);
      }
      case Syntax::kImageInput:
        if (has_word(*tag_, "type", "image")) add(place.kind, value);
        return;
      case Syntax::kSrcdoc:
        if (outer_ == nullptr) Finder(*this, value, quoting(*attribute_)).run();
        return;
    }
  }

  void add_meta(const SourceText& value) {
    if (const auto kind = meta_kind(*tag_)) {
      add(*kind, value);
    } else if (has_word(*tag_, "http-equiv", "refresh")) {
      const Span url = refresh_url(value.text());
      add(Kind::kPage, value, url.from, url.to);
    }
  }

  // data-src, data-original, data-logo, data-lazy-srcset, data-bg …: told by the value.
  void add_data(const HtmlAttribute& attribute) {
    // No URL that counts here is without a dot or a slash; references may stand for either.
    if (attribute.value.find_first_of("./&") == attribute.value.npos) return;
    const SourceText value = decode_value(attribute);
    const std::string_view text = trim(value.text());
    if (text.starts_with('{') || text.starts_with('[')) return add_json(value, false, escapes_);
    if (starts_with_ignoring_case(text, "url(")) {
      return add_css(value, find_css_urls(value.text(), true), escapes_, Kind::kLazyImage);
    }
    const std::string_view name = attribute.name.substr(5);
    if (const auto kind = lazy_kind(element_, name, text)) return add(*kind, value);
    if (text.find_first_of(" \t\r\n\f") == text.npos) return;
    const auto candidates = parse_srcset(value.text());
    if (is_srcset(name, value.text(), candidates)) add_srcset(Kind::kLazyImage, value, candidates);
  }

  void add_srcset(Kind kind, const SourceText& value,
                  const std::vector<SrcsetCandidate>& candidates) {
    for (const SrcsetCandidate& candidate : candidates) {
      Reference* added = add(kind, value, candidate.url.from, candidate.url.to);
      if (added == nullptr) continue;
      added->descriptor = candidate.descriptor;
      added->rejected = candidate.rejected;
    }
  }

  void add_style_text(const HtmlToken& token) {
    const auto origin = static_cast<size_t>(token.text.data() - text_.text().data());
    const SourceText css = decode_html(token.text, origin, token.text_mode, false);
    const bool decoded = token.text_mode == HtmlToken::TextMode::kData;  // in SVG
    attribute_ = nullptr;
    element_ = "style";
    add_css(css, find_css_urls(css.text()),
            decoded ? nested(Escape::kHtmlDoubleQuoted, around_) : around_);
  }

  // `css` is in this document; `as` overrides the kind that CSS tells.
  void add_css(const SourceText& css, const std::vector<CssUrl>& urls, const Escapes& around,
               std::optional<Kind> as = std::nullopt) {
    for (const CssUrl& url : urls) {
      const Span span = css.source(url.span.from, url.span.to);
      const Kind kind = as.value_or(reference_kind(url));
      Reference* added = add_written(kind, url.value, span, nested(url.escape, around));
      if (added) added->descriptor = url.descriptor;
    }
  }

  void add_script_text(const HtmlToken& token) {
    if (in_script_ == Script::kClassic && !assigns_state(token.text)) return;
    const auto origin = static_cast<size_t>(token.text.data() - text_.text().data());
    attribute_ = nullptr;
    add_json(SourceText(token.text, origin), in_script_ == Script::kLinkedData, around_);
  }

  void add_json(const SourceText& json, bool linked_data, const Escapes& around) {
    for_each_json_string(json.text(), [&](const JsonString& string) {
      const std::string_view raw = json.text().substr(string.span.from, string.span.size());
      if (raw.find('.') == raw.npos) return;
      const SourceText url = decode_json_string(raw, string.span.from);
      const auto kind = json_kind(url.text(), string, linked_data);
      if (!kind) return;
      const Span span = json.source(string.span.from, string.span.to);
      add_written(*kind, url.text(), span, nested(Escape::kJson, around));
    });
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

  // `span` is in this document.
  Reference* add_written(Kind kind, std::string_view raw, Span span, const Escapes& escapes) {
    if (findings_.references.size() >= kMostReferences) return nullptr;
    Reference& reference = findings_.references.emplace_back();
    findings_.documents.push_back(document_);
    if (kind == Kind::kImage && in_noscript_) kind = Kind::kLazyImage;
    reference.kind = unfetched_kind(raw).value_or(kind);
    reference.raw = raw;
    reference.span = source(span);
    reference.escapes = escapes;
    reference.element = element_;
    if (attribute_) reference.attribute = lower_case(attribute_->name);
    return &reference;
  }

  // Puts in what the element itself says about its references.
  void describe(Reference& reference) {
    if (!description_) description_ = read_description();
    const bool leads_away = reference.kind == Kind::kPage || reference.kind == Kind::kForm;
    reference.referrer_policy = leads_away && description_->no_referrer
                                    ? ReferrerPolicy::kNoReferrer
                                    : description_->policy;
    reference.alt = description_->alt;
  }

  Description read_description() const {
    Description read;
    if (const HtmlAttribute* policy = tag_->find("referrerpolicy")) {
      read.policy = referrer_policy_from_string(lower_case(trim(decode_value(*policy).text())));
    }
    read.no_referrer = has_word(*tag_, "rel", "noreferrer");
    if (const HtmlAttribute* alt = tag_->find("alt")) {
      read.alt = utf8_head(decode_value(*alt).text(), kLongestAlt);
    }
    return read;
  }

  Findings& findings_;
  const SourceText& text_;
  const Finder* outer_ = nullptr;
  Escapes around_{};  // what everything in this document is written in
  size_t document_ = 0;

  std::string element_;  // lower case
  const HtmlToken* tag_ = nullptr;
  std::optional<Description> description_;  // of the tag, once it is asked for
  const HtmlAttribute* attribute_ = nullptr;
  Escapes escapes_{};  // of the current attribute
  bool in_style_ = false, in_noscript_ = false;
  Script in_script_ = Script::kOther;
};

// The URL that relative references start from (WHATWG HTML, 4.2.3 "set the frozen base URL").
Url base_url(const Url& fallback, const std::optional<std::string>& href) {
  if (!href || href->size() > kLongestBase) return fallback;
  const auto url = Url::parse(trim(*href), &fallback);
  if (!url || url->scheme() == "data" || url->scheme() == "javascript") return fallback;
  return *url;
}

}  // namespace

HtmlReferences find_html_references(const SourceText& html, const Url& document_url,
                                    std::string_view charset, const Escapes& around) {
  Findings findings;
  findings.references.reserve(std::min<size_t>(html.text().size() / 512, 1024));
  Finder(findings, html, around).run();
  std::vector<Url> bases{base_url(document_url, findings.bases[0])};
  for (size_t i = 1; i < findings.bases.size(); ++i) {
    bases.push_back(base_url(bases[0], findings.bases[i]));
  }
  for (size_t i = 0; i < findings.references.size(); ++i) {
    Reference& reference = findings.references[i];
    const auto url = Url::parse(reference.raw, &bases[findings.documents[i]], charset);
    if (url) reference.url = url->href();
  }
  return {bases[0], findings.referrer_policy, std::move(findings.references)};
}

}  // namespace halftone
