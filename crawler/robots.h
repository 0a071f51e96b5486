// robots.txt: what a site asks crawlers not to fetch (RFC 9309).
#pragma once

#include <optional>
#include <string>
#include <string_view>
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
    std::optional<double> crawl_delay;  // seconds, of that group
  };

  // Any bytes: a byte order mark, CR, LF and CRLF, unknown lines; what follows the first 500 KiB is
  // left out (2.5).
  static Robots parse(std::string_view bytes);

  // Whether `agent` (a product token, "halftone", or a whole User-Agent value) may fetch `url`: the
  // longest rule wins, of equals the one that allows (2.2.2); groups of the same agent count
  // together (2.2.1); /robots.txt itself is always allowed.
  Verdict check(std::string_view agent, const Url& url) const;

  const std::vector<std::string>& sitemaps() const { return sitemaps_; }  // as written

 private:
  struct Rule {
    bool allow;
    std::string path;  // normalised, with * and $
    std::string text;
    size_t line;
  };
  struct Group {
    std::vector<std::string> agents;  // as written
    std::vector<Rule> rules;
    std::optional<double> crawl_delay;
  };

  std::vector<Group> groups_;
  std::vector<std::string> sitemaps_;
};

}  // namespace halftone
