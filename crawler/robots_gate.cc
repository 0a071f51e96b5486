#include "crawler/robots_gate.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include <fmt/format.h>

#include "media/article_text.h"
#include "media/ascii.h"

namespace halftone {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr days kGivenUpAfter{30};       // 2.3.1.4
constexpr size_t kLongestReason = 300;  // bytes of a rule or a failure that people are told
constexpr size_t kOriginBytes = 400;    // of an origin without rules, about

// max-age of a Cache-Control field (RFC 9111, 5.2.2.1), in bounds; a day where there is none.
seconds freshness(std::string_view cache_control) {
  constexpr seconds kLeast = minutes(1), kMost = days(1);
  while (!cache_control.empty()) {
    const size_t comma = std::min(cache_control.find(','), cache_control.size());
    std::string_view directive = trim(cache_control.substr(0, comma));
    cache_control.remove_prefix(std::min(comma + 1, cache_control.size()));
    constexpr std::string_view kName = "max-age=";
    if (!starts_with_ignoring_case(directive, kName)) continue;
    directive.remove_prefix(kName.size());
    if (directive.starts_with('"')) directive.remove_prefix(1);
    uint64_t age = 0;
    const char* const end = directive.data() + directive.size();
    const auto [stop, error] = std::from_chars(directive.data(), end, age);
    if (stop == directive.data()) continue;
    if (error == std::errc::result_out_of_range) return kMost;
    return std::clamp(seconds(std::min<uint64_t>(age, seconds(kMost).count())), kLeast, kMost);
  }
  return kMost;
}

minutes wait_after(size_t failures) {
  return std::min(minutes(1) * (1 << std::min<size_t>(6, failures - 1)), minutes(hours(1)));
}

std::string failure_text(const RobotsGate::Fetched& fetched) {
  if (fetched.status != 0) return fmt::format("the answer was {}", fetched.status);
  return cut_text(fetched.why.empty() ? "no answer" : fetched.why, kLongestReason);
}

}  // namespace

RobotsGate::Origin& RobotsGate::use(const std::string& name) {
  const auto known = by_name_.find(name);
  if (known != by_name_.end()) {
    origins_.splice(origins_.begin(), origins_, known->second);
  } else {
    origins_.emplace_front().name = name;
    by_name_[name] = origins_.begin();
  }
  return origins_.front();
}

const RobotsGate::Origin* RobotsGate::find(const Url& url) const {
  const auto known = by_name_.find(url.origin());
  return known == by_name_.end() ? nullptr : &*known->second;
}

RobotsGate::Answer RobotsGate::check(const Url& url, Time now) {
  if (!url.is_http() || url.pathname() == "/robots.txt") return {};
  const std::string name = url.origin();
  const bool is_known = by_name_.contains(name);
  if (!is_known || now >= use(name).ask_at) {
    return {.step = Answer::Step::kAsk, .ask = name + "/robots.txt"};
  }
  return judge(origins_.front(), url);
}

RobotsGate::Answer RobotsGate::judge(const Origin& origin, const Url& url) const {
  if (!origin.rules) {
    return {.step = Answer::Step::kWait,
            .reason = fmt::format("robots.txt could not be had: {}", origin.why),
            .until = origin.ask_at};
  }
  const Robots::Verdict verdict = origin.rules->check(agent_, url);
  if (verdict.allowed) return {};
  return {.step = Answer::Step::kDenied,
          .reason = fmt::format("robots.txt, line {}: {}", verdict.line,
                                cut_text(verdict.rule, kLongestReason))};
}

void RobotsGate::set(const Url& robots_url, const Fetched& fetched, Time now) {
  if (!robots_url.is_http()) return;
  Origin& origin = use(robots_url.origin());
  const bool failed = fetched.status < 200 || fetched.status >= 500 || fetched.status == 429;
  if (failed) {
    origin.why = failure_text(fetched);
    if (!origin.failing_since) origin.failing_since = now;
    origin.ask_at = now + wait_after(++origin.failures);
    const bool given_up = now - *origin.failing_since >= kGivenUpAfter;
    if (given_up && !origin.rules) origin.rules.emplace();
  } else {
    origin.rules = Robots::parse(fetched.status < 300 ? std::string_view(fetched.body) : "");
    origin.ask_at = now + freshness(fetched.cache_control);
    origin.failures = 0;
    origin.why.clear();
  }
  bytes_ -= origin.bytes;
  origin.bytes = kOriginBytes + origin.name.size() * 2 + origin.why.size() +
                 (origin.rules ? origin.rules->memory() : 0);
  bytes_ += origin.bytes;
  keep_to_bounds();
}

// The one used last stays, whatever its size.
void RobotsGate::keep_to_bounds() {
  while (origins_.size() > 1 && (bytes_ > most_bytes_ || origins_.size() > kMostOrigins)) {
    bytes_ -= origins_.back().bytes;
    by_name_.erase(origins_.back().name);
    origins_.pop_back();
  }
}

std::optional<std::chrono::milliseconds> RobotsGate::crawl_delay(const Url& url) const {
  const Origin* const origin = find(url);
  if (!origin || !origin->rules) return std::nullopt;
  const auto delay = origin->rules->check(agent_, url).crawl_delay;
  if (!delay) return std::nullopt;
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(*delay));
}

std::vector<std::string> RobotsGate::sitemaps(const Url& url) const {
  const Origin* const origin = find(url);
  if (!origin || !origin->rules) return {};
  const auto base = Url::parse(origin->name + "/robots.txt");
  std::vector<std::string> urls;
  std::unordered_set<std::string> seen;
  for (const std::string& written : origin->rules->sitemaps()) {
    const auto sitemap = Url::parse(written, base ? &*base : nullptr);
    if (!sitemap || !sitemap->is_http()) continue;
    std::string href = sitemap->href_without_fragment();
    if (seen.insert(href).second) urls.push_back(std::move(href));
  }
  return urls;
}

}  // namespace halftone
