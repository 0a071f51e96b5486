#include "crawler/manners.h"

#include <deque>
#include <limits>
#include <set>
#include <unordered_map>

#include "crawler/answer.h"
#include "crawler/robots_gate.h"
#include "store/redirect.h"

namespace halftone {
namespace {

// RFC 9309, 2.5: at least 500 KiB are read.
constexpr size_t kLongestRobots = size_t{512} << 10;
// RFC 9309, 2.3.1.2: at least five.
constexpr unsigned kMostRobotsRedirects = 5;
constexpr size_t kMostHosts = 10'000;
// Hosts that statistics are kept of; the others are counted together.
constexpr size_t kMostStats = 10'000;
constexpr const char* kOtherHosts = "(other hosts)";
// A host that has been silent so often in a row is not asked any more in this run: one that never
// answered, and one that did, which is waited for half an hour.
constexpr unsigned kMostSilencesOfStrangers = 2, kMostSilences = 6;

}  // namespace

struct Manners::Host {
  struct Waiting {
    Url url;
    std::function<void(Result<void>)> go;
  };

  Host(std::shared_ptr<SharedPace> shared, const PaceLimits& limits, std::function<void()> wake)
      : pace(std::move(shared), limits, std::move(wake)) {}
  bool is_idle() const { return waiting.empty() && pace.active() == 0 && !has_timer; }

  SharedPace::Part pace;
  const Clock::time_point met = Clock::now();
  std::deque<Waiting> waiting;
  bool has_timer = false;
  unsigned silences = 0;
  bool has_answered = false;
  Clock::time_point silent_until{};
};

struct Manners::Parts {
  Fetcher& fetcher;
  Recorder& recorder;
  MannersOptions options;
  RobotsGate robots;
  std::shared_ptr<const bool> is_alive = std::make_shared<bool>(true);
  bool paused = false;
  size_t active = 0;
  std::unordered_map<std::string, Host> hosts{};  // by Url::host()
  // By URL of robots.txt: what waits for it.
  std::map<std::string, std::vector<Host::Waiting>> without_rules;
  std::function<void(const Url&, const std::vector<std::string>&)> told_sitemaps;
  std::set<std::string> sitemap_origins;
  std::map<std::string, HostStats> stats;

  HostStats& stats_of(const Url& url) {
    const std::string name = url.host();
    const bool fits = stats.size() < kMostStats || stats.contains(name);
    return stats[fits ? name : kOtherHosts];
  }
};

Manners::Manners(Fetcher& fetcher, Recorder& recorder, const MannersOptions& options)
    : parts_(std::make_unique<Parts>(Parts{.fetcher = fetcher,
                                           .recorder = recorder,
                                           .options = options,
                                           .robots = RobotsGate(options.agent),
                                           .without_rules = {},
                                           .told_sitemaps = {},
                                           .sitemap_origins = {},
                                           .stats = {}})) {
  auto& paces = parts_->options.paces;
  if (!paces) paces = std::make_shared<HostPaces>();
}
Manners::~Manners() = default;

Manners::Host& Manners::host_of(const Url& url) {
  const std::string name = url.host();
  const auto known = parts_->hosts.find(name);
  if (known != parts_->hosts.end()) return known->second;
  // Another crawl may wake this one when it is over.
  auto wake = [this, &fetcher = parts_->fetcher, name,
               alive = std::weak_ptr<const bool>(parts_->is_alive)] {
    fetcher.post([this, name, alive] {
      if (alive.lock()) let_in(name);
    });
  };
  const PaceLimits& limits = parts_->options.pace;
  return parts_->hosts
      .try_emplace(name, parts_->options.paces->of(name, limits), limits, std::move(wake))
      .first->second;
}

void Manners::tidy() {
  if (parts_->hosts.size() < kMostHosts) return;
  std::erase_if(parts_->hosts, [](const auto& entry) {
    return entry.second.is_idle() && entry.second.silences == 0;
  });
}

void Manners::enter(const Url& url, std::function<void(Result<void>)> go) {
  if (parts_->options.ignore_robots) return line_up(url, std::move(go));
  const RobotsGate::Answer answer = parts_->robots.check(url, now());
  switch (answer.step) {
    case RobotsGate::Answer::Step::kAllowed:
      return line_up(url, std::move(go));
    case RobotsGate::Answer::Step::kDenied:
      return go(fail(ErrorCode::kBlocked, "{}", answer.reason));
    case RobotsGate::Answer::Step::kWait:
      return go(fail(ErrorCode::kRefused, "{}", answer.reason));
    case RobotsGate::Answer::Step::kAsk:
      break;
  }
  auto& waiting = parts_->without_rules[answer.ask];
  waiting.push_back({url, std::move(go)});
  if (waiting.size() > 1) return;
  const auto robots_url = Url::parse(answer.ask);
  if (!robots_url) bug("the URL of a robots.txt does not parse");
  ask_robots(answer.ask, *robots_url, 0);
}

void Manners::line_up(const Url& url, std::function<void(Result<void>)> go) {
  Host& host = host_of(url);
  host.waiting.push_back({url, std::move(go)});
  let_in(url.host());
}

// Starts what may start; sets a timer where time alone helps.
void Manners::let_in(const std::string& name) {
  const auto found = parts_->hosts.find(name);
  if (found == parts_->hosts.end() || parts_->paused) return;
  Host& host = found->second;
  // Other crawls may have found out.
  if (const auto silent = host.pace.silent_until()) fall_silent(host, *silent);
  if (host.silent_until > Clock::now()) {
    return refuse_all(host, fmt::format("{} has not answered for some time", name));
  }
  SharedPace::Part::Turn turn;
  while (!host.waiting.empty()) {
    turn = host.pace.start(Clock::now());
    if (!turn.is_ours) break;
    const Host::Waiting next = std::move(host.waiting.front());
    host.waiting.pop_front();
    ++parts_->active;
    ++parts_->stats_of(next.url).requests;
    next.go({});
  }
  if (host.waiting.empty()) return host.pace.withdraw();
  if (host.has_timer || !turn.again) return;
  host.has_timer = true;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*turn.again - Clock::now());
  parts_->fetcher.after(std::max(wait, std::chrono::milliseconds(1)), [this, name] {
    const auto again = parts_->hosts.find(name);
    if (again == parts_->hosts.end()) return;
    again->second.has_timer = false;
    let_in(name);
  });
}

