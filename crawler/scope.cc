#include "crawler/scope.h"

#include <algorithm>
#include <array>

#include "crawler/canonical_url.h"
#include "media/ascii.h"
#include "media/percent.h"
#include "media/utf8.h"

namespace halftone {
namespace {

constexpr size_t kLongestPattern = 2048;  // bytes
constexpr size_t kMostPatterns = 1000;

constexpr std::array<std::string_view, 5> kReaches = {"page", "dir", "host", "domain", "any"};

// One form for escapes of either letter case.
std::string with_capital_escapes(std::string text) {
  for (size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
    for (size_t i = at + 1; i < std::min(at + 3, text.size()) && is_hex(text[i]); ++i) {
      if (to_lower(text[i]) != text[i] || is_digit(text[i])) continue;
      text[i] = static_cast<char>(text[i] & ~0x20);
    }
  }
  return text;
}

std::string path_of(const Url& url) { return with_capital_escapes(url.pathname() + url.search()); }

// The address up to the last slash of its path, as UrlPattern compares it.
std::string folder_of(const Url& url) {
  const std::string path = with_capital_escapes(url.pathname());
  return url.host() + path.substr(0, path.rfind('/') + 1);
}

// Where the host begins and ends in a pattern: both 0 where it has none.
struct HostPlace {
  size_t from = 0, to = 0;
};

HostPlace host_place(std::string_view pattern) {
  if (pattern.starts_with('/')) return {};
  const size_t mark = pattern.find("://");
  const size_t from = mark == pattern.npos ? 0 : mark + 3;
  return {from, std::min(pattern.find_first_of("/?", from), pattern.size())};
}

// A host in the form that URLs have it in. What stands before the first slash of a pattern with a
// star may reach into the path, too: "*.PDF", "*新闻*".
std::string ready_host(std::string_view host, bool ends_with_slash) {
  const bool has_star = host.find('*') != host.npos;
  if (!has_star && !is_ascii(host)) {
    if (const auto url = Url::parse("http://" + std::string(host))) return url->host();
  }
  std::string out;
  append_percent_encoded(out, host, kSpecialQuerySet);
  return has_star && !ends_with_slash ? out : lower_case(out);
}

std::string ready(std::string_view pattern) {
  const HostPlace host = host_place(pattern);
  std::string out = lower_case(pattern.substr(0, host.from));
  const std::string_view rest = pattern.substr(host.to);
  out += ready_host(pattern.substr(host.from, host.to - host.from), rest.starts_with('/'));
  append_percent_encoded(out, rest, kSpecialQuerySet);
  return with_capital_escapes(std::move(out));
}

// Why a pattern cannot be meant; empty where it can.
std::string_view fault_of(std::string_view pattern) {
  if (pattern.empty()) return "is empty";
  if (pattern.size() > kLongestPattern) return "is longer than 2048 bytes";
  if (!is_valid_utf8(pattern)) return "is not UTF-8";
  if (std::ranges::any_of(pattern, [](char c) { return is_space(c) || is_control(c); })) {
    return "has spaces or control characters in it; write %20 for a space";
  }
  if (pattern.find('#') != pattern.npos) {
    return "has a # in it; addresses are compared without what follows one";
  }
  if (pattern.starts_with('^') || pattern.ends_with('$')) {
    return "is written as a regular expression; * stands for any characters, and a pattern is the "
           "whole of what it is compared with";
  }
  const size_t mark = pattern.find("://");
  const std::string scheme = lower_case(pattern.substr(0, mark));
  const bool is_web = scheme == "http" || scheme == "https" || scheme.find('*') != scheme.npos;
  const bool has_scheme = mark != pattern.npos && pattern.find_first_of("/?") > mark;
  return has_scheme && !is_web ? "names a scheme that is neither http nor https" : "";
}

Result<void> check_patterns(std::string_view option, const std::vector<std::string>& patterns) {
  if (patterns.size() > kMostPatterns) {
    return fail(ErrorCode::kUsage, "{} is given {} times, {} at most are possible", option,
                patterns.size(), kMostPatterns);
  }
  for (const std::string& pattern : patterns) {
    const std::string_view fault = fault_of(pattern);
    if (fault.empty()) continue;
    return fail(ErrorCode::kUsage, "{} {}: the pattern {}", option,
                utf8_head(to_valid_utf8(pattern), 200), fault);
  }
  return {};
}

std::vector<UrlPattern> patterns_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

const UrlPattern* first_match(const std::vector<UrlPattern>& patterns, const Url& url) {
  const auto found = std::ranges::find_if(
      patterns, [&](const UrlPattern& pattern) { return pattern.matches(url); });
  return found == patterns.end() ? nullptr : &*found;
}

// Sorts, and leaves out what stands below another.
void keep_topmost(std::vector<std::string>& folders) {
  std::ranges::sort(folders);
  std::vector<std::string> kept;
  for (std::string& folder : folders) {
    if (kept.empty() || !folder.starts_with(kept.back())) kept.push_back(std::move(folder));
  }
  folders = std::move(kept);
}

}  // namespace

std::string_view to_string(Reach reach) { return kReaches[static_cast<size_t>(reach)]; }

std::optional<Reach> reach_named(std::string_view name) {
  const auto found = std::ranges::find(kReaches, name);
  if (found == kReaches.end()) return std::nullopt;
  return static_cast<Reach>(found - kReaches.begin());
}

Result<void> check_scope_options(const ScopeOptions& options) {
  const auto include = check_patterns("--include", options.include);
  return include ? check_patterns("--exclude", options.exclude) : include;
}

UrlPattern::UrlPattern(const std::string& text)
    : text_(text),
      subject_(text.starts_with('/')       ? Subject::kPath
               : host_place(text).from > 0 ? Subject::kUrl
                                           : Subject::kHostAndPath),
      plain_(ready(text)),
      glob_(plain_) {}

bool UrlPattern::matches(const Url& url) const {
  std::string subject = subject_ == Subject::kUrl ? url.protocol() + "//" : std::string();
  if (subject_ != Subject::kPath) subject += url.host();
  subject += path_of(url);
  if (matches(std::string_view(subject))) return true;
  const size_t query = subject.find('?');
  return query != subject.npos && plain_.find('?') == plain_.npos &&
         matches(std::string_view(subject).substr(0, query));
}

bool UrlPattern::matches(std::string_view subject) const {
  if (glob_.has_star()) return glob_.matches(subject);
  return subject.starts_with(plain_) && (subject.size() == plain_.size() || plain_.ends_with('/') ||
                                         subject[plain_.size()] == '/');
}

Scope::Scope(ScopeOptions options, const std::vector<Url>& seeds)
    : options_(std::move(options)),
      include_(patterns_of(options_.include)),
      exclude_(patterns_of(options_.exclude)) {
  for (const Url& seed : seeds) {
    seeds_.insert(page_key(seed));
    if (!seed.is_http()) continue;
    std::string home = options_.reach == Reach::kDir      ? folder_of(seed)
                       : options_.reach == Reach::kDomain ? seed.site()
                                                          : seed.host();
    if (first_home_.empty()) first_home_ = home;
    if (options_.reach == Reach::kDir) folders_.push_back(home);
    homes_.insert(std::move(home));
  }
  keep_topmost(folders_);
}

bool Scope::is_within(const Url& page) const {
  switch (options_.reach) {
    case Reach::kPage:
      return false;
    case Reach::kDir: {
      // Of folders of which none is below another, only the last one that sorts before the page
      // can hold it.
      const std::string address = page.host() + with_capital_escapes(page.pathname());
      const auto after = std::ranges::upper_bound(folders_, address);
      return after != folders_.begin() && address.starts_with(*(after - 1));
    }
    case Reach::kHost:
      return homes_.contains(page.host());
    case Reach::kDomain:
      return homes_.contains(page.site());
    case Reach::kAny:
      return true;
  }
  return false;
}

// "another site than example.org and 2 more".
std::string Scope::outside() const {
  if (options_.reach == Reach::kPage) return "not a seed";
  const std::string_view what = options_.reach == Reach::kDir    ? "another folder than"
                                : options_.reach == Reach::kHost ? "another host than"
                                                                 : "another site than";
  const std::string more =
      homes_.size() > 1 ? fmt::format(" and {} more", homes_.size() - 1) : std::string();
  return fmt::format("{} {}{}", what, first_home_, more);
}

Scope::Verdict Scope::judge(const Url& page, size_t depth, size_t hops) const {
  if (seeds_.contains(page_key(page))) return {true, "a seed", 0};
  if (!page.is_http()) return {false, "not a page of the web (" + page.protocol() + ")", hops};

  const bool within = is_within(page);
  const size_t outside_by = within ? 0 : std::max(hops, hops + 1);
  const auto refused = [&](std::string rule) {
    return Verdict{false, std::move(rule), outside_by};
  };
  if (const UrlPattern* const match = first_match(exclude_, page)) {
    return refused("--exclude " + match->text());
  }
  const UrlPattern* const included = first_match(include_, page);
  if (!include_.empty() && !included) return refused("fits no --include");
  if (options_.depth && depth > *options_.depth) {
    return refused(fmt::format("deeper than --depth {}", *options_.depth));
  }
  const std::string scope = fmt::format("--scope {}", to_string(options_.reach));
  if (outside_by > options_.hops) {
    if (options_.hops == 0) return refused(fmt::format("{} ({})", outside(), scope));
    return refused(fmt::format("{} ({}) by more than --hops {}", outside(), scope, options_.hops));
  }
  if (!within) return {true, fmt::format("--hops {}", options_.hops), outside_by};
  return {true, included ? "--include " + included->text() : scope, 0};
}

}  // namespace halftone
