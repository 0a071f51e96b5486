#include "crawler/request_queue.h"

#include <algorithm>
#include <utility>

namespace halftone {
namespace {

constexpr size_t kMaxRemembered = 100'000;  // hosts known to speak HTTP/2

// Everything before the path: "https://example.org:8443".
std::string host_key(std::string_view url) {
  const size_t authority = url.find("://");
  if (authority == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, url.find_first_of("/?#", authority + 3)));
}

}  // namespace

size_t RequestQueue::room(const std::string& host) const {
  return multiplexed_.contains(host) ? parallel_ : std::min(parallel_, per_host_);
}

void RequestQueue::line_up(const std::string& host, Lane& lane) {
  if (lane.in_line || lane.waiting.empty() || lane.active >= room(host)) return;
  lane.in_line = true;
  line_.push_back(host);
}

void RequestQueue::push(WaitingRequest waiting) {
  const std::string host = host_key(waiting.request.url);
  Lane& lane = lanes_[host];
  lane.waiting.push_back(std::move(waiting));
  ++waiting_;
  line_up(host, lane);
}

std::optional<WaitingRequest> RequestQueue::pop() {
  if (!can_pop()) return std::nullopt;
  const std::string host = std::move(line_.front());
  line_.pop_front();
  Lane& lane = lanes_[host];
  WaitingRequest next = std::move(lane.waiting.front());
  lane.waiting.pop_front();
  --waiting_;
  ++lane.active;
  ++active_;
  lane.in_line = false;
  line_up(host, lane);
  return next;
}

std::optional<WaitingRequest> RequestQueue::drop() {
  for (auto lane = lanes_.begin(); lane != lanes_.end();) {
    auto& waiting = lane->second.waiting;
    if (!waiting.empty()) {
      WaitingRequest next = std::move(waiting.front());
      waiting.pop_front();
      --waiting_;
      return next;
    }
    lane->second.in_line = false;
    lane = lane->second.active == 0 ? lanes_.erase(lane) : std::next(lane);
  }
  line_.clear();
  return std::nullopt;
}

void RequestQueue::finished(std::string_view url) {
  const std::string host = host_key(url);
  const auto lane = lanes_.find(host);
  if (lane == lanes_.end()) return;
  --lane->second.active;
  --active_;
  line_up(host, lane->second);
  if (lane->second.active == 0 && lane->second.waiting.empty()) lanes_.erase(lane);
}

void RequestQueue::set_multiplexed(std::string_view url) {
  if (multiplexed_.size() >= kMaxRemembered) multiplexed_.clear();
  const std::string host = host_key(url);
  multiplexed_.insert(host);
  if (const auto lane = lanes_.find(host); lane != lanes_.end()) line_up(host, lane->second);
}

}  // namespace halftone
