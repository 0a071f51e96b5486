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

struct RunReport {
  std::string kind;  // "snapshot"
  Time started{}, ended{};
  std::vector<SnapshotResult> results;
  std::vector<RunFailure> failures;
  size_t not_taken = 0;      // targets that an early end left out
  size_t already_taken = 0;  // by the interrupted run that this one goes on with

  // Over all articles.
  Completeness completeness() const;
  CaptureCounts counts() const;
};

// One JSON object: totals, each article with its missing references and reasons, failures.
std::string to_json(const RunReport& report);

// "2 articles: 26/26 references, 18 images, 2.4 MB, 0 missing; 9 new files, 1.2 MB".
std::string summary_line(const RunReport& report);

}  // namespace halftone
