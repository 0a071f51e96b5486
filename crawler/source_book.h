// The sources of a nightly job: what they have listed, and which of it is news.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crawler/crawl_guide.h"
#include "crawler/night_memory.h"
#include "crawler/night_result.h"
#include "crawler/night_sources.h"

namespace halftone {

// One thread at a time. Pages are named by night_page().
class SourceBook {
 public:
  struct Source {
    SourceKind kind = SourceKind::kFeed;
    std::string url;
  };

  // `memory` and `result`, which is told of what is odd, must outlive it.
  SourceBook(NightMemory& memory, NightResult& result, std::string scope_name,
             const std::vector<std::pair<SourceKind, std::string>>& sources);

  // Sources that other sources led to may be owed by a night that was interrupted.
  Result<void> read();

  const Source* find(const std::string& page) const;  // null: it is none
  // A source says that the page changed.
  bool is_wanted(const std::string& page) const { return wanted_.contains(page); }
  // What a feed says of the page; null: nothing.
  const FeedEntry* facts(const std::string& page) const;

  Result<NightSource> row(const Source& source) const;
  // What `outcome` brought was looked through before, by the same rules.
  bool is_as_before(const NightSource& row, const CaptureOutcome& outcome) const;
  void answered(NightSource row, const CaptureOutcome& outcome);
  // With something that cannot be read.
  void failed(NightSource row, const std::string& reason);
  // Without an answer that could be looked through.
  Result<void> failed(const Source& source, const CaptureOutcome& outcome);

  // The pages and further sources of `list` that are due.
  Result<std::vector<OwedUrl>> take(NightSource row, const SourceList& list,
                                    const CaptureOutcome& outcome);

  // At the end: notes those that say that they have moved for good, and tells `result` of all.
  Result<void> finish(const Captures& captures);

 private:
  void keep(const NightSource& source);
  Result<void> add_children(SourceKind kind, const std::vector<std::string>& urls,
                            const std::string& parent, std::vector<OwedUrl>& leads);
  Result<std::vector<OwedUrl>> take_entries(NightSource& row,
                                            const std::vector<SourceEntry>& entries);
  Result<void> take_entry(const std::string& source, const std::string& page,
                          const SourceEntry& entry, std::vector<OwedUrl>& leads,
                          std::vector<OwedUrl>& changed);

  NightMemory& memory_;
  NightResult& result_;
  const std::string scope_name_;
  std::map<std::string, Source> sources_;  // by page
  std::set<std::string> led_to_;           // pages of sources that others led to in this crawl
  std::set<std::string> wanted_;
  std::map<std::string, FeedEntry> facts_;
  std::map<std::string, NightSource> rows_;        // of tonight, by URL
  std::map<std::string, std::string> redirected_;  // sources, and where they led
};

}  // namespace halftone
