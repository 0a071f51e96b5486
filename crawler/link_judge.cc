#include "crawler/link_judge.h"

#include <set>

#include "crawler/canonical_url.h"

namespace halftone {
namespace {

constexpr size_t kMostSitemaps = 1000;  // of one robots.txt
constexpr size_t kMostMoreSeeds = 1000;
constexpr size_t kLongestHost = 255;  // RFC 1035, 3.1
constexpr size_t kMostCountedHosts = 50'000;
constexpr size_t kMostAtOnce = 4096;  // pages added to the frontier

std::vector<Url> parsed(const std::vector<std::string>& seeds) {
  std::vector<Url> urls;
  for (const std::string& seed : seeds) {
    if (auto url = Url::parse(seed); url && url->is_http()) urls.push_back(*std::move(url));
  }
  return urls;
}

}  // namespace

LinkJudge::LinkJudge(const CrawlState& state, std::string_view traps, Frontier& frontier)
    : options_(state.scope),
      frontier_(frontier),
      seeds_(parsed(state.seeds)),
      more_seeds_(state.more_seeds),
      scope_(options_, seeds_),
      traps_(Traps::load(traps, now())),
      host_pages_(state.host_pages) {
  for (const Url& url : parsed(state.more_seeds)) seeds_.push_back(url);
  scope_ = Scope(options_, seeds_);
}

FrontierUrl LinkJudge::owed_page(const Url& url, const OwedUrl& how) {
  return {frontier_page_key(url), url.host(), page_rank(how.depth), encode(how)};
}

Result<void> LinkJudge::add_seeds() {
  std::vector<FrontierUrl> pages;
  for (const Url& seed : seeds_) {
    pages.push_back(owed_page(seed, {.url = seed.href_without_fragment(), .document = {}}));
  }
  const auto added = frontier_.add(pages, now());
  if (!added) return tl::unexpected(added.error());
  return {};
}

LinkJudge::Judgement LinkJudge::judge(const Url& page, uint32_t depth, uint32_t hops) const {
  const std::lock_guard lock(mutex_);
  const Scope::Verdict verdict = scope_.judge(page, depth, hops);
  if (!verdict.allowed) return {verdict.rule, 0};
  return {"", verdict.hops};
}

LinkJudge::Judgement LinkJudge::judge_new(const Url& page, uint32_t depth, uint32_t hops) {
  Judgement judgement = judge(page, depth, hops);
  if (!judgement.rule.empty()) return judgement;
  if (page.host().size() > kLongestHost) return {"no host has so long a name", 0};
  const std::lock_guard lock(mutex_);
  judgement.rule = traps_.judge(page).value_or("");
  if (judgement.rule.empty()) judgement.rule = count_page(page.host());
  return judgement;
}

// The rule where the host has as many pages as it may have. Beyond so many hosts none is counted.
std::string LinkJudge::count_page(const std::string& host) {
  if (options_.host_pages == 0) return {};
  if (host_pages_.size() >= kMostCountedHosts && !host_pages_.contains(host)) return {};
  uint64_t& count = host_pages_[host];
  if (count >= options_.host_pages) {
    return fmt::format("--max-host-pages {}: {} has as many", options_.host_pages, host);
  }
  ++count;
  return {};
}

// What is known already costs a trap nothing.
Result<bool> LinkJudge::is_known(const Url& page) const {
  const auto state = frontier_.find(frontier_page_key(page));
  if (!state) return tl::unexpected(state.error());
  return state->step != UrlState::Step::kUnknown;
}

Result<std::vector<std::string>> LinkJudge::add_links(const ScannedPage& page, const OwedUrl& owed,
                                                      const Digest& digest) {
  bool is_repeated = false;
  if (page.type == DocumentType::kHtml) {
    const std::lock_guard lock(mutex_);
    is_repeated = traps_.saw(page.url, page.fingerprint, digest);
  }
  if (page.nofollow || is_repeated) return std::vector<std::string>();
  std::vector<FrontierUrl> pages;
  std::set<std::string> hosts;
  for (const auto* links : {&page.pages, &page.feeds}) {
    for (const Url& link : *links) {
      const Url url = canonical_page_url(link);
      if (!judge(url, owed.depth + 1, owed.hops).rule.empty()) continue;
      const auto known = is_known(url);
      if (!known) return tl::unexpected(known.error());
      if (*known) continue;
      const Judgement judgement = judge_new(url, owed.depth + 1, owed.hops);
      if (!judgement.rule.empty()) continue;
      pages.push_back(owed_page(url, {.url = url.href(),
                                      .document = page.url.href_without_fragment(),
                                      .policy = page.scan.referrer_policy,
                                      .depth = owed.depth + 1,
                                      .hops = static_cast<uint32_t>(judgement.hops)}));
      hosts.insert(url.host());
    }
  }
  if (pages.empty()) return std::vector<std::string>();
  const auto added = frontier_.add(pages, now());
  if (!added) return tl::unexpected(added.error());
  return std::vector<std::string>(hosts.begin(), hosts.end());
}

// The user means the site wherever its front door is.
void LinkJudge::take_as_seed(const Url& target) {
  const std::lock_guard lock(mutex_);
  if (more_seeds_.size() >= kMostMoreSeeds) return;
  more_seeds_.push_back(target.href_without_fragment());
  seeds_.push_back(target);
  scope_ = Scope(options_, seeds_);
}

Result<std::vector<std::string>> LinkJudge::add_leads(const std::vector<OwedUrl>& leads) {
  std::set<std::string> hosts;
  for (size_t next = 0; next < leads.size();) {
    std::vector<FrontierUrl> pages;
    for (; next < leads.size() && pages.size() < kMostAtOnce; ++next) {
      const auto url = Url::parse(leads[next].url);
      const bool fits = url && url->is_http() && leads[next].url.size() <= kLongestCrawlUrl;
      if (!fits || url->host().size() > kLongestHost) continue;
      pages.push_back(owed_page(*url, leads[next]));
      hosts.insert(url->host());
    }
    const auto added = frontier_.add(pages, now());
    if (!added) return tl::unexpected(added.error());
  }
  return std::vector<std::string>(hosts.begin(), hosts.end());
}

Result<std::string> LinkJudge::add_target(const Url& target, const OwedUrl& from, bool is_named) {
  if (from.document.empty()) take_as_seed(target);
  const Judgement judgement = is_named ? Judgement() : judge_new(target, from.depth, from.hops);
  if (!judgement.rule.empty()) return judgement.rule;
  OwedUrl owed = from;
  owed.url = target.href_without_fragment();
  owed.hops = static_cast<uint32_t>(judgement.hops);
  owed.tries = 0;
  ++owed.redirects;
  const FrontierUrl one = owed_page(target, owed);
  const auto added = frontier_.add(std::span(&one, 1), now());
  if (!added) return tl::unexpected(added.error());
  return std::string();
}

std::optional<Url> LinkJudge::canonical_of(const ScannedPage& page) const {
  if (page.facts.canonical.empty()) return std::nullopt;
  const auto canonical = Url::parse(page.facts.canonical, &page.url);
  if (!canonical || !canonical->is_http() || canonical->site() != page.url.site()) {
    return std::nullopt;
  }
  const bool is_front = canonical->pathname() == "/" && canonical->search().empty();
  if (is_front || !judge(*canonical, 0, 0).rule.empty()) return std::nullopt;
  return canonical_page_url(*canonical);
}

Result<UrlState> LinkJudge::add_canonical(const Url& canonical, const OwedUrl& from) {
  OwedUrl owed = from;
  owed.url = canonical.href_without_fragment();
  owed.tries = 0;
  const FrontierUrl one = owed_page(canonical, owed);
  const auto added = frontier_.add(std::span(&one, 1), now());
  if (!added) return tl::unexpected(added.error());
  return added->front();
}

Result<std::vector<std::string>> LinkJudge::add_sitemaps(const Url& robots,
                                                         const std::vector<std::string>& urls) {
  std::vector<FrontierUrl> pages;
  std::set<std::string> hosts;
  for (const std::string& text : urls) {
    const auto url = Url::parse(text, &robots);
    if (!url || !url->is_http() || pages.size() >= kMostSitemaps) continue;
    if (!judge_new(*url, 0, 0).rule.empty()) continue;
    pages.push_back(
        owed_page(*url, {.url = url->href_without_fragment(), .document = robots.href()}));
    hosts.insert(url->host());
  }
  const auto added = frontier_.add(pages, now());
  if (!added) return tl::unexpected(added.error());
  return std::vector<std::string>(hosts.begin(), hosts.end());
}

std::string LinkJudge::save_traps() const {
  const std::lock_guard lock(mutex_);
  return traps_.save();
}

std::map<std::string, uint64_t> LinkJudge::host_pages() const {
  const std::lock_guard lock(mutex_);
  return host_pages_;
}

std::vector<std::string> LinkJudge::more_seeds() const {
  const std::lock_guard lock(mutex_);
  return more_seeds_;
}

}  // namespace halftone
