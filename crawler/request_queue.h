// Requests that wait for their turn: so many at once, so many to one host, hosts taking turns.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "crawler/fetcher.h"

namespace halftone {

struct WaitingRequest {
  FetchRequest request;
  std::unique_ptr<FetchHandler> handler;
};

// One thread at a time.
class RequestQueue {
 public:
  RequestQueue(size_t parallel, size_t per_host) : parallel_(parallel), per_host_(per_host) {}

  void push(WaitingRequest waiting);

  // The next request whose host has room, now counted as active.
  std::optional<WaitingRequest> pop();

  // The same, whether or not there is room, and not counted: to empty the queue.
  std::optional<WaitingRequest> drop();

  // An active request to this URL's host has ended.
  void finished(std::string_view url);

  // The host of `url` speaks HTTP/2: requests share one connection, so only `parallel` bounds them.
  void set_multiplexed(std::string_view url);

  bool can_pop() const { return !line_.empty() && active_ < parallel_; }
  bool empty() const { return waiting_ == 0; }
  size_t active() const { return active_; }

 private:
  struct Lane {
    std::deque<WaitingRequest> waiting;
    size_t active = 0;
    bool in_line = false;
  };

  void line_up(const std::string& host, Lane& lane);
  size_t room(const std::string& host) const;

  size_t parallel_, per_host_;
  size_t waiting_ = 0, active_ = 0;
  std::unordered_map<std::string, Lane> lanes_;  // by scheme, host and port
  std::deque<std::string> line_;                 // hosts with a request and room for it
  std::unordered_set<std::string> multiplexed_;
};

}  // namespace halftone
