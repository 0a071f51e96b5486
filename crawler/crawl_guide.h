// What a crawl that comes again every night knows of the nights before: what need not be asked for,
// what is owed although nobody links to it, and what of it all is worth keeping.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crawler/capturer.h"
#include "crawler/crawl_rows.h"
#include "media/error.h"
#include "media/time.h"
#include "store/article.h"

namespace halftone {

// How one URL that is owed is dealt with.
struct CrawlTurn {
  enum class How : uint8_t {
    kAsk,        // if it changed, where the archive holds it
    kAskWhole,   // whether it changed or not
    kTakeKnown,  // what was captured since `known_since` is taken as it is; else as kAsk
    kLeave,      // not at all: `outcome` says what is known
  };
  How how = How::kAskWhole;
  Time known_since{};
  CaptureOutcome outcome{};
};

// On the thread that crawls, but for read_source(). Errors are the archive's.
class CrawlGuide {
 public:
  virtual ~CrawlGuide() = default;

  // Pages that are owed beside the seeds; asked once, when the crawl begins.
  virtual Result<std::vector<OwedUrl>> leads() = 0;

  virtual CrawlTurn turn_of(const OwedUrl& owed) = 0;

  // Whether the page is a feed, a sitemap or a list: read for what it leads to, and no article.
  virtual bool is_source(const OwedUrl& owed) const = 0;
  // The pages that a source leads to and that are due. On a thread of its own.
  virtual Result<std::vector<OwedUrl>> read_source(const OwedUrl& owed,
                                                   const CaptureOutcome& outcome) = 0;

  // What became of a page the last time, where its body is the same as then and nothing that it
  // shows is due; then it is looked at no further.
  virtual std::optional<CrawlResult> settled(const OwedUrl& owed,
                                             const CaptureOutcome& outcome) = 0;

  // What such a page showed when it was last looked through, where what it shows is due. All of it
  // is asked for; where that is the same, too, the page is what it was, and not looked through.
  struct Shown {
    CrawlResult page;
    std::vector<ShownFile> files;
  };
  virtual std::optional<Shown> shown(const OwedUrl& owed, const CaptureOutcome& outcome) = 0;

  // An article shows this, and all of it is archived; null: it is not, or is too much to remember.
  virtual void shows(const OwedUrl& owed, const Digest& body,
                     const std::vector<ShownFile>* files) = 0;

  // A page is about to be kept as an article. False: it is as the archive has it. May complete it.
  virtual Result<bool> keeps(Article& article, const OwedUrl& owed) = 0;

  // A URL was dealt with.
  virtual void ended(const OwedUrl& owed, const CrawlResult& result) = 0;

  // What has to be written down by now; nothing: null. To be called when all that was told of is
  // safe.
  virtual std::function<Result<void>()> notes() = 0;
};

}  // namespace halftone
