// Addresses that lead on for ever: calendars, filters, folders in themselves, pages that say
// nothing new.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/facets.h"
#include "crawler/recent_map.h"
#include "media/time.h"
#include "media/url.h"
#include "store/digest.h"

namespace halftone {

// Knows the traps of one run, in bounded memory: of shapes, paths and bodies it remembers those
// seen last, some tens of megabytes at most. No I/O and no clock of its own. Safe where callers
// lock.
class Traps {
 public:
  static constexpr size_t kLongestUrl = 2048;  // characters
  static constexpr size_t kMostSegments = 32;  // of a path
  static constexpr size_t kMostParameters = 32;
  static constexpr uint32_t kAlikeInARow = 20;         // pages of one shape
  static constexpr uint32_t kAlikeCalendarPages = 12;  // a year of empty months
  static constexpr uint32_t kAlikePagesOfThePast = 3;  // of calendars, before 1970

  // `now`: what calendars are measured by.
  explicit Traps(Time now);

  // Why `page` is not to be asked for, or nothing. The first of these rules that it breaks is named
  // at the beginning of the reason:
  //   "long address"      more than 2,048 characters without the fragment
  //   "deep path"         more than 32 segments
  //   "long query"        more than 32 parameters
  //   "folders repeat"    a segment, or a sequence of segments, three times on end (of numbers,
  //                       five: /2011/11/11/11 is an article); or one segment five times
  //   "endless calendar"  a page of a calendar (calendar_date()) more than a year ahead; before
  //                       1970, when pages of its shape have begun to be alike, as newspapers'
  //                       archives go back further
  //   "pages alike"       of its shape (url_shape()), the last 20 pages were nearly the same, or
  //                       the last 12 of a calendar; ends when one that was asked for before turns
  //                       out to be another
  //   "endless filters"   Facets, for its path
  // Takes note of the query, so it is for pages that would be asked for otherwise, and never for
  // requisites. The same page may be judged again.
  std::optional<std::string> judge(const Url& page);

  // What was captured of `page`: the text_fingerprint() of what it shows, 0 where that is not
  // known, and its body. Pages that show pictures have to be told apart by their addresses: they
  // belong into the text. True where the body is that of another page, whose links have been
  // followed already.
  bool saw(const Url& page, uint64_t text_fingerprint, const Digest& body);

  // All that is known, as bytes, and back. What save() did not write, damaged or hostile, gives
  // traps that know nothing.
  std::string save() const;
  static Traps load(std::string_view saved, Time now);

 private:
  // The pages of one shape.
  struct Row {
    uint64_t fingerprint = 0;  // of the last page
    uint32_t alike = 0;        // pages in a row, up to the last
  };

  bool read(std::string_view saved);
  std::optional<std::string> judge_calendar(const Url& page, uint32_t alike) const;

  Time now_;
  RecentMap<Row> shapes_;
  RecentMap<Facets> paths_;
  RecentMap<ShortKey> bodies_;  // the page that had it first
};

}  // namespace halftone
