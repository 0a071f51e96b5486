// Which of the URLs that a crawl meets it owes: scope and traps, and into the frontier with what
// passes.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crawler/crawl_rows.h"
#include "crawler/crawl_state.h"
#include "crawler/frontier.h"
#include "crawler/page_scan.h"
#include "crawler/scope.h"
#include "crawler/traps.h"
#include "media/error.h"
#include "media/url.h"

namespace halftone {

// Safe for concurrent use by several threads. Errors are the frontier's.
class LinkJudge {
 public:
  // `traps`: as saved. `frontier` must outlive it. Seeds of `state` that are no URLs are left out:
  // they were checked.
  LinkJudge(const CrawlState& state, std::string_view traps, Frontier& frontier);

  // The seeds, where they are not known yet.
  Result<void> add_seeds();

  // Where `page` leads, captured as `owed` says, with the body `digest`. Returns the hosts that may
  // owe more than before.
  Result<std::vector<std::string>> add_links(const ScannedPage& page, const OwedUrl& owed,
                                             const Digest& digest);

  // Pages that are owed whatever the scope. Returns hosts as add_links() does.
  Result<std::vector<std::string>> add_leads(const std::vector<OwedUrl>& leads);

  // Where a page was redirected to; `is_named`: it counts whatever the scope. Returns the rule that
  // leaves it out; empty where none does.
  Result<std::string> add_target(const Url& target, const OwedUrl& from, bool is_named = false);

  // The other address that a page gives as its own, where that can be believed: on the same site,
  // in scope, and not the front page.
  std::optional<Url> canonical_of(const ScannedPage& page) const;
  Result<UrlState> add_canonical(const Url& canonical, const OwedUrl& from);

  // Those that a robots.txt names. Returns hosts as add_links() does.
  Result<std::vector<std::string>> add_sitemaps(const Url& robots,
                                                const std::vector<std::string>& urls);

  // For CrawlState.
  std::string save_traps() const;
  std::vector<std::string> more_seeds() const;
  std::map<std::string, uint64_t> host_pages() const;

 private:
  // The rule that leaves a page out, or how far outside of the scope it is.
  struct Judgement {
    std::string rule;
    size_t hops = 0;
  };
  Judgement judge(const Url& page, uint32_t depth, uint32_t hops) const;
  Judgement judge_new(const Url& page, uint32_t depth, uint32_t hops);  // traps take note
  std::string count_page(const std::string& host);
  Result<bool> is_known(const Url& page) const;
  void take_as_seed(const Url& target);
  static FrontierUrl owed_page(const Url& url, const OwedUrl& how);

  const ScopeOptions options_;
  Frontier& frontier_;
  mutable std::mutex mutex_;  // of the following
  std::vector<Url> seeds_;    // those of the user, and where they lead
  std::vector<std::string> more_seeds_;
  Scope scope_;
  Traps traps_;
  std::map<std::string, uint64_t> host_pages_;
};

}  // namespace halftone
