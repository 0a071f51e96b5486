// The captures that go with versions of articles.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "media/error.h"
#include "store/archive.h"

namespace halftone {

// A version of an article, by name.
struct VersionName {
  std::string id;
  Time captured_at{};
  friend auto operator<=>(const VersionName&, const VersionName&) = default;
};

// A version saw a capture when it names its URL and the capture was taken between the beginning and
// the end of the version's snapshot (within the 24 hours before its end, where the beginning is not
// known). It names its own URL, those of references that were asked for, and those that
// redirects led to on the way.
//
// This gathers the captures that some versions saw, and leaves those that no other version saw: the
// captures that belong to them alone. Memory: some hundred bytes for each URL that they name. One
// thread at a time; the archive must outlive it.
class SeenCaptures {
 public:
  explicit SeenCaptures(Archive& archive) : captures_(archive.captures()) {}

  // `owner`, ascending: whom they are to go with; of several the last.
  Result<void> add(const Article& version, size_t owner);

  // A version that stays keeps what it saw.
  Result<void> keep(const Article& version);

  size_t size() const { return count_; }

  // What is left, by URL, for those that go with `owner`.
  using Visit = std::function<Result<void>(const std::string& url, const std::vector<Time>& times)>;
  Result<void> for_each_of(size_t owner, const Visit& visit) const;
  Result<void> for_each(const Visit& visit) const;

  // Call once after the last keep(), before for_each_of().
  void sort_by_owner();

 private:
  struct Seen {
    Time time{};
    size_t owner = 0;
    bool kept = false;
  };
  Result<void> visit_urls(const Article& version, bool all_hops,
                          const std::function<Result<void>(const std::string& url)>& visit) const;
  Result<std::vector<std::string>> hops_from(const std::string& url, const Article& version) const;

  Captures& captures_;
  std::map<std::string, std::vector<Seen>, std::less<>> seen_;  // by URL, in order of time
  std::vector<std::pair<size_t, const std::string*>> by_owner_;
  size_t count_ = 0;
};

}  // namespace halftone
