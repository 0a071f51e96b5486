#include "media/html_places.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "media/ascii.h"
#include "media/html_tag.h"
#include "media/image_urls.h"

namespace halftone {
namespace {

constexpr auto kAtOnce = Loading::kAtOnce;
constexpr auto kByScript = Loading::kByScript;
constexpr auto kNever = Loading::kNever;
constexpr auto kHtml = World::kHtml;
constexpr auto kForeign = World::kForeign;
constexpr auto kAny = World::kAny;

// Sorted by element. WHATWG HTML, "Attributes" index and 16.2 "Non-conforming features"; SVG
// 2, 16.1 and 5.6; AMP components, which load nothing without their script.
constexpr Place kPlaces[] = {
    {"a", Attr::kHref, Kind::kPage, kNever, kAny},
    {"a", Attr::kPing, Kind::kOther, kNever, kHtml, Syntax::kUrls},
    {"a", Attr::kXlinkHref, Kind::kPage, kNever, kForeign},
    {"amp-anim", Attr::kSrc, Kind::kImage, kByScript},
    {"amp-anim", Attr::kSrcset, Kind::kImageCandidate, kByScript, kHtml, Syntax::kSrcset},
    {"amp-audio", Attr::kSrc, Kind::kMedia, kByScript},
    {"amp-iframe", Attr::kSrc, Kind::kPage, kByScript},
    {"amp-iframe", Attr::kSrcdoc, Kind::kPage, kByScript, kHtml, Syntax::kSrcdoc},
    {"amp-img", Attr::kSrc, Kind::kImage, kByScript},
    {"amp-img", Attr::kSrcset, Kind::kImageCandidate, kByScript, kHtml, Syntax::kSrcset},
    {"amp-story", Attr::kPosterLandscape, Kind::kPoster, kByScript},
    {"amp-story", Attr::kPosterPortrait, Kind::kPoster, kByScript},
    {"amp-story", Attr::kPosterSquare, Kind::kPoster, kByScript},
    {"amp-story", Attr::kPublisherLogo, Kind::kImage, kByScript},
    {"amp-video", Attr::kArtwork, Kind::kImage, kByScript},
    {"amp-video", Attr::kPoster, Kind::kPoster, kByScript},
    {"amp-video", Attr::kSrc, Kind::kMedia, kByScript},
    {"amp-video-iframe", Attr::kPoster, Kind::kPoster, kByScript},
    {"amp-video-iframe", Attr::kSrc, Kind::kPage, kByScript},
    {"applet", Attr::kArchive, Kind::kOther, kNever},
    {"applet", Attr::kCode, Kind::kOther, kNever},
    {"applet", Attr::kCodebase, Kind::kOther, kNever},
    {"area", Attr::kHref, Kind::kPage, kNever},
    {"area", Attr::kPing, Kind::kOther, kNever, kHtml, Syntax::kUrls},
    {"audio", Attr::kSrc, Kind::kMedia, kAtOnce},
    {"base", Attr::kHref, Kind::kOther, kNever},
    {"bgsound", Attr::kSrc, Kind::kMedia, kNever},
    {"blockquote", Attr::kCite, Kind::kOther, kNever},
    {"body", Attr::kBackground, Kind::kImage, kAtOnce},
    {"button", Attr::kFormAction, Kind::kForm, kNever},
    {"del", Attr::kCite, Kind::kOther, kNever},
    {"embed", Attr::kSrc, Kind::kMedia, kAtOnce, kHtml, Syntax::kPlugin},
    {"feimage", Attr::kHref, Kind::kImage, kAtOnce, kForeign},
    {"feimage", Attr::kXlinkHref, Kind::kImage, kAtOnce, kForeign},
    {"form", Attr::kAction, Kind::kForm, kNever},
    {"frame", Attr::kLongDesc, Kind::kPage, kNever},
    {"frame", Attr::kSrc, Kind::kPage, kAtOnce},
    {"html", Attr::kManifest, Kind::kOther, kNever},
    {"iframe", Attr::kLongDesc, Kind::kPage, kNever},
    {"iframe", Attr::kSrc, Kind::kPage, kAtOnce},
    {"iframe", Attr::kSrcdoc, Kind::kPage, kAtOnce, kHtml, Syntax::kSrcdoc},
    {"image", Attr::kHref, Kind::kImage, kAtOnce, kForeign},
    {"image", Attr::kSrc, Kind::kImage, kAtOnce},  // a parser makes <img> of an <image> in HTML
    {"image", Attr::kSrcset, Kind::kImageCandidate, kAtOnce, kHtml, Syntax::kSrcset},
    {"image", Attr::kXlinkHref, Kind::kImage, kAtOnce, kForeign},
    {"img", Attr::kDynSrc, Kind::kMedia, kNever},
    {"img", Attr::kLongDesc, Kind::kPage, kNever},
    {"img", Attr::kLowSrc, Kind::kImage, kNever},
    {"img", Attr::kSrc, Kind::kImage, kAtOnce},
    {"img", Attr::kSrcset, Kind::kImageCandidate, kAtOnce, kHtml, Syntax::kSrcset},
    {"input", Attr::kFormAction, Kind::kForm, kNever},
    {"input", Attr::kSrc, Kind::kImage, kAtOnce, kHtml, Syntax::kImageInput},
    {"ins", Attr::kCite, Kind::kOther, kNever},
    {"link", Attr::kHref, Kind::kOther, kAtOnce, kHtml, Syntax::kLink},
    {"link", Attr::kImageSrcset, Kind::kImageCandidate, kAtOnce, kHtml, Syntax::kSrcset},
    {"meta", Attr::kContent, Kind::kMetadataImage, kNever, kHtml, Syntax::kMeta},
    {"object", Attr::kArchive, Kind::kOther, kNever, kHtml, Syntax::kUrls},
    {"object", Attr::kClassId, Kind::kOther, kNever},
    {"object", Attr::kCodebase, Kind::kOther, kNever},
    {"object", Attr::kData, Kind::kMedia, kAtOnce, kHtml, Syntax::kPlugin},
    {"portal", Attr::kSrc, Kind::kPage, kNever},
    {"q", Attr::kCite, Kind::kOther, kNever},
    {"script", Attr::kHref, Kind::kScript, kAtOnce, kForeign},
    {"script", Attr::kSrc, Kind::kScript, kAtOnce},
    {"script", Attr::kXlinkHref, Kind::kScript, kAtOnce, kForeign},
    {"source", Attr::kSrc, Kind::kMedia, kAtOnce},
    {"source", Attr::kSrcset, Kind::kImageCandidate, kAtOnce, kHtml, Syntax::kSrcset},
    {"table", Attr::kBackground, Kind::kImage, kAtOnce},
    {"tbody", Attr::kBackground, Kind::kImage, kAtOnce},
    {"td", Attr::kBackground, Kind::kImage, kAtOnce},
    {"tfoot", Attr::kBackground, Kind::kImage, kAtOnce},
    {"th", Attr::kBackground, Kind::kImage, kAtOnce},
    {"thead", Attr::kBackground, Kind::kImage, kAtOnce},
    {"tr", Attr::kBackground, Kind::kImage, kAtOnce},
    {"track", Attr::kSrc, Kind::kTrack, kAtOnce},
    {"use", Attr::kHref, Kind::kImage, kAtOnce, kForeign},
    {"use", Attr::kXlinkHref, Kind::kImage, kAtOnce, kForeign},
    {"video", Attr::kPoster, Kind::kPoster, kAtOnce},
    {"video", Attr::kSrc, Kind::kMedia, kAtOnce},
};

struct RoleRow {
  std::string_view element;
  Role role;
};

constexpr RoleRow kRoles[] = {
    {"audio", Role::kMedia},       {"base", Role::kBase},       {"frame", Role::kFrame},
    {"frameset", Role::kFrameset}, {"iframe", Role::kFrame},    {"image", Role::kImage},
    {"img", Role::kImage},         {"link", Role::kLink},       {"meta", Role::kMeta},
    {"noscript", Role::kNoscript}, {"picture", Role::kPicture}, {"script", Role::kScript},
    {"source", Role::kSource},     {"style", Role::kStyle},     {"template", Role::kTemplate},
    {"track", Role::kTrack},       {"video", Role::kMedia},
};

struct Meaning {
  Role role = Role::kNone;
  size_t from = 0, to = 0;  // of its places
};

using Elements = NameTable<Meaning, 256>;

constexpr Elements kElements = [] {
  Elements elements(std::span<const Elements::Row>{});
  for (const RoleRow& role : kRoles) elements[role.element].role = role.role;
  for (size_t i = 0; i < std::size(kPlaces); ++i) {
    Meaning& meaning = elements[kPlaces[i].element];
    if (meaning.to == 0) meaning.from = i;
    meaning.to = i + 1;
  }
  return elements;
}();

// In order of precedence where several stand in one rel. WHATWG HTML, 4.6.7 "Link types"; a browser
// asks for icons of other makers' devices only when a reader puts the page on a home screen.
struct Relation {
  std::string_view word;
  Kind kind;
  Loading loading;
};
constexpr Relation kRelations[] = {
    {"stylesheet", Kind::kStylesheet, kAtOnce},
    {"icon", Kind::kIcon, kAtOnce},
    {"apple-touch-icon", Kind::kIcon, kNever},
    {"apple-touch-icon-precomposed", Kind::kIcon, kNever},
    {"apple-touch-startup-image", Kind::kIcon, kNever},
    {"mask-icon", Kind::kIcon, kNever},
    {"fluid-icon", Kind::kIcon, kNever},
    {"image_src", Kind::kMetadataImage, kNever},
    {"manifest", Kind::kManifest, kAtOnce},
    {"modulepreload", Kind::kScript, kAtOnce},
    {"canonical", Kind::kPage, kNever},
    {"next", Kind::kPage, kNever},
    {"prev", Kind::kPage, kNever},
    {"previous", Kind::kPage, kNever},
    {"amphtml", Kind::kPage, kNever},
    {"shortlink", Kind::kPage, kNever},
    {"author", Kind::kPage, kNever},
    {"license", Kind::kPage, kNever},
    {"help", Kind::kPage, kNever},
};

struct Word {
  std::string_view word;
  Kind kind;
};

// WHATWG Fetch, "destination", as <link rel=preload as> names it.
constexpr Word kDestinations[] = {{"image", Kind::kImage},      {"font", Kind::kFont},
                                  {"style", Kind::kStylesheet}, {"video", Kind::kMedia},
                                  {"audio", Kind::kMedia},      {"script", Kind::kScript},
                                  {"track", Kind::kTrack},      {"document", Kind::kPage}};

constexpr std::string_view kFeedTypes[] = {"application/rss+xml", "application/atom+xml",
                                           "application/rdf+xml", "application/feed+json",
                                           "application/json"};

constexpr Word kProperties[] = {
    {"og:image", Kind::kMetadataImage},
    {"og:image:url", Kind::kMetadataImage},
    {"og:image:secure_url", Kind::kMetadataImage},
    {"og:logo", Kind::kMetadataImage},
    {"twitter:image", Kind::kMetadataImage},
    {"twitter:image:src", Kind::kMetadataImage},
    {"twitter:image0", Kind::kMetadataImage},
    {"twitter:image1", Kind::kMetadataImage},
    {"twitter:image2", Kind::kMetadataImage},
    {"twitter:image3", Kind::kMetadataImage},
    {"image", Kind::kMetadataImage},
    {"thumbnail", Kind::kMetadataImage},
    {"thumbnailurl", Kind::kMetadataImage},
    {"logo", Kind::kMetadataImage},
    {"parsely-image-url", Kind::kMetadataImage},
    {"sailthru.image.full", Kind::kMetadataImage},
    {"sailthru.image.thumb", Kind::kMetadataImage},
    {"msapplication-tileimage", Kind::kMetadataImage},
    {"msapplication-square70x70logo", Kind::kMetadataImage},
    {"msapplication-square150x150logo", Kind::kMetadataImage},
    {"msapplication-square310x310logo", Kind::kMetadataImage},
    {"msapplication-wide310x150logo", Kind::kMetadataImage},
    {"msapplication-config", Kind::kOther},
    {"contenturl", Kind::kMedia},
    {"embedurl", Kind::kPage},
    {"og:video", Kind::kMedia},
    {"og:video:url", Kind::kMedia},
    {"og:video:secure_url", Kind::kMedia},
    {"og:audio", Kind::kMedia},
    {"og:audio:url", Kind::kMedia},
    {"og:audio:secure_url", Kind::kMedia},
    {"twitter:player", Kind::kPage},
    {"twitter:player:stream", Kind::kMedia},
};

std::optional<Kind> find_word(std::string_view wanted, std::span<const Word> words) {
  for (const Word& word : words) {
    if (equals_ignoring_case(wanted, word.word)) return word.kind;
  }
  return std::nullopt;
}

Kind alternate_kind(const HtmlTag& link) {
  const std::string type = link.value(Attr::kType);
  const std::string_view essence = trim(std::string_view(type).substr(0, type.find(';')));
  const bool feed =
      std::any_of(std::begin(kFeedTypes), std::end(kFeedTypes),
                  [&](std::string_view t) { return equals_ignoring_case(essence, t); });
  return feed ? Kind::kFeed : Kind::kPage;
}

bool looks_like_image(std::string_view content) {
  if (content.find_first_of(" \t\n") != content.npos) return false;
  return is_absolute_http(content) || has_image_extension(content);
}

// A preload of no known destination is not done; a prefetch is (4.6.7.18 and .19).
Asked preload_asks(const HtmlTag& link, bool prefetch) {
  const std::string as = link.value(Attr::kAs);
  const auto kind = find_word(as, kDestinations);
  const bool done = prefetch || equals_ignoring_case(as, "fetch") || (kind && *kind != Kind::kPage);
  return {kind.value_or(Kind::kOther), done ? kAtOnce : kNever};
}

}  // namespace

Element find_element(std::string_view name) {
  const auto* known = kElements.find(name);
  if (known == nullptr) return {};
  const Meaning& meaning = known->meaning;
  return {meaning.role, {kPlaces + meaning.from, meaning.to - meaning.from}};
}

Asked link_asks(const HtmlTag& link) {
  const std::string rel = link.value(Attr::kRel);
  const bool alternate = has_word(rel, "alternate");
  for (const Relation& relation : kRelations) {
    if (!has_word(rel, relation.word)) continue;
    const std::string type = link.value(Attr::kType);
    const bool no_css = relation.kind == Kind::kStylesheet && !type.empty() &&
                        !starts_with_ignoring_case(type, "text/css");
    // A browser gets a style sheet that is an alternative, though it applies it when asked only.
    const bool disabled = relation.kind == Kind::kStylesheet && link.has(Attr::kDisabled);
    return {relation.kind, no_css || disabled ? kNever : relation.loading};
  }
  if (alternate) return {alternate_kind(link), kNever};
  const bool prefetch = has_word(rel, "prefetch");
  if (prefetch || has_word(rel, "preload")) return preload_asks(link, prefetch);
  for (const std::string_view item : {"image", "thumbnailurl", "logo"}) {
    if (link.has_word(Attr::kItemProp, item)) return {Kind::kMetadataImage, kNever};
  }
  if (link.has_word(Attr::kItemProp, "contenturl")) return {Kind::kMedia, kNever};
  return {Kind::kOther, kNever};
}

bool is_image_item(const HtmlTag& tag) {
  for (const std::string_view item : {"image", "logo", "thumbnail", "photo"}) {
    if (tag.has_word(Attr::kItemProp, item)) return true;
  }
  return false;
}

std::optional<Kind> meta_kind(const HtmlTag& meta) {
  for (const Attr attr : {Attr::kProperty, Attr::kName, Attr::kItemProp}) {
    if (!meta.has(attr)) continue;
    const std::string name = meta.value(attr);
    if (const auto kind = find_word(name, kProperties)) return kind;
    // shareaholic:image and what else has a name of its own.
    if (lower_case(name).ends_with("image") && looks_like_image(meta.value(Attr::kContent))) {
      return Kind::kMetadataImage;
    }
  }
  return std::nullopt;
}

// WHATWG HTML, 4.2.5.3, "shared declarative refresh steps".
Span refresh_url(std::string_view content) {
  const auto skip_spaces = [content](size_t at) {
    return std::min(content.find_first_not_of(" \t\n\f\r", at), content.size());
  };
  const size_t time = skip_spaces(0);
  size_t at = std::min(content.find_first_not_of("0123456789.", time), content.size());
  if (at == time || at == content.size()) return {};
  if (!is_space(content[at]) && content[at] != ';' && content[at] != ',') return {};
  at = skip_spaces(at);
  if (at < content.size() && (content[at] == ';' || content[at] == ',')) at = skip_spaces(at + 1);
  if (starts_with_ignoring_case(content.substr(at), "url")) {
    const size_t equals = skip_spaces(at + 3);
    if (equals < content.size() && content[equals] == '=') at = skip_spaces(equals + 1);
  }
  if (at == content.size()) return {};
  const char quote = content[at];
  if (quote != '"' && quote != '\'') return {at, content.size()};
  return {at + 1, std::min(content.find(quote, at + 1), content.size())};
}

ReferrerPolicy meta_referrer_policy(std::string_view content) {
  const std::string token = lower_case(trim(content));
  if (token == "never") return ReferrerPolicy::kNoReferrer;
  if (token == "default") return ReferrerPolicy::kStrictOriginWhenCrossOrigin;
  if (token == "always") return ReferrerPolicy::kUnsafeUrl;
  if (token == "origin-when-crossorigin") return ReferrerPolicy::kOriginWhenCrossOrigin;
  return referrer_policy_from_string(token);
}

}  // namespace halftone
