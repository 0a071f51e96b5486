// Forgetting versions of articles, by rules or by name.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "media/error.h"
#include "store/archive.h"
#include "store/forget_captures.h"
#include "store/retention.h"

namespace halftone {

// Either rules, for the versions of the articles named by all of `ids`, `site` and `source` that
// are given; or ids and `all_versions`.
struct ForgetRequest {
  RetentionRules rules;
  bool all_versions = false;     // every one of the articles named by id, the newest too
  std::vector<std::string> ids;  // whole; none: every article
  std::string site;              // a host: its articles and those of its subdomains
  std::string source;            // only versions that this led to; others are left alone
};

// What becomes of one article.
struct ArticleRetention {
  ArticleSummary article;          // its newest version among those asked about
  std::vector<Retained> versions;  // newest first
};

struct ForgetPlan {
  std::vector<VersionName> going;  // in order of id and time
  uint64_t staying = 0;            // versions that were asked about and stay
  uint64_t articles = 0;           // that lose a version
};

// Decides, and tells `visit` of each article. Memory: some 50 bytes for each version that goes.
// kInvalid: no rule that keeps anything, so that nothing would be left; or `site` is no host.
Result<ForgetPlan> plan_forget(Archive& archive, const ForgetRequest& request,
                               const std::function<void(const ArticleRetention&)>& visit);

struct Forgotten {
  uint64_t captures = 0;
  uint64_t blobs = 0, bytes = 0;  // only in a forecast: bodies that nothing else leads to
};

using ForgetProgress = std::function<void(const std::string& stage, uint64_t done)>;

// What forget_versions() and a gc after it would do. For readers, too.
Result<Forgotten> forecast_forget(Archive& archive, const ForgetPlan& plan,
                                  const ForgetProgress& progress);

// Takes the versions away, with their index rows and the captures that only they saw
// (SeenCaptures). As the archive's one writer. Killed at any instant it has forgotten some of the
// versions, each with its captures. Their blobs are left to collect_garbage(). kCorrupt: an article
// or a capture cannot be read, so that nobody knows what belongs to whom.
Result<Forgotten> forget_versions(Archive& archive, const ForgetPlan& plan,
                                  const ForgetProgress& progress);

}  // namespace halftone
