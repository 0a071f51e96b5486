// Whether robots.txt lets a URL be fetched: asked of each origin once in a while, remembered for
// all its URLs (RFC 9309; numbers are its sections).
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crawler/robots.h"
#include "media/time.h"
#include "media/url.h"

namespace halftone {

// Rules of many origins ("https://example.org:8443"). Holds those used last: so many origins, and
// so many bytes of rules; one that was left out has to be asked for again. No I/O of its own: who
// has it fetches. One thread at a time.
class RobotsGate {
 public:
  // The worst files take some MB each, usual ones a few KB.
  static constexpr size_t kMostOrigins = 20'000;
  static constexpr size_t kMostBytes = 64 << 20;

  // `agent`: the product token, or a whole User-Agent value.
  explicit RobotsGate(std::string agent, size_t most_bytes = kMostBytes)
      : agent_(std::move(agent)), most_bytes_(most_bytes) {}

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
  // Answers kAsk until set() tells what came of it; whoever asks but once has to remember that.
  // robots.txt itself is always allowed, and what is not asked for over HTTP (2.2.2).
  Answer check(const Url& url, Time now);

  // What came of fetching `robots_url`, the URL that `ask` named, redirects followed (2.3.1.2; five
  // at least). `status` 0: no answer, with `why`. 2xx: the rules of `body`, of which the first
  // 500 KiB count. 3xx (redirects without end) and 4xx but 429: everything is allowed (2.3.1.3).
  // These are kept for a day; for max-age where Cache-Control has one, a minute at least, a day at
  // most (2.4). 5xx, 429 and no answer: what was known before goes on to count; where nothing was,
  // nothing may be fetched, and after 30 days of it everything. It is to be asked again after a
  // minute, then twice as long each time, up to an hour.
  struct Fetched {
    int status = 0;
    std::string body;
    std::string cache_control;
    std::string why;
  };
  void set(const Url& robots_url, const Fetched& fetched, Time now);

  // Of an origin whose robots.txt is known: for our agent.
  std::optional<std::chrono::milliseconds> crawl_delay(const Url& url) const;
  std::vector<std::string> sitemaps(const Url& url) const;  // absolute HTTP URLs, each once

 private:
  struct Origin {
    std::string name;
    std::optional<Robots> rules;  // nothing where it never could be had
    size_t bytes = 0;
    Time ask_at{};
    std::optional<Time> failing_since;  // the first failure; counts where there are no rules
    size_t failures = 0;                // in a row
    std::string why;                    // of the last failure
  };
  using Origins = std::list<Origin>;  // the one used last stands first

  Origin& use(const std::string& name);
  const Origin* find(const Url& url) const;
  void keep_to_bounds();
  Answer judge(const Origin& origin, const Url& url) const;

  std::string agent_;
  size_t most_bytes_;
  size_t bytes_ = 0;
  Origins origins_;
  std::unordered_map<std::string, Origins::iterator> by_name_;
};

}  // namespace halftone
