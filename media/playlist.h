// Playlists: HLS (RFC 8216) and DASH manifests (ISO/IEC 23009-1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/charset.h"
#include "media/reference.h"
#include "media/url.h"

namespace halftone {

// Every rendition, segment, part, init segment (EXT-X-MAP), key and piece of session data is
// kMedia, subtitles are kTrack; byte ranges are told in the descriptor ("bytes 0-719"). Variables
// (EXT-X-DEFINE) are put in; what only a player knows, or fetches otherwise (skd:), is kOther.
std::vector<Reference> find_hls_references(const SourceText& text, const Url& document_url,
                                           std::string_view charset);

// BaseURL (several, nested), SegmentList, SegmentBase, Initialization, SegmentTemplate with its
// $Number$, $Time$, $RepresentationID$, $Bandwidth$ counted out over the timeline or the duration.
// Of several BaseURLs at one place the first counts, as they offer the same content.
// A template is itself listed, "$" and all, as kOther with its span, so that its URL can be
// rewritten; its segments follow with their representation and have empty spans. Only what can be
// counted is listed, the rest is told in `warnings`.
std::vector<Reference> find_dash_references(const SourceText& xml, const Url& document_url,
                                            std::string_view charset,
                                            std::vector<std::string>& warnings);

}  // namespace halftone
