// Which Referer to send: what a browser would, and what to try when a host refuses that.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/reference.h"
#include "media/url.h"

namespace halftone {

// The Referer that `document` sends when it asks for `target`; empty: none (W3C Referrer Policy,
// 8.4). kUnset stands for the default, strict-origin-when-cross-origin. Documents that do not come
// from the web (file:, data: …) send none.
std::string referrer_for(ReferrerPolicy policy, const Url& document, const Url& target);

// What a Referrer-Policy field says; of several values the last one that is known (8.1).
ReferrerPolicy policy_from_header(std::string_view header);

// The rungs of the hotlink ladder, in the order in which they are tried.
enum class HotlinkRung : uint8_t {
  kPolicy,        // what a browser would send
  kNone,          // no Referer
  kPage,          // the article's address
  kOrigin,        // the article's site
  kTargetOrigin,  // the picture's own site
};

std::string_view to_string(HotlinkRung rung);

// One request's tries, a different Referer each. A value.
class HotlinkLadder {
 public:
  struct Try {
    HotlinkRung rung;
    std::string referrer;  // empty: none
  };

  // `first` is tried before all others: the rung that worked for this host before.
  HotlinkLadder(ReferrerPolicy policy, const Url& document, const Url& target,
                HotlinkRung first = HotlinkRung::kPolicy);

  // The next try; nothing when all were made.
  std::optional<Try> next();

 private:
  void add(HotlinkRung rung, std::string referrer);

  std::vector<Try> tries_;
  size_t made_ = 0;
};

// True for answers after which the next rung is worth a request: 401 and 403.
bool is_hotlink_refusal(int status);

// Which rung worked, per host of the target. Holds some thousands of hosts; then it begins anew.
class HotlinkMemory {
 public:
  HotlinkRung first_rung(const Url& target) const;
  void worked(const Url& target, HotlinkRung rung);

 private:
  std::map<std::string, HotlinkRung> rungs_;
};

}  // namespace halftone
