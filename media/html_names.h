// The names of HTML that scanning for references knows, found by a hash of a few of their letters.
#pragma once

#include <array>
#include <cstddef>
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

// What names mean, in any letter case: found by a hash of a few of their letters. `kSlots`: a power
// of two, a few times the number of the names.
template <class Meaning, size_t kSlots>
class NameTable {
 public:
  struct Row {
    std::string_view name;  // lower case
    Meaning meaning{};
  };

  template <class Rows>
  constexpr explicit NameTable(const Rows& rows) {
    for (const Row& row : rows) (*this)[row.name] = row.meaning;
  }

  // Adds the name if it is not there.
  constexpr Meaning& operator[](std::string_view name) {
    size_t slot = slot_of(name);
    while (!rows_[slot].name.empty() && rows_[slot].name != name) slot = (slot + 1) % kSlots;
    rows_[slot].name = name;
    return rows_[slot].meaning;
  }

  // Null where there is no such name.
  const Row* find(std::string_view name) const {
    if (name.empty()) return nullptr;
    for (size_t slot = slot_of(name); !rows_[slot].name.empty(); slot = (slot + 1) % kSlots) {
      if (is_name(name, rows_[slot].name)) return &rows_[slot];
    }
    return nullptr;
  }

 private:
  static constexpr size_t slot_of(std::string_view name) {
    const auto letter = [name](size_t i) { return static_cast<size_t>(name[i] | 0x20) & 0xFF; };
    const size_t last = name.size() - 1;
    return (name.size() * 37 + letter(0) * 7 + letter(last) * 13 + letter(last / 2) * 3) % kSlots;
  }

  // Names are too short for the calls of ascii.h.
  static bool is_name(std::string_view name, std::string_view lower) {
    if (name.size() != lower.size()) return false;
    for (size_t i = 0; i < name.size(); ++i) {
      if (to_lower(name[i]) != lower[i]) return false;
    }
    return true;
  }

  std::array<Row, kSlots> rows_{};
};

}  // namespace halftone
