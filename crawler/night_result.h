// What a night of a nightly job came to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crawler/night_rows.h"
#include "media/time.h"
#include "store/changes.h"

namespace halftone {

// An article that is new, or that differs from the version before.
struct NightArticle {
  std::string id, url, title, source;
  Time captured_at{};
  std::optional<Time> before;  // when the version before was taken; nothing: it is new
  ArticleChanges changes;      // since then
};

struct NightFailure {
  std::string url, source, reason;
  std::optional<Time> since;
  bool is_given_up = false;
};

struct NightResult {
  // As many are listed at most of each; all are counted.
  static constexpr size_t kMostListed = 10'000;

  uint64_t asked = 0;      // pages
  uint64_t unchanged = 0;  // of them
  uint64_t new_articles = 0, changed_articles = 0;
  uint64_t around = 0;                     // changed, but in nothing that a reader sees
  uint64_t found = 0;                      // files that had been missing
  std::vector<NightArticle> articles;      // new and changed
  std::vector<std::string> kept, revised;  // ids: of all that were kept; of those that had versions
  std::vector<NightFailure> failures;      // pages that were asked for in vain
  uint64_t failed_pages = 0;
  std::vector<NightMissing> missing;  // at the end of the night: what is looked for, and what was
                                      // given up this night
  uint64_t missing_files = 0, given_up_files = 0, newly_given_up = 0;
  std::vector<NightSource> sources;
  std::vector<std::string> warnings;  // for people

  void warn(std::string warning) {
    constexpr size_t kMostWarnings = 1000;
    if (warnings.size() < kMostWarnings) warnings.push_back(std::move(warning));
  }
};

}  // namespace halftone
