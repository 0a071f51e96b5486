#include "media/html_places.h"

#include <algorithm>
#include <iterator>

#include "media/ascii.h"
#include "media/html_tokenizer.h"
#include "media/image_urls.h"

namespace halftone {
namespace {

// Sorted by element. WHATWG HTML, "Attributes" index; SVG 2, 16.1 and 5.6; AMP components.
constexpr Place kPlaces[] = {
    {"a", "href", Kind::kPage},
    {"a", "xlink:href", Kind::kPage},
    {"amp-anim", "src", Kind::kImage},
    {"amp-anim", "srcset", Kind::kImageCandidate, Syntax::kSrcset},
    {"amp-audio", "src", Kind::kMedia},
    {"amp-iframe", "src", Kind::kPage},
    {"amp-iframe", "srcdoc", Kind::kPage, Syntax::kSrcdoc},
    {"amp-img", "src", Kind::kImage},
    {"amp-img", "srcset", Kind::kImageCandidate, Syntax::kSrcset},
    {"amp-story", "poster-landscape-src", Kind::kPoster},
    {"amp-story", "poster-portrait-src", Kind::kPoster},
    {"amp-story", "poster-square-src", Kind::kPoster},
    {"amp-story", "publisher-logo-src", Kind::kImage},
    {"amp-video", "artwork", Kind::kImage},
    {"amp-video", "poster", Kind::kPoster},
    {"amp-video", "src", Kind::kMedia},
    {"amp-video-iframe", "poster", Kind::kPoster},
    {"amp-video-iframe", "src", Kind::kPage},
    {"area", "href", Kind::kPage},
    {"audio", "src", Kind::kMedia},
    {"base", "href", Kind::kOther},
    {"bgsound", "src", Kind::kMedia},
    {"body", "background", Kind::kImage},
    {"button", "formaction", Kind::kForm},
    {"embed", "src", Kind::kMedia, Syntax::kPlugin},
    {"feimage", "href", Kind::kImage},
    {"feimage", "xlink:href", Kind::kImage},
    {"form", "action", Kind::kForm},
    {"frame", "src", Kind::kPage},
    {"iframe", "src", Kind::kPage},
    {"iframe", "srcdoc", Kind::kPage, Syntax::kSrcdoc},
    {"image", "href", Kind::kImage},
    {"image", "src", Kind::kImage},  // a parser makes <img> of an <image> in HTML
    {"image", "srcset", Kind::kImageCandidate, Syntax::kSrcset},
    {"image", "xlink:href", Kind::kImage},
    {"img", "_src", Kind::kLazyImage, Syntax::kLazyUrl},
    {"img", "file", Kind::kLazyImage, Syntax::kLazyUrl},
    {"img", "lazy-src", Kind::kLazyImage, Syntax::kLazyUrl},
    {"img", "lazysrc", Kind::kLazyImage, Syntax::kLazyUrl},
    {"img", "lowsrc", Kind::kImage},
    {"img", "original", Kind::kLazyImage, Syntax::kLazyUrl},
    {"img", "real_src", Kind::kLazyImage, Syntax::kLazyUrl},
    {"img", "src", Kind::kImage},
    {"img", "srcset", Kind::kImageCandidate, Syntax::kSrcset},
    {"img", "zoomfile", Kind::kLazyImage, Syntax::kLazyUrl},
    {"input", "formaction", Kind::kForm},
    {"input", "src", Kind::kImage, Syntax::kImageInput},
    {"link", "href", Kind::kOther, Syntax::kLink},
    {"link", "imagesrcset", Kind::kImageCandidate, Syntax::kSrcset},
    {"meta", "content", Kind::kMetadataImage, Syntax::kMeta},
    {"object", "data", Kind::kMedia, Syntax::kPlugin},
    {"script", "href", Kind::kScript},
    {"script", "src", Kind::kScript},
    {"script", "xlink:href", Kind::kScript},
    {"source", "src", Kind::kMedia},
    {"source", "srcset", Kind::kImageCandidate, Syntax::kSrcset},
    {"table", "background", Kind::kImage},
    {"tbody", "background", Kind::kImage},
    {"td", "background", Kind::kImage},
    {"tfoot", "background", Kind::kImage},
    {"th", "background", Kind::kImage},
    {"thead", "background", Kind::kImage},
    {"tr", "background", Kind::kImage},
    {"track", "src", Kind::kTrack},
    {"use", "href", Kind::kImage},
    {"use", "xlink:href", Kind::kImage},
    {"video", "poster", Kind::kPoster},
    {"video", "src", Kind::kMedia},
};

struct Word {
  std::string_view word;
  Kind kind;
};

// In order of precedence where several stand in one rel. WHATWG HTML, 4.6.7 "Link types".
constexpr Word kRelations[] = {
    {"stylesheet", Kind::kStylesheet},
    {"icon", Kind::kIcon},
    {"apple-touch-icon", Kind::kIcon},
    {"apple-touch-icon-precomposed", Kind::kIcon},
    {"apple-touch-startup-image", Kind::kIcon},
    {"mask-icon", Kind::kIcon},
    {"fluid-icon", Kind::kIcon},
    {"image_src", Kind::kMetadataImage},
    {"manifest", Kind::kManifest},
    {"modulepreload", Kind::kScript},
    {"canonical", Kind::kPage},
    {"next", Kind::kPage},
    {"prev", Kind::kPage},
    {"previous", Kind::kPage},
    {"amphtml", Kind::kPage},
    {"shortlink", Kind::kPage},
    {"author", Kind::kPage},
    {"license", Kind::kPage},
    {"help", Kind::kPage},
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
    {"twitter:image", Kind::kMetadataImage},
    {"twitter:image:src", Kind::kMetadataImage},
    {"image", Kind::kMetadataImage},
    {"thumbnail", Kind::kMetadataImage},
    {"thumbnailurl", Kind::kMetadataImage},
    {"logo", Kind::kMetadataImage},
    {"parsely-image-url", Kind::kMetadataImage},
    {"msapplication-tileimage", Kind::kMetadataImage},
    {"msapplication-square70x70logo", Kind::kMetadataImage},
    {"msapplication-square150x150logo", Kind::kMetadataImage},
    {"msapplication-square310x310logo", Kind::kMetadataImage},
    {"msapplication-wide310x150logo", Kind::kMetadataImage},
    {"og:video", Kind::kMedia},
    {"og:video:url", Kind::kMedia},
    {"og:video:secure_url", Kind::kMedia},
    {"og:audio", Kind::kMedia},
    {"og:audio:url", Kind::kMedia},
    {"og:audio:secure_url", Kind::kMedia},
    {"twitter:player:stream", Kind::kMedia},
};

constexpr size_t kLongestElement = 16;

// The value of an attribute, trimmed; empty where there is none.
std::string value_of(const HtmlToken& tag, std::string_view name) {
  const HtmlAttribute* attribute = tag.find(name);
  if (attribute == nullptr) return {};
  return std::string(trim(decode_value(*attribute).text()));
}

std::optional<Kind> find_word(std::string_view wanted, std::span<const Word> words) {
  for (const Word& word : words) {
    if (equals_ignoring_case(wanted, word.word)) return word.kind;
  }
  return std::nullopt;
}

Kind alternate_kind(const HtmlToken& link) {
  const std::string type = value_of(link, "type");
  const std::string_view essence = trim(std::string_view(type).substr(0, type.find(';')));
  const bool feed = std::any_of(std::begin(kFeedTypes), std::end(kFeedTypes),
                                [&](std::string_view t) { return equals_ignoring_case(essence, t); });
  return feed ? Kind::kFeed : Kind::kPage;
}

}  // namespace

std::span<const Place> places_in(std::string_view element) {
  if (element.size() > kLongestElement) return {};
  struct ByElement {
    bool operator()(const Place& place, std::string_view name) const {
      return place.element < name;
    }
    bool operator()(std::string_view name, const Place& place) const {
      return name < place.element;
    }
  };
  const auto [first, last] =
      std::equal_range(std::begin(kPlaces), std::end(kPlaces), element, ByElement{});
  return {first, last};
}

Kind link_kind(const HtmlToken& link) {
  const bool alternate = has_word(link, "rel", "alternate");
  if (has_word(link, "rel", "stylesheet") && (alternate || link.find("disabled"))) {
    return Kind::kOther;  // not applied unless somebody asks
  }
  for (const Word& relation : kRelations) {
    if (has_word(link, "rel", relation.word)) return relation.kind;
  }
  if (alternate) return alternate_kind(link);
  if (has_word(link, "rel", "preload") || has_word(link, "rel", "prefetch")) {
    return find_word(value_of(link, "as"), kDestinations).value_or(Kind::kOther);
  }
  for (const std::string_view item : {"image", "thumbnailurl", "logo"}) {
    if (has_word(link, "itemprop", item)) return Kind::kMetadataImage;
  }
  return Kind::kOther;
}

std::optional<Kind> meta_kind(const HtmlToken& meta) {
  for (const std::string_view name : {"property", "name", "itemprop"}) {
    if (const auto kind = find_word(value_of(meta, name), kProperties)) return kind;
  }
  return std::nullopt;
}

std::optional<Kind> lazy_kind(std::string_view element, std::string_view name,
                              std::string_view value) {
  if (value.find_first_of(" \t\r\n<>{}\"") != value.npos) return std::nullopt;
  const bool absolute = is_absolute_http(value);
  // "mailto:", "javascript:" and what else is no place for files.
  if (!absolute && value.substr(0, value.find_first_of("/?#")).find(':') != value.npos) {
    return std::nullopt;
  }
  if (has_image_extension(value)) return Kind::kLazyImage;
  if (has_media_extension(value)) return Kind::kMedia;
  if (!absolute || !names_an_image(name)) return std::nullopt;
  const bool source = lower_case(name).ends_with("src");
  if (source && element.ends_with("iframe")) return Kind::kPage;
  if (source && element == "script") return Kind::kScript;
  if (has_text_extension(value)) return std::nullopt;
  if (source && (element == "video" || element == "audio")) return Kind::kMedia;
  return Kind::kLazyImage;
}

bool has_word(const HtmlToken& tag, std::string_view attribute, std::string_view lower_word) {
  const HtmlAttribute* found = tag.find(attribute);
  if (found == nullptr) return false;
  const SourceText value = decode_value(*found);
  const std::string_view text = value.text();
  size_t from = 0;
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && !is_space(text[at])) continue;
    if (equals_ignoring_case(text.substr(from, at - from), lower_word)) return true;
    from = at + 1;
  }
  return false;
}

}  // namespace halftone
