// What a nightly job remembers from night to night, in rows of the archive's table `run`
// (docs/format.md, "Nightly jobs").
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/night_shown.h"
#include "crawler/revisit_schedule.h"
#include "media/error.h"
#include "media/time.h"
#include "store/database.h"

namespace halftone {

// A page that the job has met.
struct NightVisit {
  std::string url;
  std::string source;  // what led to it
  RevisitHistory past;
  Time checked{};             // last asked for; 1970: never
  std::optional<Time> next;   // due from then on; nothing: given up
  Time files_checked{};       // when all that it shows was last looked at
  std::string digest;         // of the last body
  std::string step, other;    // what became of it: as a CrawlResult
  uint64_t fingerprint = 0;   // of its text
  std::string scope;          // names the rules by which its links were followed
  std::string stamp;          // what its feed or sitemap said of it: another one is a change
  uint32_t confirmed = 0;     // by 304, in a row
  bool lies = false;          // its validators stayed while its body changed
  unsigned failures = 0;      // in a row
  std::string reason;         // of the last of them
  std::optional<Time> since;  // of the first of them
};

// A feed, a sitemap, a list or an OPML file.
struct NightSource {
  std::string url, kind;
  Time checked{};
  std::optional<Time> answered;  // with something that could be read
  unsigned silent = 0;           // nights in a row without
  std::string reason;            // of the last of them
  std::string moved_to;          // permanently, as it says
  uint64_t entries = 0;          // of the last time
  uint64_t children = 0;         // sources that it leads to
  std::string digest;            // of what was read last, and the rules by which it was read
  bool is_gone = false;          // 410
  // Entries by a hash of their id: hashes of URL and title.
  std::map<std::string, std::string> ids;
};

// Something that an article shows and that was not had.
struct NightMissing {
  std::string url, document;
  Time first{}, last{};
  std::optional<Time> next;  // nothing: given up
  unsigned tries = 0;
  std::string reason;
};

// The disk at the end of a night.
struct NightMark {
  Time time{};
  uint64_t disk_bytes = 0;
};

// The job itself.
struct NightJob {
  static constexpr size_t kMostMarks = 60;
  // A clock that is this far ahead of what was written down, or behind it, has been set.
  static constexpr auto kClockSlack = std::chrono::hours(24);

  std::string name;
  std::optional<Time> begun, ended;    // the last night
  std::string outcome;                 // "done", "limit", "interrupted"
  std::string summary, report;         // a line for people; a path
  int code = 0;                        // exit status
  std::vector<NightMark> marks;        // oldest first
  std::set<std::string> silent_hosts;  // that did not answer when they were asked last
  std::optional<Time> whole_verify;    // when the last round of sampled checks began
};

// The rows of one job. Rows that are damaged count as not there: what they said is learned anew.
// Safe for concurrent use by several threads.
class NightRows {
 public:
  NightRows(Database& database, std::string job);  // database must outlive this

  // Pages are named by their frontier key. A page stands in line for the time when it is due.
  Result<std::optional<NightVisit>> visit(std::string_view page) const;
  void put(WriteBatch& batch, std::string_view page, const NightVisit& visit,
           const std::optional<NightVisit>& before) const;
  Result<void> each_visit(
      const std::function<bool(std::string_view page, const NightVisit&)>& visit) const;
  // Pages that are due by then, those due first first; until `visit` returns false.
  Result<void> each_due(Time now, const std::function<bool(std::string_view page)>& visit) const;

  Result<std::optional<NightShown>> shown(std::string_view page, const OwedUrl& owed) const;
  // Null: nothing is remembered. What would be as before is not written.
  Result<bool> put_shown(WriteBatch& batch, std::string_view page, const OwedUrl& owed,
                         const NightShown* shown) const;

  Result<std::optional<NightSource>> source(std::string_view url) const;
  void put(WriteBatch& batch, const NightSource& source) const;
  Result<std::vector<NightSource>> sources() const;

  Result<std::vector<NightMissing>> missing(size_t most) const;
  Result<std::optional<NightMissing>> missing_file(std::string_view url) const;
  void put(WriteBatch& batch, const NightMissing& missing) const;
  void remove_missing(WriteBatch& batch, std::string_view url) const;

  Result<NightJob> job() const;
  Result<void> keep(const NightJob& job) const;  // durably

  // The names of all jobs that an archive knows.
  static Result<std::vector<std::string>> jobs(const Database& database);

 private:
  std::string key(char letter, std::string_view rest = {}) const;

  Database& database_;
  std::string name_, prefix_;
};

}  // namespace halftone
