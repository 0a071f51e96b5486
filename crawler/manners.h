// How a crawl behaves towards hosts: robots.txt before anything else, one pace for each host,
// nothing while the crawl is paused.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crawler/fetcher.h"
#include "crawler/host_pace.h"
#include "crawler/recorder.h"
#include "crawler/request_gate.h"
#include "crawler/shared_pace.h"

namespace halftone {

struct MannersOptions {
  PaceLimits pace;
  bool ignore_robots = false;
  std::string agent = "halftone";  // for robots.txt: the product token
  // Of the crawls that run beside this one; none: it has its own.
  std::shared_ptr<HostPaces> paces{};
  // A silent host is not waited for when that would take longer than this since it was first asked;
  // 0: no limit.
  std::chrono::seconds patience{0};
  // Hosts that gave no answer the last time: they are tried, but not waited for.
  std::set<std::string> doubted{};
};

// What a host was like in this run.
struct HostStats {
  uint64_t requests = 0, answers = 0, bytes = 0;
  uint64_t refusals = 0;                // 4xx
  uint64_t failures = 0;                // 5xx and no answer
  std::chrono::milliseconds waited{};   // for first bytes, all together
  std::chrono::milliseconds slowest{};  // of them
};

// One thread: the one that runs the fetcher.
class Manners : public RequestGate {
 public:
  using Clock = std::chrono::steady_clock;

  // `fetcher` and `recorder` must outlive it, and it must outlive the fetcher's run(). What is
  // fetched of robots.txt is recorded, too.
  Manners(Fetcher& fetcher, Recorder& recorder, const MannersOptions& options);
  ~Manners() override;

  void enter(const Url& url, std::function<void(Result<void>)> go) override;
  void leave(const Url& url, const Left& left) override;

  // While paused nothing enters, and what waits goes on waiting.
  void pause(bool paused);

  // Forgets hosts that nothing is known of but a healthy pace, where there are too many. Not from
  // within enter() or leave().
  void tidy();

  // How many requests to the host are made at once now. `host` as Url::host().
  size_t at_once(const std::string& host) const;

  // Requests on the way, to all hosts.
  size_t active() const;

  // When the host may be tried again, where it has not answered for long.
  struct Silence {
    Clock::time_point until;
    bool is_final;  // it is not worth another try in this run
  };
  std::optional<Silence> silence(const std::string& host) const;

  // Told of each origin whose robots.txt names sitemaps, once.
  void on_sitemaps(std::function<void(const Url& robots, const std::vector<std::string>&)> told);

  std::string describe(const std::string& host) const;  // its pace, for people
  const std::map<std::string, HostStats>& stats() const;

 private:
  struct Host;
  struct Parts;
  class RobotsAnswer;

  Host& host_of(const Url& url);
  static void fall_silent(Host& host, Clock::time_point until);
  void line_up(const Url& url, std::function<void(Result<void>)> go);
  void let_in(const std::string& name);
  void refuse_all(Host& host, const std::string& why);
  void ask_robots(const std::string& url, const Url& target, unsigned redirects);
  void fetch_robots(const std::string& url, const Url& target, unsigned redirects);
  void refuse_without_rules(const std::string& url, const Error& why);
  void be_silent(const Url& robots_url);
  void robots_came(const std::string& url, int status, const std::string& body,
                   const std::string& cache_control, const std::string& why);

  std::unique_ptr<Parts> parts_;
};

}  // namespace halftone
