// What is still needed: the mark pass of gc and of forget's forecast.
#pragma once

#include <functional>

#include "media/error.h"
#include "store/archive.h"
#include "store/digest_set.h"

namespace halftone {

struct MarkOptions {
  // What is not to count: as if it had been removed. By default everything counts.
  std::function<bool(const Article&)> version_counts = [](const Article&) { return true; };
  std::function<bool(const Capture&)> capture_counts = [](const Capture&) { return true; };
  // Told how many captures and versions of articles have been looked through.
  std::function<void(uint64_t)> progress = [](uint64_t) {};
};

// The digests that captures and versions of articles name. kCorrupt: one of them cannot be read, so
// nobody knows what it needs.
Result<DigestSet> find_reachable(Archive& archive, const MarkOptions& options = {});

// Every digest that a version names: its document and what it has of its references.
void for_each_digest(const Article& article, const std::function<void(const Digest&)>& visit);

}  // namespace halftone
