// One article, whole: its document, everything it shows, its facts, and what became of each
// reference.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crawler/capturer.h"
#include "crawler/fetcher.h"
#include "media/error.h"
#include "media/feed.h"
#include "store/archive.h"
#include "store/changes.h"
#include "store/image_pool.h"

namespace halftone {

// A moment of a snapshot, for people who wait.
struct SnapshotProgress {
  std::string article;  // URL or file
  size_t wanted = 0, done = 0, missing = 0;
  uint64_t bytes = 0;
  std::string stage;  // "fetching", "making thumbnails"
};

// Told what happens, on the thread that takes the snapshot.
class SnapshotListener {
 public:
  virtual ~SnapshotListener() = default;
  virtual void on_progress(const SnapshotProgress& progress) = 0;
  // One URL has been dealt with.
  virtual void on_outcome(const std::string& url, const CaptureOutcome& outcome) = 0;
};

struct SnapshotOptions {
  CaptureOptions capture;
  std::optional<Url> base;  // a file's own address on the web
  uint64_t max_size = uint64_t{4} << 30;
  // The item of the feed that led to the article: it fills in the facts that the page lacks. Must
  // outlive the call.
  const FeedEntry* feed_entry = nullptr;
  std::string source;  // what led to the article: Article::source
  // False when the user wants to stop.
  std::function<bool()> keep_going = [] { return true; };
};

struct SnapshotResult {
  Article article;
  std::optional<ArticleChanges> changes;  // since the version before; nothing for a first one
  CaptureCounts counts;
  bool resumed = false;  // went on where an interrupted run had stopped
  size_t derivatives = 0;
  std::vector<std::string> warnings;
  // The target was a feed: no article, but these.
  std::optional<Feed> feed;
};

// Takes one article, from an http(s) URL or from a file of HTML or Markdown. The archive is written
// in an order that makes an interruption at any instant harmless; the same call later goes on where
// it stopped. kNotFound, kInvalid, kInterrupted, the network's codes for the document itself, the
// archive's for its own failures. References that cannot be had are no error: the article says so.
Result<SnapshotResult> take_snapshot(Archive& archive, Fetcher& fetcher, ImagePool& pool,
                                     const std::string& target, const SnapshotOptions& options,
                                     SnapshotListener& listener);

}  // namespace halftone
