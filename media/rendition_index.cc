#include "media/rendition_index.h"

#include <array>

#include "media/ascii.h"
#include "media/byte_scan.h"
#include "media/http_url_parts.h"
#include "media/url_pattern.h"

namespace halftone {
namespace {

constexpr std::array<uint8_t, 256> kFolded = [] {
  std::array<uint8_t, 256> folded{};
  for (size_t c = 0; c < 256; ++c) {
    folded[c] = is_digit(static_cast<char>(c)) ? '0' : static_cast<uint8_t>(c);
  }
  return folded;
}();

constexpr uint64_t bit(unsigned hash) { return uint64_t{1} << (hash & 63); }

// Which bytes stand side by side in a text, all digits being the same, in a few bits. Where it
// lacks a pair of a pattern, the pattern does not match it.
struct Pairs {
  std::array<uint64_t, 2> bits{};

  void add(char before, std::string_view text) {
    unsigned last = kFolded[static_cast<uint8_t>(before)];
    for (const char c : text) {
      const unsigned next = kFolded[static_cast<uint8_t>(c)];
      const unsigned hash = last * 37 + next;
      bits[hash >> 6 & 1] |= bit(hash);
      last = next;
    }
  }

  bool has(const Pairs& wanted) const {
    return ((wanted.bits[0] & ~bits[0]) | (wanted.bits[1] & ~bits[1])) == 0;
  }
};

// What stands behind the last slash of a path, and whether a query does.
struct Name {
  Pairs pairs;
  uint64_t behind = 0;  // bytes right behind ".jpg" and what else looks like an extension; "?"

  bool has(const Name& wanted) const {
    return (wanted.behind & ~behind) == 0 && pairs.has(wanted.pairs);
  }
};

// What a URL must have so that a rule may hold for it. Of the rule's path, what stands before and
// behind the last slash does so in the URL, too; one that is open at its end tells no name.
struct Wanted {
  Pairs folder;
  Name name;
};

void add_pattern(Pairs& pairs, std::string_view pattern) {
  const auto is_fixed = [](char c) { return c == '#' || !is_pattern_symbol(c); };
  const auto digit = [](char c) { return c == '#' ? '0' : c; };
  for (size_t i = 1; i < pattern.size(); ++i) {
    const char next = digit(pattern[i]);
    if (is_fixed(pattern[i - 1]) && is_fixed(pattern[i])) {
      pairs.add(digit(pattern[i - 1]), std::string_view(&next, 1));
    }
  }
}

Wanted wanted_by(const RenditionRule& rule) {
  Wanted wanted;
  if (rule.path.empty()) {
    wanted.name.behind = bit('?');
    return wanted;
  }
  const size_t slash = rule.path.rfind('/');
  add_pattern(wanted.folder, rule.path.substr(0, slash + 1));
  if (is_open_ended(rule.path)) return wanted;
  const std::string_view name = rule.path.substr(slash);
  add_pattern(wanted.name.pairs, name);
  for (size_t i = 1; i < name.size(); ++i) {
    const bool is_behind = name[i - 1] == '%' && !is_pattern_symbol(name[i]);
    if (is_behind) wanted.name.behind |= bit(static_cast<uint8_t>(name[i]));
  }
  return wanted;
}

const std::vector<Wanted>& all_wanted() {
  static const std::vector<Wanted> all = [] {
    std::vector<Wanted> wanted;
    for (const RenditionRule& rule : rendition_rules()) wanted.push_back(wanted_by(rule));
    return wanted;
  }();
  return all;
}

bool is_of_host(std::string_view pattern, std::string_view host) {
  if (pattern == "any") return true;
  if (pattern.starts_with('.')) return host.ends_with(pattern) || host == pattern.substr(1);
  return pattern == host || (pattern.find('#') != pattern.npos && matches(pattern, host));
}

Name name_of(std::string_view text, bool has_query) {
  Name name;
  name.pairs.add('/', text);
  if (has_query) name.behind |= bit('?');
  for (size_t at = text.find('.'); at < text.size(); at = text.find('.', at)) {
    ++at;
    while (at < text.size() && is_alnum(text[at])) ++at;
    if (at < text.size()) name.behind |= bit(static_cast<uint8_t>(text[at]));
  }
  return name;
}

}  // namespace

std::span<const RenditionRule* const> RenditionIndex::rules_for(std::string_view url) {
  size_t from = url.starts_with(folder_) ? folder_.size() : 0;
  size_t path_end = from;
  while ((path_end = find_any<'/', '?', '#'>(url, path_end)) < url.size() && url[path_end] == '/') {
    from = ++path_end;
  }
  enter(url.substr(0, from));
  const Name name = name_of(url.substr(from, path_end - from), path_end < url.size());
  const std::vector<Wanted>& wanted = all_wanted();
  found_.clear();
  for (const uint32_t i : in_folder_) {
    if (name.has(wanted[i].name)) found_.push_back(&rendition_rules()[i]);
  }
  return found_;
}

void RenditionIndex::enter(std::string_view folder) {
  if (folder == folder_) return;
  folder_ = folder;
  enter_host(HttpUrlParts(folder).host);
  Pairs pairs;
  pairs.add('/', folder);
  const std::vector<Wanted>& wanted = all_wanted();
  in_folder_.clear();
  for (const uint32_t i : of_host_) {
    if (pairs.has(wanted[i].folder)) in_folder_.push_back(i);
  }
}

void RenditionIndex::enter_host(std::string_view host) {
  if (host == host_ && !of_host_.empty()) return;
  host_ = host;
  of_host_.clear();
  const auto rules = rendition_rules();
  for (uint32_t i = 0; i < rules.size(); ++i) {
    if (is_of_host(rules[i].host, host)) of_host_.push_back(i);
  }
}

}  // namespace halftone
