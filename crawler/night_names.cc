#include "crawler/night_names.h"

#include "crawler/canonical_url.h"
#include "store/digest.h"

namespace halftone {

std::string night_page(const std::string& url) {
  const auto parsed = Url::parse(url);
  return parsed ? frontier_page_key(*parsed) : "p " + url;
}

std::string night_host(const std::string& url) {
  const auto parsed = Url::parse(url);
  return parsed ? parsed->host() : "";
}

std::string night_hash(std::string_view text) { return sha256(text).hex().substr(0, 16); }

std::string night_scope_name(const ScopeOptions& scope) {
  std::string text(to_string(scope.reach));
  for (const auto* patterns : {&scope.include, &scope.exclude}) {
    text += '\n';
    for (const std::string& pattern : *patterns) text += pattern + " ";
  }
  text += fmt::format("{} {}", scope.depth.value_or(SIZE_MAX), scope.hops);
  return night_hash(text).substr(0, 8);
}

OwedUrl lead_to(const std::string& url, const std::string& source) {
  return {.url = url, .document = source, .policy = ReferrerPolicy::kNoReferrer};
}

CrawlTurn left_alone(const OwedUrl& owed, std::string reason, bool is_rule) {
  return {.how = CrawlTurn::How::kLeave,
          .known_since = {},
          .outcome = {.denied = is_rule, .reason = std::move(reason), .final_url = owed.url}};
}

}  // namespace halftone
