// robots.txt: what a site asks crawlers not to fetch (RFC 9309).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/url.h"

namespace halftone {

// The rules of one robots.txt. A value: safe for concurrent reading.
class Robots {
 public:
  // What the rules say of one URL.
  struct Verdict {
    bool allowed = true;
    std::string rule;   // the line that decided, as written ("Disallow: /private/"); empty for none
    size_t line = 0;    // its number, from 1; 0 for none
    std::string group;  // the agent of the group that counted, as written ("*"); empty for none
    std::optional<double> crawl_delay;  // seconds, of that group, a day at most
  };

  // Any bytes: a byte order mark, CR, LF and CRLF, unknown lines; what follows the first 500 KiB is
  // left out (2.5).
  static Robots parse(std::string_view bytes);

  // Whether `agent` (a product token, "halftone", or a whole User-Agent value) may fetch `url`: the
  // longest rule wins, of equals the one that allows (2.2.2); groups of the same agent count
  // together (2.2.1); /robots.txt itself is always allowed. Takes microseconds for usual files and
  // some milliseconds for the worst: where rules with stars would take longer, the rest of them are
  // held against the URL's first 512 bytes (see robots_path.h).
  Verdict check(std::string_view agent, const Url& url) const;

  const std::vector<std::string>& sitemaps() const { return sitemaps_; }  // as written

  // About the bytes that it takes in memory: a few times the file's, at the worst.
  size_t memory() const;

 private:
  friend class RobotsParser;

  // Spans of bytes_; 500 KiB and their escapes fit.
  struct Span {
    uint32_t from, size;
  };
  struct Rule {
    Span path;  // normalised, with * and $, no two * together
    Span text;
    uint32_t line;
    bool allow;
  };
  struct Agent {
    std::string name;  // as written
    std::optional<double> crawl_delay;
  };
  struct Group {
    std::vector<Agent> agents;
    std::vector<Rule> rules;
  };

  // Of the groups for the product token, else for *, the agents and their rules.
  std::vector<std::pair<const Agent*, const Group*>> groups_for(std::string_view token) const;

  Span keep(std::string_view text);
  std::string_view view(Span span) const {
    return std::string_view(bytes_).substr(span.from, span.size);
  }

  std::string bytes_;
  std::vector<Group> groups_;
  std::vector<std::string> sitemaps_;
};

}  // namespace halftone
