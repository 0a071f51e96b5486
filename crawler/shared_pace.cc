#include "crawler/shared_pace.h"

#include <algorithm>
#include <utility>

namespace halftone {
namespace {

// Of hosts that nobody asks, no more than so many are remembered.
constexpr size_t kMostHosts = 20'000;

}  // namespace

// ---- of all crawls

void SharedPace::tighten() {
  if (limits_.empty()) return;  // whoever comes next has limits
  PaceLimits strictest = limits_.begin()->second;
  for (const auto& [part, limits] : limits_) {
    strictest.most_at_once = std::min(strictest.most_at_once, limits.most_at_once);
    strictest.delay = std::max(strictest.delay, limits.delay);
    strictest.first_silence = std::min(strictest.first_silence, limits.first_silence);
  }
  pace_.set_limits(strictest);
}

void SharedPace::wake_first(const Part* but) {
  if (!line_.empty() && line_.front() != but) line_.front()->wake_();
}

void SharedPace::leave_line(const Part* part) {
  const bool was_first = !line_.empty() && line_.front() == part;
  std::erase(line_, part);
  if (was_first) wake_first(part);
}

std::shared_ptr<SharedPace> HostPaces::of(const std::string& host, const PaceLimits& limits) {
  const std::lock_guard lock(mutex_);
  if (paces_.size() >= kMostHosts) {
    std::erase_if(paces_, [](const auto& entry) { return entry.second.use_count() == 1; });
  }
  auto& pace = paces_[host];
  if (!pace) pace = std::make_shared<SharedPace>(limits);
  return pace;
}

// ---- of one crawl

SharedPace::Part::Part(std::shared_ptr<SharedPace> pace, const PaceLimits& limits,
                       std::function<void()> wake)
    : pace_(std::move(pace)), wake_(std::move(wake)) {
  const std::lock_guard lock(pace_->mutex_);
  pace_->limits_[this] = limits;
  pace_->tighten();
}

SharedPace::Part::~Part() {
  const std::lock_guard lock(pace_->mutex_);
  for (; active_ > 0; --active_) pace_->pace_.dropped();
  pace_->limits_.erase(this);
  pace_->tighten();
  pace_->leave_line(this);
  pace_->wake_first(this);
}

SharedPace::Part::Turn SharedPace::Part::start(Clock::time_point now) {
  const std::lock_guard lock(pace_->mutex_);
  auto& line = pace_->line_;
  const bool may_start = pace_->pace_.may_start(now);
  if (may_start && (line.empty() || line.front() == this)) {
    pace_->pace_.started(now);
    ++active_;
    if (!line.empty()) line.pop_front();
    if (pace_->pace_.may_start(now)) pace_->wake_first(this);
    return {.is_ours = true, .again = {}};
  }
  if (std::ranges::find(line, this) == line.end()) line.push_back(this);
  if (may_start) {
    pace_->wake_first(this);
    return {};
  }
  return {.is_ours = false, .again = pace_->pace_.next_start()};
}

void SharedPace::Part::withdraw() {
  const std::lock_guard lock(pace_->mutex_);
  pace_->leave_line(this);
}

void SharedPace::Part::answered(Clock::time_point now, const HostPace::Answered& answer) {
  const std::lock_guard lock(pace_->mutex_);
  --active_;
  pace_->pace_.answered(now, answer);
  pace_->wake_first(this);
}

void SharedPace::Part::dropped() {
  const std::lock_guard lock(pace_->mutex_);
  --active_;
  pace_->pace_.dropped();
  pace_->wake_first(this);
}

void SharedPace::Part::set_crawl_delay(std::chrono::milliseconds delay) {
  const std::lock_guard lock(pace_->mutex_);
  pace_->pace_.set_crawl_delay(delay);
}

std::optional<SharedPace::Clock::time_point> SharedPace::Part::silent_until() const {
  const std::lock_guard lock(pace_->mutex_);
  return pace_->pace_.silent_until();
}

size_t SharedPace::Part::at_once() const {
  const std::lock_guard lock(pace_->mutex_);
  return pace_->pace_.at_once();
}

std::string SharedPace::Part::describe() const {
  const std::lock_guard lock(pace_->mutex_);
  return pace_->pace_.describe();
}

}  // namespace halftone
