// How CDNs write renditions: the table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace halftone {

// One of 64 bits for a byte, so that a URL that lacks a letter of a rule is known to break it.
constexpr uint64_t letter_bit(char c) { return uint64_t{1} << (static_cast<uint8_t>(c) & 63); }

// A rule holds for a URL when its host and path match, and counts when it changes the URL.
struct RenditionRule {
  std::string_view host;   // "any"; ".example.com": it and those below it; else a pattern
  std::string_view path;   // a pattern (media/url_pattern.h); empty: any path
  std::string_view to;     // what stands in its place, with $1 …; several after |, best first;
                           // ? at the end drops the query; "<" takes the URL in what the last
                           // * or ** kept, "<host" also one without a scheme
  std::string_view query;  // parameters to drop ("w h"), by their begin ("image*"), or to set
                           // where they are ("name=orig"); "<url": the URL that this one holds
  uint64_t letters = 0;    // that the URL must hold: those of `path`

  constexpr RenditionRule(std::string_view host, std::string_view path, std::string_view to,
                          std::string_view query)
      : host(host), path(path), to(to), query(query) {
    for (const char c : path) {
      const bool is_symbol = std::string_view("*#?%&").find(c) != std::string_view::npos;
      if (!is_symbol) letters |= letter_bit(c);
    }
    if (!query.empty() && path.empty()) letters |= letter_bit('?');
  }
};

// In order: the first rule that changes a URL is the one that counts.
std::span<const RenditionRule> rendition_rules();

}  // namespace halftone