void Manners::fall_silent(Host& host, Clock::time_point until) {
  if (until <= Clock::now() || until <= host.silent_until) return;
  host.silent_until = until;
  ++host.silences;
}

void Manners::refuse_all(Host& host, const std::string& why) {
  host.pace.withdraw();
  std::deque<Host::Waiting> refused;
  refused.swap(host.waiting);
  for (const Host::Waiting& one : refused) one.go(fail(ErrorCode::kRefused, "{}", why));
}

void Manners::leave(const Url& url, const Left& left) {
  Host& host = host_of(url);
  --parts_->active;
  HostStats& stats = parts_->stats_of(url);
  stats.bytes += left.bytes;
  if (left.is_ours) {
    host.pace.dropped();
  } else {
    host.pace.answered(
        Clock::now(),
        {.status = left.status, .first_byte = left.first_byte, .retry_after = left.retry_after});
    stats.answers += left.status != 0;
    stats.refusals += left.status >= 400 && left.status < 500;
    stats.failures += left.status == 0 || left.status >= 500;
    stats.waited += left.first_byte;
    stats.slowest = std::max(stats.slowest, left.first_byte);
  }
  if (left.status != 0) {
    host.silences = 0;
    host.has_answered = true;
  }
  let_in(url.host());
}

void Manners::pause(bool paused) {
  parts_->paused = paused;
  if (paused) {
    for (auto& [name, host] : parts_->hosts) host.pace.withdraw();  // others need not wait for it
    return;
  }
  std::vector<std::string> names;
  for (const auto& [name, host] : parts_->hosts) names.push_back(name);
  for (const std::string& name : names) let_in(name);
}

size_t Manners::at_once(const std::string& host) const {
  const auto found = parts_->hosts.find(host);
  return found == parts_->hosts.end() ? 1 : found->second.pace.at_once();
}

size_t Manners::active() const { return parts_->active; }

std::optional<Manners::Silence> Manners::silence(const std::string& host) const {
  const auto found = parts_->hosts.find(host);
  if (found == parts_->hosts.end() || found->second.silent_until <= Clock::now()) {
    return std::nullopt;
  }
  const Host& known = found->second;
  const MannersOptions& options = parts_->options;
  const unsigned most = known.has_answered               ? kMostSilences
                        : options.doubted.contains(host) ? 1
                                                         : kMostSilencesOfStrangers;
  const bool is_too_long =
      options.patience.count() > 0 && known.silent_until - known.met > options.patience;
  return Silence{known.silent_until, known.silences >= most || is_too_long};
}

void Manners::on_sitemaps(
    std::function<void(const Url& robots, const std::vector<std::string>&)> told) {
  parts_->told_sitemaps = std::move(told);
}

std::string Manners::describe(const std::string& host) const {
  const auto found = parts_->hosts.find(host);
  return found == parts_->hosts.end() ? std::string() : found->second.pace.describe();
}

const std::map<std::string, HostStats>& Manners::stats() const { return parts_->stats; }

// ---- robots.txt

// Takes an answer to a request for a robots.txt. It is recorded like any other, unless it is
// longer than what is read of it.
class Manners::RobotsAnswer : public FetchHandler {
 public:
  RobotsAnswer(Manners& manners, std::string asked, Url url, unsigned redirects)
      : manners_(manners), asked_(std::move(asked)), url_(std::move(url)), redirects_(redirects) {}

  Result<void> on_head(const FetchResponse& response) override {
    head_ = response;
    body_ = manners_.parts_->recorder.begin();
    return {};
  }

