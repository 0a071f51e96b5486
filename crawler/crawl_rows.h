// What a crawl writes down about a URL in the frontier: how it is to be asked for, and what came
// of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/capturer.h"
#include "crawler/recent_map.h"
#include "media/reference.h"

namespace halftone {

// A frontier's note: how to ask for a URL.
struct OwedUrl {
  std::string url;
  Kind kind = Kind::kPage;
  std::string document;  // that refers to it first; empty for seeds
  ReferrerPolicy policy = ReferrerPolicy::kUnset;
  uint32_t depth = 0, hops = 0;  // links from a seed; links outside of the scope
  uint32_t tries = 0;            // that came to nothing lasting
  uint32_t redirects = 0;        // that led here
  bool is_guess = false;         // at the original of a rendition
  bool may_be_known = false;     // was captured in this run on the way to something else
};

// Something that a page shows, and what it was.
struct ShownFile {
  OwedUrl owed;
  std::optional<ShortKey> body;  // nothing: a guess, and there was none
};

// Nothing where it is not archived.
inline std::optional<ShortKey> body_of(const CaptureOutcome& outcome) {
  return outcome.archived ? std::optional(short_key(outcome.digest)) : std::nullopt;
}

// A frontier's result: what became of a URL.
struct CrawlResult {
  enum class Step : uint8_t {
    kArticle,  // a page, kept as an article
    kFile,     // archived; no article
    kAlias,    // a page that is another one under another address: `other`
    kSkipped,  // answered, and left alone by a rule: `outcome.reason`
    kMissing,  // `outcome.reason`
    kBlocked,  // an answer came in its place: `outcome.reason`
  };
  Step step = Step::kMissing;
  CaptureOutcome outcome;
  std::string url;           // as it was asked for
  std::string document;      // that referred to it first
  std::string other;         // URL
  uint64_t fingerprint = 0;  // of an article's text
  bool is_guess = false;
};

std::string_view to_string(CrawlResult::Step step);  // "article"

// Longer ones are not crawled: what is written down of a URL has to fit into the frontier.
constexpr size_t kLongestCrawlUrl = 16384;

std::string encode(const OwedUrl& owed);
std::string encode(const CrawlResult& result);

// Nothing where the text was not made by encode().
std::optional<OwedUrl> decode_owed(std::string_view text);
std::optional<CrawlResult> decode_result(std::string_view text);

// Ranks in the frontier: what a page shows before pages, pages nearer to a seed first.
constexpr uint8_t kSheetRank = 0, kFileRank = 1, kGuessRank = 2, kFirstPageRank = 3;
uint8_t file_rank(Kind kind, bool is_guess);
uint8_t page_rank(uint32_t depth);

// Keys of the frontier: the same URL may be owed as a page and as something that a page shows.
std::string frontier_page_key(const Url& url);
std::string frontier_file_key(const Url& url);

}  // namespace halftone
