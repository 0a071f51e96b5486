// Whether robots.txt lets a URL be fetched: asked of each origin once in a while, remembered for
// all its URLs (RFC 9309).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/robots.h"
#include "media/time.h"
#include "media/url.h"

namespace halftone {

// Rules of many origins ("https://example.org:8443"). Holds so many origins at once, those used
// last. No I/O of its own: who has it fetches. One thread at a time.
class RobotsGate {
 public:
  // `agent`: the product token, or a whole User-Agent value.
  explicit RobotsGate(std::string agent);
  ~RobotsGate();

  struct Answer {
    enum class Step : uint8_t {
      kAllowed,
      kDenied,
      kAsk,   // robots.txt of the origin has to be fetched first: `ask`
      kWait,  // the origin's robots.txt could not be had (5xx, no answer): nothing may be fetched
              // before `until` (2.3.1.4)
    };
    Step step = Step::kAllowed;
    std::string reason;  // where denied or waiting, for people: "robots.txt, line 3: Disallow: /x"
    std::string ask;     // URL
    Time until{};
  };
  Answer check(const Url& url, Time now);

  // What came of fetching an origin's robots.txt, redirects followed (2.3.1.2; five at least).
  // `status` 0: no answer, with `why`. 4xx: everything is allowed; 5xx, 429 and no answer: nothing,
  // until it was asked again, and after 30 days without it, everything; 2xx: the rules of `body`,
  // of which the first 500 KiB count. `max_age` of Cache-Control is kept to between a minute and a
  // day.
  struct Fetched {
    int status = 0;
    std::string body;
    std::string cache_control;
    std::string why;
  };
  void set(const Url& robots_url, const Fetched& fetched, Time now);

  // Of an origin whose robots.txt is known: for our agent.
  std::optional<std::chrono::milliseconds> crawl_delay(const Url& url) const;
  std::vector<std::string> sitemaps(const Url& url) const;
};

}  // namespace halftone
