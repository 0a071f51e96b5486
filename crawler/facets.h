// Pages that one path makes of ever more combinations of filters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/url.h"

namespace halftone {

// How many different hashes were added: exact up to 64, then estimated within an eighth or so from
// the 64 least ones (Bar-Yossef et al., "Counting Distinct Elements in a Data Stream").
class DistinctCount {
 public:
  static constexpr size_t kKept = 64;

  void add(uint32_t hash);
  uint64_t count() const;

  // The hashes kept, ascending, and a count made of them. Nothing where they are too many or out of
  // order.
  const std::vector<uint32_t>& kept() const { return least_; }
  static std::optional<DistinctCount> of(std::vector<uint32_t> kept);

 private:
  std::vector<uint32_t> least_;
};

// The queries of one path. One thread at a time; some kilobytes at most.
//
// A filter multiplies: with colours, sizes and brands there are far more pages than things to show.
// A forum's pages grow with its topics. So a query of three parameters or more is refused when
// there were more than 1,000 of them, and 32 for each value of the parameter with most values (of
// the date, where the query has one); and a query whose set of names is new when 64 sets are known.
class Facets {
 public:
  static constexpr size_t kMostNameSets = 64;
  static constexpr uint64_t kFreeCombinations = 1000;
  static constexpr uint64_t kCombinationsPerValue = 32;

  // The path whose queries count together: the parameters by which a script chooses among its pages
  // belong to it (?mod=viewthread, ?action=edit).
  static std::string path_of(const Url& url);

  // Takes note of a query. Why it leads on for ever, or nothing.
  std::optional<std::string> judge(const Url& url);

  // What is known, as numbers, and back. Nothing where they are none of ours.
  std::vector<std::vector<uint32_t>> save() const;
  static std::optional<Facets> load(std::span<const std::vector<uint32_t>> rows);

 private:
  uint64_t most_values() const;

  std::vector<uint32_t> name_sets_;  // ascending
  DistinctCount combinations_;
  std::map<uint32_t, DistinctCount> values_;  // by name
};

}  // namespace halftone
