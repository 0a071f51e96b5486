#include "media/xml_places.h"

#include <algorithm>
#include <iterator>

#include "media/ascii.h"
#include "media/image_urls.h"

namespace halftone {
namespace {

constexpr Loading kAtOnce = Loading::kAtOnce;
constexpr Loading kNever = Loading::kNever;

// Sorted by element, then by attribute. SVG 2, 5.6, 12.1, 16.1 and "Attribute index"; SVG 1.1 and
// SVG Tiny 1.2 for what later was dropped; XInclude 1.0; XHTML under a prefix.
constexpr XmlPlace kPlaces[] = {
    {"a", "href", Kind::kPage, kNever},
    {"animation", "href", Kind::kImage, kAtOnce},
    {"audio", "href", Kind::kMedia, kAtOnce},
    {"audio", "src", Kind::kMedia, kAtOnce},
    {"color-profile", "href", Kind::kOther, kAtOnce},
    {"cursor", "href", Kind::kImage, kAtOnce},
    {"embed", "src", Kind::kMedia, kAtOnce},
    {"feimage", "href", Kind::kImage, kAtOnce},
    {"filter", "href", Kind::kImage, kAtOnce},
    {"font-face-uri", "href", Kind::kFont, kAtOnce},
    {"foreignobject", "href", Kind::kPage, kAtOnce},
    {"glyphref", "href", Kind::kImage, kAtOnce},
    {"hatch", "href", Kind::kImage, kAtOnce},
    {"iframe", "src", Kind::kPage, kAtOnce},
    {"image", "href", Kind::kImage, kAtOnce},
    {"image", "src", Kind::kImage, kAtOnce},
    {"img", "src", Kind::kImage, kAtOnce},
    {"include", "href", Kind::kOther, kNever},
    {"lineargradient", "href", Kind::kImage, kAtOnce},
    {"meshgradient", "href", Kind::kImage, kAtOnce},
    {"mpath", "href", Kind::kImage, kAtOnce},
    {"object", "data", Kind::kMedia, kAtOnce},
    {"pattern", "href", Kind::kImage, kAtOnce},
    {"radialgradient", "href", Kind::kImage, kAtOnce},
    {"script", "href", Kind::kScript, kAtOnce},
    {"script", "src", Kind::kScript, kAtOnce},
    {"source", "src", Kind::kMedia, kAtOnce},
    {"textpath", "href", Kind::kImage, kAtOnce},
    {"track", "src", Kind::kTrack, kAtOnce},
    {"tref", "href", Kind::kImage, kAtOnce},
    {"use", "href", Kind::kImage, kAtOnce},
    {"video", "href", Kind::kMedia, kAtOnce},
    {"video", "poster", Kind::kPoster, kAtOnce},
    {"video", "src", Kind::kMedia, kAtOnce},
};

// SVG 2, 6.6 "Presentation attributes" that take url(), and the values of animations (SMIL).
constexpr std::string_view kPresentation[] = {
    "background",     "by",           "clip-path", "color-profile", "cursor",
    "fill",           "filter",       "from",      "marker",        "marker-end",
    "marker-mid",     "marker-start", "mask",      "mask-image",    "shape-inside",
    "shape-subtract", "stroke",       "to",        "values"};

}  // namespace

const XmlPlace* find_xml_place(std::string_view element, std::string_view attribute) {
  const auto key = std::pair(element, attribute);
  const auto found = std::lower_bound(
      std::begin(kPlaces), std::end(kPlaces), key,
      [](const XmlPlace& p, const auto& k) { return std::pair(p.element, p.attribute) < k; });
  const bool equal =
      found != std::end(kPlaces) && std::pair(found->element, found->attribute) == key;
  return equal ? found : nullptr;
}

bool is_presentation_attribute(std::string_view name) {
  return std::binary_search(std::begin(kPresentation), std::end(kPresentation), name);
}

bool is_url_attribute(std::string_view name) {
  return name == "href" || name == "src" || name == "url";
}

std::optional<Kind> kind_by_look(std::string_view attribute, std::string_view value) {
  if (std::any_of(value.begin(), value.end(), is_space)) return std::nullopt;
  if (const auto unfetched = unfetched_kind(value)) return unfetched;
  if (has_image_extension(value)) return Kind::kImage;
  if (has_media_extension(value)) return Kind::kMedia;
  const bool rooted = value.starts_with('/') || value.starts_with("./") || value.starts_with("../");
  if (!is_absolute_http(value) && !rooted && !has_text_extension(value)) return std::nullopt;
  return attribute == "href" ? Kind::kPage : Kind::kOther;
}

}  // namespace halftone
