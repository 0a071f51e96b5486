// The hosts that a crawl has leased from its frontier, and their URLs on the way.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "crawler/crawl_rows.h"
#include "crawler/frontier.h"
#include "crawler/manners.h"
#include "crawler/recorder.h"

namespace halftone {

// One thread: the one that runs the fetcher.
class LeasedHosts {
 public:
  // All of these must outlive it.
  LeasedHosts(Frontier& frontier, Recorder& recorder, const Manners& manners);

  // A URL to be worked on; one of end() and put_back() must follow.
  struct Work {
    std::string host;
    ClaimedUrl url;
    uint64_t token = 0;     // of the lease
    bool given_up = false;  // its host has not answered for so long that it is not asked any more
  };

  // The next one, of hosts in turn; nothing where none may be asked now. `with_pages`: pages, too.
  Result<std::optional<Work>> next(bool with_pages);

  // The request is over; its place is free for others of the host.
  void fetched(const Work& work);

  // It is done; the frontier learns of it with the next write_ended().
  void end(const Work& work, const CrawlResult& result);

  // Gives what has ended to the recorder, to be written behind the captures and articles that it
  // was given before. Many at once cost as little as one.
  void write_ended();

  // It is owed again from `until` on.
  void put_back(const Work& work, const OwedUrl& owed, Time until);

  // URLs of this host were added.
  void added(const std::string& host);

  // Keeps the leases, takes again what was put back and is due, gives back hosts that have nothing
  // left. Now and then.
  Result<void> tend();

  size_t under_way() const { return under_way_; }  // ended by nobody yet
  size_t count() const { return hosts_.size(); }

 private:
  struct Held {
    Lease lease;
    std::deque<ClaimedUrl> files, pages;  // taken, not worked on yet
    bool files_dry = false, pages_dry = false;
    size_t fetching = 0, under_way = 0;
    std::set<Time> owed_again{};  // when what was put back is due, rounded up
    std::list<std::string>::iterator turn;
  };
  // What the frontier was told to owe again.
  struct PutBack {
    std::mutex mutex;
    std::vector<std::pair<Lease, Time>> newly;
  };
  struct Ended {
    Lease lease;
    std::vector<Frontier::Completion> urls;
  };

  Result<std::optional<Work>> next_of(Held& held, bool with_pages);
  Result<void> fill(Held& held, bool with_pages);
  Result<bool> claim_another();
  void give_back(const std::string& name, Time next);
  Held* lease_of(const Work& work);  // null where the lease was lost meanwhile
  void look_at_put_back();

  Frontier& frontier_;
  Recorder& recorder_;
  const Manners& manners_;
  std::unordered_map<std::string, Held> hosts_;
  std::list<std::string> turns_;  // of hosts_, whose turn is next first
  size_t under_way_ = 0;
  Time claim_at_{};  // nothing can be claimed before
  Time tended_at_{};
  std::map<uint64_t, Ended> ended_;  // by token of the lease
  std::shared_ptr<PutBack> put_back_ = std::make_shared<PutBack>();
};

}  // namespace halftone
