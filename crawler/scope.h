// Which pages a mirror takes: how far from its seeds, and what the user let in or kept out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "crawler/glob.h"
#include "media/error.h"
#include "media/url.h"

namespace halftone {

// How far the links of a seed are followed: --scope.
enum class Reach : uint8_t {
  kPage,    // the seeds alone
  kDir,     // their folders: all that begins with the address up to the last slash of its path
  kHost,    // their hosts, with the port, by http and https
  kDomain,  // their sites: all hosts under the same registrable domain
  kAny,     // everywhere
};

std::string_view to_string(Reach reach);  // "page", "dir" …
std::optional<Reach> reach_named(std::string_view name);

// Patterns of --include and --exclude. A star stands for any characters, slashes too. They are
// compared with addresses without fragment and credentials:
//   https://example.org/a*   the whole address; the pattern has "://"
//   /tag/*                   path and query on any host; the pattern begins with a slash
//   *.example.org/tag/*      host, path and query; every other
// The host is compared without regard to letter case, the path with. Non-ASCII is compared as URLs
// write it: 新闻 in a path is %E6%96%B0%E9%97%BB, but a host with a star is to be given in its
// ASCII form (xn--…). A pattern without a question mark also fits addresses that fit it without
// their query ("*.pdf" fits "a.pdf?dl=1"), as wget does it. A pattern without a star fits one
// address and all below it: "example.org/news" fits /news, /news/a and /news?page=2, not
// /newsletter.
struct ScopeOptions {
  Reach reach = Reach::kDomain;
  std::vector<std::string> include, exclude;
  std::optional<size_t> depth;  // links from a seed to a page, at most
  size_t hops = 0;  // pages outside the reach are taken when so many links lead there from inside
  uint64_t host_pages = 0;  // pages of one host, at most; 0: no limit. Scope itself counts none
};

// kUsage, in the words of the command line: a pattern that is empty, has spaces, a # or control
// characters in it, is written as a regular expression, names another scheme than http(s), or is
// longer than 2,048 bytes; more than 1,000 patterns.
Result<void> check_scope_options(const ScopeOptions& options);

// One pattern, made ready.
class UrlPattern {
 public:
  explicit UrlPattern(const std::string& text);

  const std::string& text() const { return text_; }  // as the user wrote it
  bool matches(const Url& url) const;

 private:
  enum class Subject : uint8_t { kUrl, kHostAndPath, kPath };

  bool matches(std::string_view subject) const;

  std::string text_;
  Subject subject_;
  std::string plain_;  // to compare with, where there is no star
  Glob glob_;
};

// The judgement. A value: safe for concurrent use.
class Scope {
 public:
  // Options that check_scope_options() lets pass. Seeds that are not http(s) bring no pages.
  Scope(ScopeOptions options, const std::vector<Url>& seeds);

  struct Verdict {
    bool allowed = false;
    std::string rule;  // what decided, for people, in the words of the command line
    size_t hops = 0;   // links since the last page within the reach; 0 for one within it
  };

  // Of a page that is linked to. `depth`: links from a seed to it; `hops`: Verdict::hops of the
  // page that links to it, 0 for a seed's. Seeds are always allowed. --exclude beats --include;
  // where there is an --include, a page has to fit one, on whatever host. Non-http pages never are.
  Verdict judge(const Url& page, size_t depth, size_t hops) const;

 private:
  bool is_within(const Url& page) const;
  std::string outside() const;

  ScopeOptions options_;
  std::vector<UrlPattern> include_, exclude_;
  std::unordered_set<std::string> seeds_;  // page keys
  std::unordered_set<std::string> homes_;  // hosts or sites
  std::vector<std::string> folders_;       // sorted, none below another
  std::string first_home_;                 // for people
};

}  // namespace halftone
