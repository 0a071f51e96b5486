#include "media/html_finder.h"

#include <algorithm>

#include "media/ascii.h"
#include "media/image_urls.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr size_t kLongestAlt = 512;
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

void assign_lower(std::string& out, std::string_view text) {
  out.assign(text);
  for (char& c : out) c = to_lower(c);
}

}  // namespace

HtmlFinder::HtmlFinder(HtmlFindings& findings, const SourceText& text, const Escapes& around)
    : findings_(findings),
      text_(text),
      around_(around),
      document_(findings.open_document(0)),
      context_(Loading::kAtOnce),
      tokenizer_(text.text()) {}

HtmlFinder::HtmlFinder(const HtmlFinder& outer, const SourceText& text, const Escapes& around,
                       Loading soonest, bool is_document)
    : findings_(outer.findings_),
      text_(text),
      outer_(&outer),
      around_(around),
      document_(is_document ? outer.findings_.open_document(outer.document_) : outer.document_),
      is_document_(is_document),
      context_(soonest),
      tokenizer_(text.text()) {}

void HtmlFinder::run() {
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

void HtmlFinder::end_tag(std::string_view name) {
  // Of those that count: noscript, picture, audio, video, template.
  if (name.size() < 5) return;
  const char first = to_lower(name[0]);
  if (first != 'n' && first != 'p' && first != 'a' && first != 'v' && first != 't') return;
  context_.end_tag(find_element(name).role);
}

void HtmlFinder::start_tag(const HtmlToken& token) {
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

void HtmlFinder::note_role() {
  if (role_ == Role::kStyle) in_style_ = !token_->self_closing && is_css();
  if (role_ == Role::kScript) in_script_ = script_type(tag_);
  if (foreign_) return;
  if (role_ == Role::kBase) note_base();
  if (role_ == Role::kMeta) note_policy();
  if (role_ == Role::kPicture) picture_from_ = findings_.references.size();
  context_.start_tag(role_, tag_);
}

bool HtmlFinder::is_css() {
  const HtmlAttribute* type = tag_.find(Attr::kType);
  return type == nullptr || type->value.empty() || equals_ignoring_case(type->value, "text/css");
}

// Microdata: <div itemprop=image itemscope><meta itemprop=url content=…></div>.
void HtmlFinder::note_item() {
  if (token_->self_closing || token_->find("itemscope") == nullptr) return;
  image_item_depth_ = is_image_item(tag_) ? 1 : 0;
  image_item_ = token_->name;
}

bool HtmlFinder::is_image_url_of_item() {
  return image_item_depth_ > 0 &&
         (tag_.has_word(Attr::kItemProp, "url") || tag_.has_word(Attr::kItemProp, "contenturl"));
}

// The first <base> with href counts (WHATWG HTML, 2.4.3), where it is an element of the document
// while scripts run.
void HtmlFinder::note_base() {
  const HtmlAttribute* href = tag_.find(Attr::kHref);
  auto& known = findings_.base(document_);
  if (!href || known || !is_document_ || context_.is_lazy()) return;
  known = decode_value(*href).text();
}

void HtmlFinder::note_policy() {
  const HtmlAttribute* content = tag_.find(Attr::kContent);
  if (outer_ || context_.is_lazy() || !content || !tag_.is(Attr::kName, "referrer")) return;
  const ReferrerPolicy policy = meta_referrer_policy(decode_value(*content).text());
  if (policy != ReferrerPolicy::kUnset) findings_.referrer_policy = policy;
}

// An <img> speaks for the <source> elements before it (WHATWG HTML, 4.8.4.3.5).
void HtmlFinder::finish_picture() {
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

void HtmlFinder::add_attribute(const HtmlAttribute& attribute, Attr attr,
                               std::span<const Place> places) {
  attribute_ = &attribute;
  escapes_ = nested(quoting(attribute), around_);
  if (attr == Attr::kUnknown) return add_lazy();
  if (attr == Attr::kStyle || (attr == Attr::kPresentation && foreign_)) return add_declarations();
  for (const Place& place : places) {
    if (attr == place.attribute) return add_place(place);
  }
  add_misplaced(attr);
}

// An empty link leads to the base without its fragment, and an empty form to the document itself
// (WHATWG HTML, 4.10.21.3); nothing can be written in their place.
void HtmlFinder::add_empty(const HtmlAttribute& attribute) {
  const auto is = [](std::string_view a, std::string_view b) { return equals_ignoring_case(a, b); };
  const bool form = is(element_, "form") && is(attribute.name, "action");
  const bool link = (is(element_, "a") || is(element_, "area")) && is(attribute.name, "href");
  if (foreign_ || (!form && !link)) return;
  attribute_ = &attribute;
  loading_ = Loading::kNever;
  const Span span{attribute.value_span.from, attribute.value_span.from};
  Reference* added =
      add_written(form ? Kind::kForm : Kind::kPage, "", span, nested(quoting(attribute), around_));
  if (added) describe(*added);
}

void HtmlFinder::add_place(const Place& place) {
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
      if (has_room(escapes_)) HtmlFinder(*this, value, escapes_, loading_, true).run();
      return;
  }
}

// A known attribute where no standard puts it: href in MathML and SVG, src of custom elements.
void HtmlFinder::add_misplaced(Attr attr) {
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

void HtmlFinder::add_meta(const SourceText& value) {
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
Kind HtmlFinder::plugin_kind(std::string_view url) {
  const std::string type = tag_.value(Attr::kType);
  if (starts_with_ignoring_case(type, "image/")) return Kind::kImage;
  if (starts_with_ignoring_case(type, "text/html")) return Kind::kPage;
  if (!type.empty()) return Kind::kMedia;
  return has_image_extension(url) ? Kind::kImage : Kind::kMedia;
}

void HtmlFinder::add_words(Kind kind, const SourceText& value) {
  const std::string_view text = value.text();
  for (size_t at = 0; at < text.size() && !findings_.cut;) {
    size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    add(kind, value, at, end);
    at = end + 1;
  }
}

void HtmlFinder::add_srcset(Kind kind, const SourceText& value,
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

bool HtmlFinder::has_room(const Escapes& escapes) {
  const auto used = std::find(escapes.begin(), escapes.end(), Escape::kNone);
  return static_cast<size_t>(escapes.end() - used) >= kEscapesWithin;
}

// The bytes of the outermost document.
Span HtmlFinder::source(Span span) const {
  const Span outer = text_.source(span.from, span.to);
  return outer_ ? outer_->source(outer) : outer;
}

// value[from, to) of the current attribute, without the blanks around it; null where nothing is
// left.
Reference* HtmlFinder::add(Kind kind, const SourceText& value, size_t from, size_t to) {
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
Reference* HtmlFinder::add_written(Kind kind, std::string_view raw, Span span,
                                   const Escapes& escapes) {
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

// Puts in what the element itself says about its references.
void HtmlFinder::describe(Reference& reference) {
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

ReferrerPolicy HtmlFinder::referrer_policy() {
  const HtmlAttribute* policy = tag_.find(Attr::kReferrerPolicy);
  if (policy == nullptr) return ReferrerPolicy::kUnset;
  return referrer_policy_from_string(lower_case(trim(decode_value(*policy).text())));
}

// Referrer Policy, 4.2: which elements take the attribute.
HtmlFinder::Description HtmlFinder::read_description() {
  Description read;
  read.policy = referrer_policy();
  const bool link = role_ == Role::kNone &&
                    (equals_ignoring_case(element_, "a") || equals_ignoring_case(element_, "area"));
  read.policy_counts = link || role_ == Role::kImage || role_ == Role::kFrame ||
                       role_ == Role::kLink || role_ == Role::kScript;
  read.no_referrer = tag_.has_word(Attr::kRel, "noreferrer");
  if (const HtmlAttribute* alt = tag_.find(Attr::kAlt)) {
    read.alt = decode_value(*alt);
  }
  return read;
}

}  // namespace halftone