  Result<void> on_body(std::string_view bytes) override {
    text_ += bytes;
    body_->write(bytes);
    if (text_.size() <= kLongestRobots) return {};
    is_cut_ = true;
    return fail(ErrorCode::kTooLarge, "longer than what is read of it");
  }

  void on_done(Result<FetchResponse> response) override {
    // What it says of the host's health is for be_silent().
    manners_.leave(
        url_,
        {.status = 0, .first_byte = {}, .bytes = text_.size(), .retry_after = {}, .is_ours = true});
    HostStats& stats = manners_.parts_->stats_of(url_);
    if (!response && response.error().code == ErrorCode::kInterrupted) return;
    if (!response && response.error().code == ErrorCode::kPrivateAddress) {
      return manners_.refuse_without_rules(asked_, {ErrorCode::kBlocked, response.error().message});
    }
    if (!response && !is_cut_) {
      ++stats.failures;
      return came(0, response.error().message);
    }
    ++stats.answers;
    if (response) record(*response);
    if (is_redirect(head_.status) && redirects_ < kMostRobotsRedirects) {
      const auto target = Url::parse(head_.location, &url_);
      if (target && target->is_http()) {
        return manners_.ask_robots(asked_, *target, redirects_ + 1);
      }
    }
    came(head_.status, describe_status(head_.status));
  }

 private:
  void record(const FetchResponse& response) {
    Capture capture{.url = url_.href_without_fragment(),
                    .time = now(),
                    .status = response.status,
                    .request_headers = response.request_headers,
                    .response_headers = response.response_headers,
                    .digest = {},
                    .remote_address = response.remote_address};
    manners_.parts_->recorder.finish(std::move(body_), std::move(capture), response.content_type,
                                     [](const auto&, const auto&) {});
  }

  void came(int status, const std::string& why) {
    manners_.robots_came(asked_, status, text_,
                         header_value(head_.response_headers, "cache-control"), why);
  }

  Manners& manners_;
  const std::string asked_;
  const Url url_;
  const unsigned redirects_;
  FetchResponse head_;
  std::unique_ptr<Recorder::Body> body_;
  std::string text_;
  bool is_cut_ = false;
};

// In line with the host's other requests, so that it is one of those at once.
void Manners::ask_robots(const std::string& url, const Url& target, unsigned redirects) {
  line_up(target, [this, url, target, redirects](const Result<void>& entered) {
    if (!entered) return refuse_without_rules(url, entered.error());
    fetch_robots(url, target, redirects);
  });
}

void Manners::fetch_robots(const std::string& url, const Url& target, unsigned redirects) {
  // However long it is, its beginning counts.
  parts_->fetcher.start({.url = target.href_without_fragment(),
                         .referrer = {},
                         .headers = {},
                         .max_size = std::numeric_limits<uint64_t>::max()},
                        std::make_unique<RobotsAnswer>(*this, url, target, redirects));
}

// The host cannot be asked at all.
void Manners::refuse_without_rules(const std::string& url, const Error& why) {
  const std::vector<Host::Waiting> waiting = std::move(parts_->without_rules[url]);
  parts_->without_rules.erase(url);
  for (const Host::Waiting& one : waiting) one.go(tl::unexpected(why));
}

// A host that does not even answer for its robots.txt is left alone as long as that is.
void Manners::be_silent(const Url& robots_url) {
  const auto front = Url::parse("/", &robots_url);
  if (!front) bug("the URL of a robots.txt has no host");
  const auto answer = parts_->robots.check(*front, now());
  if (answer.step != RobotsGate::Answer::Step::kWait) return;  // older rules still count
  Host& host = host_of(robots_url);
  fall_silent(host,
              Clock::now() + std::chrono::duration_cast<Clock::duration>(answer.until - now()));
}

void Manners::robots_came(const std::string& url, int status, const std::string& body,
                          const std::string& cache_control, const std::string& why) {
  const auto robots_url = Url::parse(url);
  if (!robots_url) bug("the URL of a robots.txt does not parse");
  parts_->robots.set(*robots_url,
                     {.status = status, .body = body, .cache_control = cache_control, .why = why},
                     now());
  if (status == 0) be_silent(*robots_url);
  if (const auto delay = parts_->robots.crawl_delay(*robots_url)) {
    host_of(*robots_url).pace.set_crawl_delay(*delay);
  }
  const auto sitemaps = parts_->robots.sitemaps(*robots_url);
  const bool is_told = parts_->told_sitemaps && !sitemaps.empty() &&
                       parts_->sitemap_origins.size() < kMostHosts &&
                       parts_->sitemap_origins.insert(url).second;
  if (is_told) parts_->told_sitemaps(*robots_url, sitemaps);
  std::vector<Host::Waiting> waiting = std::move(parts_->without_rules[url]);
  parts_->without_rules.erase(url);
  for (Host::Waiting& one : waiting) enter(one.url, std::move(one.go));
}

}  // namespace halftone
