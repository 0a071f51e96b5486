// The names of HTML that scanning for references knows, found by a hash of a few of their letters.
#pragma once

#include <cstdint>
#include <string_view>

#include "media/ascii.h"

namespace halftone {

// Attributes that places, kinds or loading depend on.
enum class Attr : uint8_t {
  kUnknown,       // may hold the URL of a picture for a script
  kText,          // well known, and never the place of a URL
  kStyle,         // declarations, on any element
  kPresentation,  // a CSS value, on SVG's elements
  kAction,
  kAlt,
  kArchive,
  kArtwork,
  kAs,
  kAutoplay,
  kBackground,
  kCite,
  kClassId,
  kCode,
  kCodebase,
  kContent,
  kData,
  kDefault,
  kDisabled,
  kDynSrc,
  kFormAction,
  kHref,
  kHttpEquiv,
  kImageSrcset,
  kItemProp,
  kLoading,
  kLongDesc,
  kLowSrc,
  kManifest,
  kName,
  kNoModule,
  kPing,
  kPoster,
  kPosterLandscape,
  kPosterPortrait,
  kPosterSquare,
  kPreload,
  kProperty,
  kPublisherLogo,
  kReferrerPolicy,
  kRel,
  kShadowRootMode,
  kSrc,
  kSrcdoc,
  kSrcset,
  kType,
  kXlinkHref,
  kCount,
};

// What an attribute of that name, in any letter case, is to us.
Attr find_attr(std::string_view name);

namespace detail {

// Where in a table of `slots`, a power of two, a name in any letter case is looked for first.
constexpr size_t name_slot(std::string_view name, size_t slots) {
  const auto letter = [name](size_t i) { return static_cast<size_t>(name[i] | 0x20) & 0xFF; };
  const size_t last = name.size() - 1;
  return (name.size() * 37 + letter(0) * 7 + letter(last) * 13 + letter(last / 2) * 3) &
         (slots - 1);
}

// True where `name` in any letter case is `lower`; names are too short for the calls of ascii.h.
inline bool is_name(std::string_view name, std::string_view lower) {
  if (name.size() != lower.size()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (to_lower(name[i]) != lower[i]) return false;
  }
  return true;
}

}  // namespace detail
}  // namespace halftone
