#include "media/html_context.h"

#include <algorithm>

#include "media/html_scripts.h"
#include "media/html_tag.h"

namespace halftone {
namespace {

// 4.8.11.5 "preload": with "none" nothing is asked for before a reader plays it.
bool waits(const HtmlTag& media) {
  return media.is(Attr::kPreload, "none") && !media.has(Attr::kAutoplay);
}

Loading script_loading(const HtmlTag& script) {
  const ScriptType type = script_type(script);
  const bool classic = type == ScriptType::kClassic && !script.has(Attr::kNoModule);
  const bool runs = classic || type == ScriptType::kModule;
  return runs ? Loading::kAtOnce : Loading::kNever;
}

}  // namespace

void HtmlContext::start_tag(Role role, const HtmlTag& tag) {
  if (role == Role::kNoscript) in_noscript_ = true;
  if (role == Role::kPicture) in_picture_ = true;
  if (role == Role::kFrameset) has_frameset_ = true;
  if (role == Role::kMedia) {
    in_media_ = true;
    media_waits_ = waits(tag);
  }
  if (role == Role::kTemplate) {
    ++templates_;
    const bool shadow =
        tag.is(Attr::kShadowRootMode, "open") || tag.is(Attr::kShadowRootMode, "closed");
    if (!shadow && inert_from_ == 0) inert_from_ = templates_;
  }
}

void HtmlContext::end_tag(Role role) {
  if (role == Role::kNoscript) in_noscript_ = false;
  if (role == Role::kPicture) in_picture_ = false;
  if (role == Role::kMedia) in_media_ = false;
  if (role == Role::kTemplate && templates_ > 0) {
    if (inert_from_ == templates_) inert_from_ = 0;
    --templates_;
  }
}

Loading HtmlContext::soonest() const {
  if (in_noscript_) return Loading::kNever;
  return inert_from_ > 0 ? std::max(outermost_, Loading::kByScript) : outermost_;
}

Loading HtmlContext::loading(const Place& place, Role role, const HtmlTag& tag,
                             bool foreign) const {
  if (place.world != World::kAny && (place.world == World::kForeign) != foreign) {
    return Loading::kNever;
  }
  return std::max(soonest(), own_loading(place, role, tag));
}

Loading HtmlContext::own_loading(const Place& place, Role role, const HtmlTag& tag) const {
  if (place.loading != Loading::kAtOnce) return place.loading;
  if (place.attribute == Attr::kXlinkHref && tag.has(Attr::kHref)) return Loading::kNever;
  const auto only_if = [](bool loads, Loading otherwise) {
    return loads ? Loading::kAtOnce : otherwise;
  };
  switch (role) {
    case Role::kFrame:
      // 13.2.6.4.20: elsewhere a parser drops it.
      if (place.element == "frame" && !has_frameset_) return Loading::kNever;
      if (place.attribute == Attr::kSrc && tag.has(Attr::kSrcdoc)) return Loading::kNever;
      [[fallthrough]];
    case Role::kImage:
      return only_if(!tag.is(Attr::kLoading, "lazy"), Loading::kNearView);
    case Role::kMedia:
      return only_if(place.attribute == Attr::kPoster || !media_waits_, Loading::kNever);
    case Role::kSource:
      if (place.attribute == Attr::kSrcset) return only_if(in_picture_, Loading::kByScript);
      return only_if(in_media_ && !media_waits_, in_media_ ? Loading::kNever : Loading::kByScript);
    case Role::kTrack:
      return only_if(in_media_ && tag.has(Attr::kDefault), Loading::kNever);
    case Role::kScript:
      return script_loading(tag);
    case Role::kLink:
      if (place.attribute != Attr::kImageSrcset) return Loading::kAtOnce;
      return only_if(tag.has_word(Attr::kRel, "preload") && tag.is(Attr::kAs, "image"),
                     Loading::kNever);
    default:
      return Loading::kAtOnce;
  }
}

}  // namespace halftone
