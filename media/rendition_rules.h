// How CDNs write renditions: the table.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "media/ascii.h"

namespace halftone {

// What a text is made of, in a few bits: where a URL lacks some that a rule has, the rule does not
// hold for it.
struct Marks {
  uint64_t letters = 0;            // bytes
  uint64_t pairs = 0, others = 0;  // bytes side by side, digits being all the same
  uint64_t behind = 0;  // bytes right behind ".jpg" and what else looks like an extension

  constexpr void add_letter(char c) { letters |= bit(static_cast<uint8_t>(c)); }
  constexpr void add_behind(char c) { behind |= bit(static_cast<uint8_t>(c)); }
  constexpr void add_pair(char a, char b) {
    const unsigned hash = folded(a) * 37u + folded(b);
    const uint64_t other = (hash & 64) != 0 ? bit(hash) : 0;
    pairs |= bit(hash) ^ other;
    others |= other;
  }

  constexpr bool holds(const Marks& rule) const {
    return ((rule.pairs & ~pairs) | (rule.others & ~others) | (rule.behind & ~behind)) == 0;
  }

 private:
  static constexpr uint64_t bit(unsigned hash) { return uint64_t{1} << (hash & 63); }
  static constexpr std::array<uint8_t, 256> kFolded = [] {
    std::array<uint8_t, 256> folded{};
    for (size_t c = 0; c < 256; ++c) {
      folded[c] = is_digit(static_cast<char>(c)) ? '0' : static_cast<uint8_t>(c);
    }
    return folded;
  }();
  static constexpr uint8_t folded(char c) { return kFolded[static_cast<uint8_t>(c)]; }
};

Marks marks_of(std::string_view url);

// The same for one URL after the other, of which many begin alike.
class MarkedUrls {
 public:
  Marks marks_of(std::string_view url);

 private:
  std::string folder_;  // of the URL before, with its slash
  Marks folder_marks_;  // pairs alone
};

// A rule holds for a URL when its host and path match, and counts when it changes the URL.
struct RenditionRule {
  std::string_view host;   // "any"; ".example.com": it and those below it; else a pattern
  std::string_view path;   // a pattern (media/url_pattern.h); empty: any path
  std::string_view to;     // what stands in its place, with $1 …; several after |, best first;
                           // ? at the end drops the query; "<" takes the URL in what the last
                           // * or ** kept, "<host" also one without a scheme
  std::string_view query;  // parameters to drop ("w h"), by their begin ("image*"), or to set
                           // where they are ("name=orig"); "<url": the URL that this one holds
  Marks marks;             // that the URL must have

  constexpr RenditionRule(std::string_view host, std::string_view path, std::string_view to,
                          std::string_view query)
      : host(host), path(path), to(to), query(query) {
    if (host != "any") add_marks(host.starts_with('.') ? host.substr(1) : host);
    add_marks(path);
    if (!query.empty() && path.empty()) marks.add_behind('?');
  }

 private:
  static constexpr bool is_symbol(char c) {
    return std::string_view("*?%&").find(c) != std::string_view::npos;
  }

  constexpr void add_marks(std::string_view pattern) {
    for (size_t i = 0; i < pattern.size(); ++i) {
      const char c = pattern[i];
      if (is_symbol(c)) continue;
      const char before = i > 0 ? pattern[i - 1] : '*';
      if (before == '%' && c != '#') marks.add_behind(c);
      if (!is_symbol(before)) marks.add_pair(before == '#' ? '0' : before, c == '#' ? '0' : c);
    }
  }
};

// In order: the first rule that changes a URL is the one that counts.
std::span<const RenditionRule> rendition_rules();

// The next of them that may hold for a URL of these marks; null where there is none.
const RenditionRule* next_rule(const Marks& url, const RenditionRule* after = nullptr);

}  // namespace halftone
