// The two readers behind parse_feed() and find_feed_references().
#pragma once

#include <optional>
#include <string_view>

#include "media/charset.h"
#include "media/feed_builder.h"
#include "media/url.h"

namespace halftone {

// `text` is decoded; spans in the result are in the bytes it was decoded from. Nothing where no
// feed begins in it.
std::optional<FeedScan> scan_xml_feed(const SourceText& text, const Url& document_url,
                                      std::string_view charset);
std::optional<FeedScan> scan_json_feed(const SourceText& text, const Url& document_url,
                                       std::string_view charset);

}  // namespace halftone
