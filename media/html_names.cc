#include "media/html_names.h"

#include <array>
#include <iterator>

#include "media/ascii.h"

namespace halftone {
namespace {

struct Row {
  std::string_view name;
  Attr attr = Attr::kUnknown;
};

// WHATWG HTML, "Attributes" index and 16.2 "Non-conforming features"; SVG 2 and its presentation
// attributes; ARIA is told by its prefix.
constexpr Row kAttributes[] = {
    {"action", Attr::kAction},
    {"alt", Attr::kAlt},
    {"archive", Attr::kArchive},
    {"artwork", Attr::kArtwork},
    {"as", Attr::kAs},
    {"autoplay", Attr::kAutoplay},
    {"background", Attr::kBackground},
    {"cite", Attr::kCite},
    {"classid", Attr::kClassId},
    {"code", Attr::kCode},
    {"codebase", Attr::kCodebase},
    {"content", Attr::kContent},
    {"data", Attr::kData},
    {"default", Attr::kDefault},
    {"disabled", Attr::kDisabled},
    {"dynsrc", Attr::kDynSrc},
    {"formaction", Attr::kFormAction},
    {"href", Attr::kHref},
    {"http-equiv", Attr::kHttpEquiv},
    {"imagesrcset", Attr::kImageSrcset},
    {"itemprop", Attr::kItemProp},
    {"loading", Attr::kLoading},
    {"longdesc", Attr::kLongDesc},
    {"lowsrc", Attr::kLowSrc},
    {"manifest", Attr::kManifest},
    {"name", Attr::kName},
    {"nomodule", Attr::kNoModule},
    {"ping", Attr::kPing},
    {"poster", Attr::kPoster},
    {"poster-landscape-src", Attr::kPosterLandscape},
    {"poster-portrait-src", Attr::kPosterPortrait},
    {"poster-square-src", Attr::kPosterSquare},
    {"preload", Attr::kPreload},
    {"property", Attr::kProperty},
    {"publisher-logo-src", Attr::kPublisherLogo},
    {"referrerpolicy", Attr::kReferrerPolicy},
    {"rel", Attr::kRel},
    {"shadowrootmode", Attr::kShadowRootMode},
    {"src", Attr::kSrc},
    {"srcdoc", Attr::kSrcdoc},
    {"srcset", Attr::kSrcset},
    {"style", Attr::kStyle},
    {"type", Attr::kType},
    {"xlink:href", Attr::kXlinkHref},
    {"clip-path", Attr::kPresentation},
    {"cursor", Attr::kPresentation},
    {"fill", Attr::kPresentation},
    {"filter", Attr::kPresentation},
    {"marker-end", Attr::kPresentation},
    {"marker-mid", Attr::kPresentation},
    {"marker-start", Attr::kPresentation},
    {"mask", Attr::kPresentation},
    {"stroke", Attr::kPresentation},
    {"abbr", Attr::kText},
    {"accept", Attr::kText},
    {"align", Attr::kText},
    {"border", Attr::kText},
    {"cellpadding", Attr::kText},
    {"cellspacing", Attr::kText},
    {"charset", Attr::kText},
    {"class", Attr::kText},
    {"color", Attr::kText},
    {"cols", Attr::kText},
    {"colspan", Attr::kText},
    {"crossorigin", Attr::kText},
    {"cx", Attr::kText},
    {"cy", Attr::kText},
    {"d", Attr::kText},
    {"datetime", Attr::kText},
    {"decoding", Attr::kText},
    {"dir", Attr::kText},
    {"download", Attr::kText},
    {"face", Attr::kText},
    {"fetchpriority", Attr::kText},
    {"for", Attr::kText},
    {"headers", Attr::kText},
    {"height", Attr::kText},
    {"hreflang", Attr::kText},
    {"id", Attr::kText},
    {"integrity", Attr::kText},
    {"itemid", Attr::kText},
    {"itemtype", Attr::kText},
    {"label", Attr::kText},
    {"lang", Attr::kText},
    {"media", Attr::kText},
    {"nonce", Attr::kText},
    {"pattern", Attr::kText},
    {"placeholder", Attr::kText},
    {"points", Attr::kText},
    {"r", Attr::kText},
    {"role", Attr::kText},
    {"rowspan", Attr::kText},
    {"scheme", Attr::kText},
    {"size", Attr::kText},
    {"sizes", Attr::kText},
    {"slot", Attr::kText},
    {"span", Attr::kText},
    {"srclang", Attr::kText},
    {"summary", Attr::kText},
    {"tabindex", Attr::kText},
    {"target", Attr::kText},
    {"title", Attr::kText},
    {"transform", Attr::kText},
    {"usemap", Attr::kText},
    {"valign", Attr::kText},
    {"value", Attr::kText},
    {"viewbox", Attr::kText},
    {"vocab", Attr::kText},
    {"width", Attr::kText},
    {"x", Attr::kText},
    {"xml:lang", Attr::kText},
    {"xmlns", Attr::kText},
    {"xmlns:xlink", Attr::kText},
    {"y", Attr::kText},
};

constexpr size_t kSlots = 512;

constexpr std::array<Row, kSlots> kTable = [] {
  std::array<Row, kSlots> table{};
  for (const Row& row : kAttributes) {
    size_t slot = detail::name_slot(row.name, kSlots);
    while (!table[slot].name.empty()) slot = (slot + 1) & (kSlots - 1);
    table[slot] = row;
  }
  return table;
}();

}  // namespace

Attr find_attr(std::string_view name) {
  if (name.empty()) return Attr::kText;
  for (size_t slot = detail::name_slot(name, kSlots);; slot = (slot + 1) & (kSlots - 1)) {
    const Row& row = kTable[slot];
    if (row.name.empty()) return Attr::kUnknown;
    if (detail::is_name(name, row.name)) return row.attr;
  }
}

}  // namespace halftone
