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

  // It is done: written down behind the captures and, for an article, the articles that the
  // recorder was given before.
  void end(const Work& work, const CrawlResult& result);

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
  // Completions that wait for the recorder.
  struct Done {
    std::mutex mutex;
    std::map<uint64_t, std::pair<Lease, std::vector<Frontier::Completion>>> by_token;
    bool scheduled = false;
  };

  Result<std::optional<Work>> next_of(Held& held, bool with_pages);
  Result<void> fill(Held& held, bool with_pages);
  Result<bool> claim_another();
  void give_back(const std::string& name, Time next);
  Held* lease_of(const Work& work);  // null where the lease was lost meanwhile
  void end_behind(const Lease& lease, Frontier::Completion done);
  void look_at_put_back();
  static Result<void> write_done(Frontier& frontier, Done& done);

  Frontier& frontier_;
  Recorder& recorder_;
  const Manners& manners_;
  std::unordered_map<std::string, Held> hosts_;
  std::list<std::string> turns_;  // of hosts_, whose turn is next first
  size_t under_way_ = 0;
  Time claim_at_{};  // nothing can be claimed before
  Time tended_at_{};
  std::shared_ptr<Done> done_ = std::make_shared<Done>();
  std::shared_ptr<PutBack> put_back_ = std::make_shared<PutBack>();
};

}  // namespace halftone
