// A URL standing in a document.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"

namespace halftone {

// What a reference asks for.
enum class Kind : uint8_t {
  kImage,
  kImageCandidate,  // of srcset or image-set
  kLazyImage,       // named by a data-* attribute or inside noscript
  kIcon,
  kStylesheet,
  kCssString,  // a URL that CSS writes as a plain string
  kScript,
  kFont,
  kMedia,
  kPoster,
  kTrack,
  kManifest,
  kPage,
  kFeed,
  kForm,
  kMetadataImage,  // og:, twitter:, itemprop, JSON-LD, front matter
  kStateImage,     // inline JSON
  kData,
  kOther,
};

std::string_view to_string(Kind kind);  // "image-candidate"
std::optional<Kind> kind_from_string(std::string_view name);

// How a text must be written to stand at a place in a document.
enum class Escape : uint8_t {
  kNone,
  kHtmlDoubleQuoted,
  kHtmlSingleQuoted,
  kHtmlUnquoted,
  kCssDoubleQuoted,
  kCssSingleQuoted,
  kCssUrl,  // url(bare)
  kJson,
  kYamlDoubleQuoted,
  kYamlSingleQuoted,
  kYamlPlain,
  kMarkdownUrl,       // ](bare) and [id]: bare
  kMarkdownAngled,    // ](<…>)
  kMarkdownAutolink,  // <https://…> and bare https://…: only an absolute URL can stand there
  kSrcset,            // one candidate's URL; the attribute's own escape follows
  kXmlDoubleQuoted,
  kXmlSingleQuoted,
  kXmlText,
  kXmlCData,  // inside <![CDATA[ … ]]>
  kTomlBasic,
  kTomlLiteral,
  kPlaylistLine,    // a whole line of an HLS playlist or of a text sitemap
  kPlaylistQuoted,  // URI="…" in an HLS playlist
  kTemplate,        // an argument of a template tag ({% img here %}), quoted or not; ![[here]]
};

// Innermost escape first; the rest is kNone. A url() in a style attribute of a feed's escaped
// HTML: {kCssUrl, kHtmlDoubleQuoted, kXmlText}.
using Escapes = std::array<Escape, 4>;

// `inner` written inside of `outer`, whose outermost escape must be free.
constexpr Escapes nested(Escape inner, const Escapes& outer) {
  return {inner, outer[0], outer[1], outer[2]};
}

// When a browser that shows the document asks for it.
enum class Loading : uint8_t {
  kAtOnce,
  kNearView,  // loading=lazy: once a reader has scrolled near
  kByScript,  // data-*, inline state: where a script puts it in place
  kNever,     // metadata, noscript, candidates it drops, what a reader follows
};

std::string_view to_string(Loading loading);  // "at-once", "near-view", "by-script", "never"

// Which Referer a request may carry (W3C Referrer Policy, 3). kUnset: nothing said here.
enum class ReferrerPolicy : uint8_t {
  kUnset,
  kNoReferrer,
  kNoReferrerWhenDowngrade,
  kOrigin,
  kOriginWhenCrossOrigin,
  kSameOrigin,
  kStrictOrigin,
  kStrictOriginWhenCrossOrigin,
  kUnsafeUrl,
};

ReferrerPolicy referrer_policy_from_string(std::string_view token);  // kUnset where unknown
std::string_view to_string(ReferrerPolicy policy);

struct Reference {
  std::string url;  // absolute, as the URL standard serialises it; empty where it does not parse
  std::string raw;  // as written, the document's escapes decoded
  Kind kind = Kind::kOther;
  // Of the written value in the document's bytes. Empty where there is none that a replacement
  // could be written to: segments that a template stands for, values put together from several
  // pieces. No two references share a span that is not empty, save as `origin_of` says.
  Span span;
  Escapes escapes{};               // how to write a replacement
  std::string element, attribute;  // lower case; empty outside of markup
  std::string descriptor;          // "2x", "640w"
  std::string alt;
  ReferrerPolicy referrer_policy = ReferrerPolicy::kUnset;  // the element's own
  Loading loading = Loading::kAtOnce;
  bool rejected = false;  // a browser would drop it; an archiver may still want it
  // Where this is a guess at the picture that the page shows a rendition of: the page's own URL. It
  // shares the span of that one, and nothing is written for it.
  std::string origin_of;
};

// True for what must be fetched so that the archived copy shows everything: images of
// all sorts, stylesheets, fonts, media, manifests. False for pages, feeds, forms, scripts (an
// archived copy runs none), data: URLs.
bool is_requisite(Kind kind);

// The kind of a URL that is never fetched whatever it stands for, by its begin alone: data:,
// fragments, javascript: and their like.
std::optional<Kind> unfetched_kind(std::string_view url);

// `text` written so that it stands at a place with these escapes. Where a plain YAML scalar cannot
// hold it, it comes with quotes; line breaks become spaces where the place cannot hold any.
std::string escaped(std::string_view text, const Escapes& escapes);

// The same for a document in that charset. What the charset lacks is written by the innermost
// escape that can write any character (\56fe in CSS, \u56fe in JSON, &#22270; in markup), and where
// there is none, as a URL writes it: %E5%9B%BE.
std::string escaped(std::string_view text, const Escapes& escapes, std::string_view charset);

}  // namespace halftone
