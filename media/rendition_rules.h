// How CDNs write renditions: the table.
#pragma once

#include <span>
#include <string_view>

namespace halftone {

// A rule holds for a URL when its host and path match, and counts when it changes the URL.
struct RenditionRule {
  std::string_view host;   // "any"; ".example.com": it and those below it; else a pattern
  std::string_view path;   // a pattern (media/url_pattern.h); empty: any path
  std::string_view to;     // what stands in its place, with $1 …; several after |, best first;
                           // ? at the end drops the query; "<" takes the URL in what the last
                           // * or ** kept, "<host" also one without a scheme
  std::string_view query;  // parameters to drop ("w h"), by their begin ("image*"), or to set
                           // where they are ("name=orig"); "<url": the URL that this one holds
};

// In order: the first rule that changes a URL is the one that counts.
std::span<const RenditionRule> rendition_rules();

}  // namespace halftone
