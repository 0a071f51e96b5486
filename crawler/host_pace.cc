#include "crawler/host_pace.h"

#include <algorithm>
#include <utility>

#include "media/error.h"

namespace halftone {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLongestDelayAllowed = std::chrono::days(1);  // by the user
constexpr milliseconds kLongestCrawlDelay = std::chrono::minutes(1);
constexpr milliseconds kFirstDelay{250}, kLongestDelay = std::chrono::minutes(1);
constexpr milliseconds kShortestDelay{50};  // less is none
constexpr seconds kLongestRetry = std::chrono::days(1);
constexpr seconds kRetry{1};  // after 429 that does not say
constexpr milliseconds kNeverLate{300};
constexpr int kLate = 4;                        // times the best median
constexpr size_t kUsual = 6;                    // connections of a browser to one host
constexpr size_t kRoundsSlowed = 4;             // for one more at once, after it was slowed down
constexpr size_t kSuspicious = 2, kSilent = 4;  // requests in a row without an answer
constexpr milliseconds kLongestSilence = std::chrono::hours(1);

bool is_overload(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

// The later of two moments, either of which may be none.
template <class T>
std::optional<T> later(std::optional<T> a, std::optional<T> b) {
  return std::max(a, b);
}

std::string in_seconds(milliseconds time) {
  return fmt::format("{:g} s", std::chrono::duration<double>(time).count());
}

}  // namespace

HostPace::HostPace(PaceLimits limits) : at_once_(2) { set_limits(limits); }

void HostPace::set_limits(PaceLimits limits) {
  limits_ = limits;
  limits_.most_at_once = std::max<size_t>(1, limits.most_at_once);
  limits_.delay = std::clamp(limits.delay, milliseconds(0), kLongestDelayAllowed);
  at_once_ = std::min(at_once_, limits_.most_at_once);
}

bool HostPace::may_start(Clock::time_point now) const {
  const auto next = next_start();
  return next && *next <= now;
}

std::optional<HostPace::Clock::time_point> HostPace::next_start() const {
  if (active_ >= at_once_) return std::nullopt;
  std::optional<Clock::time_point> next = later(not_before_, silent_until_);
  if (last_start_) next = later(next, std::optional(*last_start_ + delay()));
  return next.value_or(Clock::time_point{});
}

void HostPace::started(Clock::time_point now) {
  ++active_;
  last_start_ = now;
  silent_until_.reset();
}

void HostPace::dropped() {
  if (active_ == 0) bug("a request ended that was not started");
  --active_;
  if (of_before_ > 0) --of_before_;
}

void HostPace::answered(Clock::time_point now, const Answered& answer) {
  const bool tells_of_now = of_before_ == 0;
  dropped();
  if (answer.status == 0) return unanswered(now);
  unanswered_ = 0;
  silent_until_.reset();

  const bool overloaded = is_overload(answer.status);
  std::optional<seconds> retry = answer.status >= 400 ? answer.retry_after : std::nullopt;
  if (answer.status == 429) retry = retry.value_or(kRetry);
  if (retry) {
    not_before_ =
        later(not_before_, std::optional(now + std::clamp(*retry, seconds(0), kLongestRetry)));
  }
  if (!tells_of_now) return;
  if (overloaded) return slow_down(fmt::format("{}", answer.status));
  if (answer.status >= 500) return;  // a fault of that page

  if (!was_slowed_ && at_once_ < kUsual) speed_up();
  round_[in_round_++] = std::max(milliseconds(0), answer.first_byte);
  if (in_round_ == kRound) judge_round();
}

void HostPace::unanswered(Clock::time_point now) {
  ++unanswered_;
  if (silent_until_) return;  // these were under way
  if (unanswered_ >= kSilent) {
    const auto silence =
        std::min(kLongestSilence, limits_.first_silence * (1 << std::min<size_t>(6, silences_)));
    ++silences_;
    silent_until_ = now + silence;
    while (at_once_ > 1) slow_down("no answers");
  } else if (unanswered_ >= kSuspicious && of_before_ == 0) {
    slow_down("no answers");
  }
}

void HostPace::judge_round() {
  std::nth_element(round_.begin(), round_.begin() + kRound / 2, round_.end());
  const milliseconds median = round_[kRound / 2];
  in_round_ = 0;
  silences_ = 0;
  if (take_back_trial(median)) return;
  best_ = std::min(best_.value_or(median), median);
  if (is_late(median)) {
    Trial trial{median, at_once_, was_slowed_, why_};
    slow_down("late answers");
    trial_ = std::move(trial);
    return;
  }
  ++rounds_;
  if (own_delay_ > milliseconds(0) || !was_slowed_ || rounds_ >= kRoundsSlowed) speed_up();
}

// Asking one at a time cannot be what makes answers late.
bool HostPace::is_late(milliseconds median) const {
  return at_once_ > 1 && median > kNeverLate && median > *best_ * kLate;
}

// Where half as many at once brought no better answers, lateness is not of our making: it is the
// host's own time from now on.
bool HostPace::take_back_trial(milliseconds median) {
  const std::optional<Trial> trial = std::exchange(trial_, std::nullopt);
  if (!trial || median < trial->median * 3 / 4) return false;
  best_ = median;
  at_once_ = trial->at_once;
  was_slowed_ = trial->was_slowed;
  why_ = trial->why;
  return true;
}

void HostPace::slow_down(std::string why) {
  if (at_once_ > 1) {
    at_once_ /= 2;
  } else {
    own_delay_ = std::clamp(own_delay_ * 2, kFirstDelay, kLongestDelay);
  }
  why_ = std::move(why);
  was_slowed_ = true;
  trial_.reset();
  of_before_ = active_;
  in_round_ = rounds_ = 0;
}

void HostPace::speed_up() {
  rounds_ = 0;
  if (own_delay_ > milliseconds(0)) {
    own_delay_ = own_delay_ / 2 < kShortestDelay ? milliseconds(0) : own_delay_ / 2;
  } else {
    at_once_ = std::min(at_once_ + 1, limits_.most_at_once);
  }
  if (own_delay_ == milliseconds(0) && at_once_ == limits_.most_at_once) why_.clear();
}

void HostPace::set_crawl_delay(milliseconds delay) {
  crawl_delay_ = std::clamp(delay, milliseconds(0), kLongestCrawlDelay);
}

HostPace::Milliseconds HostPace::delay() const {
  return std::max({limits_.delay, crawl_delay_, own_delay_});
}

std::string HostPace::describe() const {
  std::string text = fmt::format("{} at once", at_once_);
  if (delay() > milliseconds(0)) text += fmt::format(", {} apart", in_seconds(delay()));
  const bool is_asked_for = crawl_delay_ > std::max(limits_.delay, own_delay_);
  if (!why_.empty()) {
    text += fmt::format(" ({})", why_);
  } else if (is_asked_for) {
    text += " (Crawl-delay)";
  }
  return text;
}

}  // namespace halftone
