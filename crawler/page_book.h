// The pages of a nightly job: when each is due, and what became of it tonight.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "crawler/missing_files.h"
#include "crawler/night_guide.h"
#include "crawler/night_memory.h"
#include "crawler/night_names.h"
#include "crawler/night_result.h"
#include "crawler/source_book.h"
#include "store/archive.h"

namespace halftone {

// One thread at a time. For the members named so, see CrawlGuide.
class PageBook {
 public:
  // All of these must outlive it.
  PageBook(Archive& archive, NightMemory& memory, const NightOptions& options,
           const SourceBook& sources, MissingFiles& missing, NightResult& result);

  CrawlTurn turn(const OwedUrl& owed, Time moment) const;
  // A page that nobody would lead to again is remembered.
  void owe_next_night(const OwedUrl& owed, Time moment);

  std::optional<CrawlResult> settled(const OwedUrl& owed, const CaptureOutcome& outcome);
  std::optional<CrawlGuide::Shown> shown(const OwedUrl& owed, const CaptureOutcome& outcome) const;
  void shows(const OwedUrl& owed, const Digest& body, const std::vector<ShownFile>* files);
  Result<bool> keeps(Article& article, const OwedUrl& owed);
  void ended(const OwedUrl& owed, const CrawlResult& outcome);

  // A page that came with another body than the last time, or a style sheet of one.
  bool has_changed(const std::string& page) const { return changed_bodies_.contains(page); }
  void note_changed(const std::string& sheet) { changed_bodies_.insert(night_page(sheet)); }

 private:
  // What keeps() learned of a page.
  struct Kept {
    bool changed = false;
    std::optional<Time> dated;
  };

  bool differs(NightArticle& told, const Article& before, const Article& article, Kept& known);
  void note_kept(const std::string& id, bool is_revised);
  void tell(NightArticle article);
  void came(const std::string& page, NightVisit& visit, const CrawlResult& outcome);
  bool note_check(NightVisit& visit, const CrawlResult& outcome, bool seemed_changed);
  void note_lie(NightVisit& visit);
  void failed(NightVisit& visit, const CrawlResult& outcome);

  Archive& archive_;
  NightMemory& memory_;
  const NightOptions& options_;
  const SourceBook& sources_;
  MissingFiles& missing_;
  NightResult& result_;
  const std::string scope_name_;
  std::set<std::string> starts_, settled_, changed_bodies_;
  std::map<std::string, Kept> kept_;
};

}  // namespace halftone
