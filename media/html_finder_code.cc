// What of HTML is read as CSS, as JSON, as a script or by its look.
#include <algorithm>

#include "media/ascii.h"
#include "media/byte_scan.h"
#include "media/html_finder.h"
#include "media/image_urls.h"
#include "media/script_strings.h"

namespace halftone {
namespace {

constexpr size_t kShortestUrl = 7;  // of a string that may be one: //a.b/c

}  // namespace

void HtmlFinder::add_declarations() {
  if (attribute_->value.find('(') == std::string_view::npos &&
      attribute_->value.find_first_of("\\&") == std::string_view::npos) {
    return;
  }
  const SourceText value = decode_value(*attribute_);
  add_css(value, find_css_urls(value.text(), true), escapes_);
}

// data-src, data-original, data-logo, data-lazy-srcset, data-bg, zoomfile …: told by the value.
void HtmlFinder::add_lazy() {
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
void HtmlFinder::add_lazy_list(const LazyName& name, const SourceText& value) {
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
void HtmlFinder::add_markup(const SourceText& html, const Escapes& around) {
  if (!has_room(around)) return;
  HtmlFinder inner(*this, html, around, std::max(context_.soonest(), Loading::kByScript), false);
  inner.in_template_ = true;
  inner.run();
}

void HtmlFinder::add_style_text(const HtmlToken& token) {
  const SourceText css = decode_html(token.text, origin(token.text), token.text_mode, false);
  const bool decoded = token.text_mode == HtmlToken::TextMode::kData;  // in SVG
  attribute_ = nullptr;
  add_css(css, find_css_urls(css.text()),
          decoded ? nested(Escape::kHtmlDoubleQuoted, around_) : around_);
}

// `css` is in this text; `as` overrides the kind that CSS tells.
void HtmlFinder::add_css(const SourceText& css, const std::vector<CssUrl>& urls,
                         const Escapes& around, std::optional<Kind> as) {
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

void HtmlFinder::add_script_text(const HtmlToken& token) {
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
void HtmlFinder::add_literal(const SourceText& script, const JsonString& string) {
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
void HtmlFinder::add_json(const SourceText& json, bool linked_data, const Escapes& around) {
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
void HtmlFinder::add_string(const SourceText& text, const JsonString& string, bool linked_data,
                            const Escapes& around, bool of_image) {
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
std::string_view HtmlFinder::decoded(std::string_view json) {
  decoded_.clear();
  append_decoded_json(decoded_, json);
  return decoded_;
}

}  // namespace halftone
