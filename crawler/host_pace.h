// How fast one host is asked: so many requests at once, so long apart, slower when it suffers.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace halftone {

// What the user allows, for every host alike.
struct PaceLimits {
  size_t most_at_once = 6;                          // 0 is taken for 1
  std::chrono::milliseconds delay{0};               // between the starts of two requests, at least
  std::chrono::milliseconds first_silence{60'000};  // how long one that is silent is left alone
};

// One host's pace. Begins with two requests at once and adds one with each good answer up to six,
// as browsers ask, then one after every five up to the limit, and once it had to be slowed down one
// after every twenty. 429, 502, 503, 504, two requests in a row without an answer, and answers that
// come much later than the best ones did halve it; below one at a time they put a growing delay
// between requests, which steady answers take back. Late answers count for nothing under 300 ms,
// nor where asking less did not bring them sooner: then the host is as it is. Retry-After and
// Crawl-delay are kept to. No clock of its own, no I/O. One thread at a time.
class HostPace {
 public:
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::milliseconds;

  explicit HostPace(PaceLimits limits);

  // A request may be started now.
  bool may_start(Clock::time_point now) const;

  // When may_start() can become true without an answer in between, which may be past; nothing where
  // every place is taken.
  std::optional<Clock::time_point> next_start() const;

  void started(Clock::time_point now);

  // How a request ended. Every started() is followed by one of these or by dropped().
  struct Answered {
    int status = 0;                                   // 0: no answer
    Milliseconds first_byte{};                        // since the request was started
    std::optional<std::chrono::seconds> retry_after;  // counts with 4xx and 5xx; a day at most
  };
  void answered(Clock::time_point now, const Answered& answer);

  // The request was given up by us; it says nothing of the host.
  void dropped();

  // From now on.
  void set_limits(PaceLimits limits);

  // Of its robots.txt; more than a minute is taken for a minute.
  void set_crawl_delay(Milliseconds delay);

  // Four requests in a row got no answer, so that the rest may as well wait: until when. At first
  // as the limits say, then twice as long each time up to an hour, till the host answers steadily
  // again. Afterwards one request is let through to see; from its start on, or with any answer,
  // this is nothing.
  std::optional<Clock::time_point> silent_until() const { return silent_until_; }

  size_t active() const { return active_; }
  size_t at_once() const { return at_once_; }  // allowed now
  Milliseconds delay() const;                  // kept now
  std::string describe() const;                // for people: "2 at once, 1.5 s apart (429)"

 private:
  static constexpr size_t kRound = 5;  // answers that are judged together

  void unanswered(Clock::time_point now);
  void judge_round();
  bool is_late(Milliseconds median) const;
  bool take_back_trial(Milliseconds median);
  void slow_down(std::string why);
  void speed_up();

  PaceLimits limits_;
  size_t active_ = 0, at_once_;
  Milliseconds crawl_delay_{0}, own_delay_{0};
  std::string why_;  // it is slower than the limits; empty where nothing made it so
  std::optional<Clock::time_point> last_start_, not_before_;

  // Answers to requests that were under way when it last slowed down: they tell of before.
  size_t of_before_ = 0;

  std::array<Milliseconds, kRound> round_{};
  size_t in_round_ = 0, rounds_ = 0;  // rounds since the last change
  bool was_slowed_ = false;           // so it grows slower from now on
  std::optional<Milliseconds> best_;  // median of a round

  // It was slowed down for late answers, and the next round tells whether that helped.
  struct Trial {
    Milliseconds median;
    size_t at_once;  // before, like the rest
    bool was_slowed;
    std::string why;
  };
  std::optional<Trial> trial_;

  size_t unanswered_ = 0, silences_ = 0;
  std::optional<Clock::time_point> silent_until_;
};

}  // namespace halftone
