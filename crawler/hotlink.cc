#include "crawler/hotlink.h"

#include <algorithm>

#include "crawler/address_guard.h"

namespace halftone {
namespace {

constexpr size_t kMaxReferrer = 4096;      // Referrer Policy, 8.4, step 4
constexpr size_t kMaxRemembered = 10'000;  // hosts

// Secure Contexts, 3.1, for the schemes that we fetch.
bool is_potentially_trustworthy(const Url& url) {
  const std::string host = url.hostname();
  return url.scheme() == "https" || is_loopback_name(host) || host == "[::1]" ||
         (host.starts_with("127.") && is_ip_address(host));
}

// Referrer Policy, 8.3, "strip url for use as a referrer", with the origin-only flag.
std::string origin_of(const Url& url) { return url.is_http() ? url.origin() + "/" : std::string(); }

// The same without the flag; too long a URL is cut to its origin (8.4, step 4).
std::string stripped(const Url& url) {
  if (!url.is_http()) return {};
  std::string whole = url.origin() + url.pathname() + url.search();
  return whole.size() > kMaxReferrer ? origin_of(url) : whole;
}

}  // namespace

// The switch of 8.4, step 8, in the standard's order of questions.
ReferrerPolicy policy_from_header(std::string_view header) {
  ReferrerPolicy policy = ReferrerPolicy::kUnset;
  while (!header.empty()) {
    const size_t comma = std::min(header.find(','), header.size());
    std::string_view token = header.substr(0, comma);
    while (token.starts_with(' ')) token.remove_prefix(1);
    while (token.ends_with(' ')) token.remove_suffix(1);
    const ReferrerPolicy known = referrer_policy_from_string(token);
    if (known != ReferrerPolicy::kUnset) policy = known;
    header.remove_prefix(std::min(comma + 1, header.size()));
  }
  return policy;
}

std::string referrer_for(ReferrerPolicy policy, const Url& document, const Url& target) {
  const bool same_origin = document.origin() == target.origin();
  const bool is_downgrade =
      is_potentially_trustworthy(document) && !is_potentially_trustworthy(target);
  switch (policy) {
    case ReferrerPolicy::kNoReferrer:
      return {};
    case ReferrerPolicy::kOrigin:
      return origin_of(document);
    case ReferrerPolicy::kUnsafeUrl:
      return stripped(document);
    case ReferrerPolicy::kStrictOrigin:
      return is_downgrade ? std::string() : origin_of(document);
    case ReferrerPolicy::kUnset:
    case ReferrerPolicy::kStrictOriginWhenCrossOrigin:
      if (same_origin) return stripped(document);
      return is_downgrade ? std::string() : origin_of(document);
    case ReferrerPolicy::kSameOrigin:
      return same_origin ? stripped(document) : std::string();
    case ReferrerPolicy::kOriginWhenCrossOrigin:
      return same_origin ? stripped(document) : origin_of(document);
    case ReferrerPolicy::kNoReferrerWhenDowngrade:
      return is_downgrade ? std::string() : stripped(document);
  }
  return {};
}

std::string_view to_string(HotlinkRung rung) {
  switch (rung) {
    case HotlinkRung::kPolicy:
      return "policy";
    case HotlinkRung::kNone:
      return "none";
    case HotlinkRung::kPage:
      return "page";
    case HotlinkRung::kOrigin:
      return "origin";
    case HotlinkRung::kTargetOrigin:
      return "target origin";
  }
  return "policy";
}

HotlinkLadder::HotlinkLadder(ReferrerPolicy policy, const Url& document, const Url& target,
                             HotlinkRung first) {
  const Try rungs[] = {
      {HotlinkRung::kPolicy, referrer_for(policy, document, target)},
      {HotlinkRung::kNone, {}},
      {HotlinkRung::kPage, stripped(document)},
      {HotlinkRung::kOrigin, origin_of(document)},
      {HotlinkRung::kTargetOrigin, origin_of(target)},
  };
  add(first, rungs[static_cast<size_t>(first)].referrer);
  for (const Try& rung : rungs) add(rung.rung, rung.referrer);
}

void HotlinkLadder::add(HotlinkRung rung, std::string referrer) {
  const bool is_known =
      std::ranges::any_of(tries_, [&](const Try& made) { return made.referrer == referrer; });
  if (!is_known) tries_.push_back({rung, std::move(referrer)});
}

std::optional<HotlinkLadder::Try> HotlinkLadder::next() {
  if (made_ == tries_.size()) return std::nullopt;
  return tries_[made_++];
}

bool is_hotlink_refusal(int status) { return status == 401 || status == 403; }

HotlinkRung HotlinkMemory::first_rung(const Url& target) const {
  const auto found = rungs_.find(target.host());
  return found == rungs_.end() ? HotlinkRung::kPolicy : found->second;
}

void HotlinkMemory::worked(const Url& target, HotlinkRung rung) {
  if (rungs_.size() >= kMaxRemembered) rungs_.clear();
  rungs_[target.host()] = rung;
}

}  // namespace halftone
