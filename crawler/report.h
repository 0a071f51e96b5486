// What a run came to: kept in the archive, and told to people and scripts.
#pragma once

#include <string>
#include <vector>

#include "crawler/snapshot.h"
#include "media/time.h"

namespace halftone {

struct RunFailure {
  std::string target;
  Error error;
};

struct MissingReference {
  std::string url;
  Kind kind;
  std::string reason;
  int status = 0;
};

// What is told of one article; much smaller than the article.
struct ArticleReport {
  std::string id, url, title;
  Time captured_at{};
  Completeness completeness;
  std::vector<MissingReference> missing;
  bool is_first = false;
  std::string changes;  // "first snapshot", "nothing changed", "1 image added"
  bool resumed = false;
  std::vector<std::string> warnings;
};

struct RunReport {
  std::string kind;  // "snapshot"
  Time started{}, ended{};
  std::vector<ArticleReport> articles;
  CaptureCounts counts;
  std::vector<RunFailure> failures;
  size_t not_taken = 0;      // targets that an early end left out
  size_t already_taken = 0;  // by the interrupted run that this one goes on with

  // Takes over what came of one target: an article, or a feed, which only counts.
  void add(const SnapshotResult& result);
  Completeness completeness() const;  // over all articles
};

// One JSON object: totals, each article with its missing references and reasons, failures.
std::string to_json(const RunReport& report);

// "2 articles: 26/26 references, 18 images, 2.4 MB, 0 missing; 9 new files, 1.2 MB".
std::string summary_line(const RunReport& report);

}  // namespace halftone
