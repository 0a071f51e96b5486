#include "crawler/curl_fetcher.h"

#include <atomic>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <curl/curl.h>

#include "crawler/curl_sockets.h"
#include "crawler/curl_transfer.h"
#include "crawler/request_queue.h"
#include "crawler/shown_url.h"

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kTick{100};

struct CurlDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;

List make_list(const std::vector<std::string>& entries) {
  curl_slist* list = nullptr;
  for (const std::string& entry : entries) list = curl_slist_append(list, entry.c_str());
  return List(list);
}

// The lines of --header that go everywhere, or those that do not.
std::vector<std::string> header_lines(const FetchOptions& options, bool everywhere) {
  std::vector<std::string> lines;
  std::ranges::copy_if(options.headers, std::back_inserter(lines), [&](const std::string& line) {
    return goes_everywhere(line) == everywhere;
  });
  return lines;
}

class CurlFetcher : public Fetcher {
 public:
  CurlFetcher(const FetchOptions& options, Credentials credentials);
  ~CurlFetcher() override;

  void start(FetchRequest request, std::unique_ptr<FetchHandler> handler) override;
  void after(milliseconds delay, std::function<void()> action) override;
  void post(std::function<void()> action) override;
  void begin_outside_work() override { ++outside_work_; }
  void end_outside_work() override;
  void hold_bodies(bool held) override;
  void run(const std::function<bool()>& tick) override;
  Result<void> cookies_saved() const override { return cookies_saved_; }

 private:
  bool is_busy() {
    return outside_work_ > 0 || !queue_.empty() || !in_flight_.empty() || !actions_.empty() ||
           has_posts();
  }
  bool has_posts();
  void run_posts();
  bool is_tick_due() const { return Clock::now() >= next_tick_; }
  bool can_launch() { return queue_.can_pop() && rate_.is_open(Clock::now()); }
  void run_due_actions();
  void launch_waiting();
  void launch(WaitingRequest waiting);
  void share_rate();
  void run_until_done(const std::function<bool()>& tick);
  void resume_held();
  void collect_finished();
  void end(CURL* easy, CURLcode code);
  std::unique_ptr<CurlTransfer> remove(CURL* easy);
  milliseconds longest_wait();
  void wake();
  void interrupt();

  const FetchOptions options_;
  NamedHosts named_;
  Credentials credentials_;
  CookieJar jar_;
  std::unique_ptr<CURLM, CurlDeleter> multi_;
  CurlSockets sockets_;
  const List resolve_, connect_to_, named_headers_, common_headers_;
  RateLimit rate_;
  TransferHandles handles_;
  bool held_ = false;
  const TransferSetup setup_;
  RequestQueue queue_;
  std::unordered_map<CURL*, std::unique_ptr<CurlTransfer>> in_flight_;
  std::multimap<Clock::time_point, std::function<void()>> actions_;
  Clock::time_point next_tick_{};
  bool resume_due_ = false;
  std::atomic<size_t> outside_work_ = 0;
  std::atomic<bool> is_awake_ = false;  // or about to be
  Result<void> cookies_saved_;

  std::mutex posts_mutex_;
  std::vector<std::function<void()>> posts_;
};

CurlFetcher::CurlFetcher(const FetchOptions& options, Credentials credentials)
    : options_(options),
      named_(options),
      credentials_(std::move(credentials)),
      jar_(options),
      multi_(curl_multi_init()),
      sockets_(multi_.get()),
      resolve_(make_list(options.resolve)),
      connect_to_(make_list(options.connect_to)),
      named_headers_(make_list(options.headers)),
      common_headers_(make_list(header_lines(options, true))),
      rate_(options.limit_rate),
      handles_(options_, {jar_.share(), resolve_.get(), connect_to_.get(), jar_.is_on()}),
      setup_{options_,
             named_,
             credentials_,
             jar_,
             rate_,
             handles_,
             named_headers_.get(),
             common_headers_.get(),
             header_lines(options, false),
             held_},
      queue_(options.parallel, options.per_host) {
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(options.per_host));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(4 * options.parallel));
}

CurlFetcher::~CurlFetcher() {
  while (!in_flight_.empty()) remove(in_flight_.begin()->first);
}

void CurlFetcher::start(FetchRequest request, std::unique_ptr<FetchHandler> handler) {
  queue_.push({std::move(request), std::move(handler)});
}

void CurlFetcher::after(milliseconds delay, std::function<void()> action) {
  actions_.emplace(Clock::now() + delay, std::move(action));
}

void CurlFetcher::post(std::function<void()> action) {
  {
    const std::lock_guard lock(posts_mutex_);
    posts_.push_back(std::move(action));
  }
  wake();
}

bool CurlFetcher::has_posts() {
  const std::lock_guard lock(posts_mutex_);
  return !posts_.empty();
}

void CurlFetcher::run_posts() {
  std::vector<std::function<void()>> posts;
  {
    const std::lock_guard lock(posts_mutex_);
    posts.swap(posts_);
  }
  for (const auto& action : posts) action();
}

void CurlFetcher::end_outside_work() {
  if (--outside_work_ == 0) wake();
}

void CurlFetcher::hold_bodies(bool held) {
  if (held_ && !held) resume_due_ = true;
  held_ = held;
}

void CurlFetcher::run(const std::function<bool()>& tick) {
  run_until_done(tick);
  cookies_saved_ = jar_.save();
}

void CurlFetcher::run_until_done(const std::function<bool()>& tick) {
  next_tick_ = {};
  while (is_busy()) {
    if (is_tick_due()) {
      if (!tick()) return interrupt();
      next_tick_ = Clock::now() + kTick;
    }
    is_awake_ = false;  // what comes from now on wakes again
    run_posts();
    run_due_actions();
    launch_waiting();
    resume_held();
    sockets_.work(longest_wait());
    collect_finished();
  }
}

// A handler may hold bodies back again meanwhile; those not yet resumed are for the next time.
void CurlFetcher::resume_held() {
  if (!std::exchange(resume_due_, false)) return;
  std::vector<CURL*> paused;
  for (const auto& [easy, transfer] : in_flight_) {
    if (transfer->is_paused()) paused.push_back(easy);
  }
  for (CURL* easy : paused) {
    if (held_) return;
    const auto code = static_cast<CURLcode>(in_flight_.at(easy)->resume());
    if (code != CURLE_OK) end(easy, code);
  }
}

void CurlFetcher::run_due_actions() {
  const auto end = actions_.upper_bound(Clock::now());
  std::vector<std::function<void()>> due;
  for (auto action = actions_.begin(); action != end; ++action) {
    due.push_back(std::move(action->second));
  }
  actions_.erase(actions_.begin(), end);
  for (const auto& action : due) action();
}

void CurlFetcher::launch_waiting() {
  const size_t before = in_flight_.size();
  while (!is_tick_due() && can_launch()) launch(*queue_.pop());
  if (in_flight_.size() != before) share_rate();
}

void CurlFetcher::launch(WaitingRequest waiting) {
  auto transfer = std::make_unique<CurlTransfer>(setup_, std::move(waiting));
  auto ready = transfer->prepare();
  if (ready && curl_multi_add_handle(multi_.get(), transfer->handle()) != CURLM_OK) {
    ready = fail(ErrorCode::kIo, "{}: out of memory", shown_url(transfer->url()));
  }
  if (ready) {
    in_flight_.emplace(transfer->handle(), std::move(transfer));
    return;
  }
  queue_.finished(transfer->url());
  transfer->fail_with(ready.error());
}

void CurlFetcher::share_rate() {
  if (options_.limit_rate == 0 || in_flight_.empty()) return;
  const uint64_t rate = std::max<uint64_t>(1, options_.limit_rate / in_flight_.size());
  for (const auto& [easy, transfer] : in_flight_) transfer->limit_rate(rate);
}

void CurlFetcher::collect_finished() {
  std::vector<std::pair<CURL*, CURLcode>> finished;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE)
      finished.emplace_back(message->easy_handle, message->data.result);
  }
  for (const auto& [easy, code] : finished) end(easy, code);
  if (!finished.empty()) share_rate();
}

void CurlFetcher::end(CURL* easy, CURLcode code) {
  const auto transfer = remove(easy);
  if (transfer->finish(code)) queue_.set_multiplexed(transfer->url());
}

std::unique_ptr<CurlTransfer> CurlFetcher::remove(CURL* easy) {
  curl_multi_remove_handle(multi_.get(), easy);
  auto transfer = std::move(in_flight_.extract(easy).mapped());
  queue_.finished(transfer->url());
  return transfer;
}

// Till an action is due or it is time for the next tick; none where there is more to do.
milliseconds CurlFetcher::longest_wait() {
  if (can_launch() || resume_due_ || !is_busy()) return milliseconds(0);
  auto until = next_tick_;
  if (!actions_.empty()) until = std::min(until, actions_.begin()->first);
  return std::chrono::ceil<milliseconds>(until - Clock::now());
}

// Of many calls in a row one is enough; who comes after it has been noticed makes another.
void CurlFetcher::wake() {
  if (!is_awake_.exchange(true)) sockets_.wake();
}

void CurlFetcher::interrupt() {
  const auto interrupted = [](const std::string& url) {
    return Error{ErrorCode::kInterrupted, shown_url(url) + ": interrupted"};
  };
  while (!in_flight_.empty()) {
    CURL* easy = in_flight_.begin()->first;
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a resolver may hang
    const auto transfer = remove(easy);
    transfer->fail_with(interrupted(transfer->url()));
  }
  while (auto waiting = queue_.drop()) {
    waiting->handler->on_done(tl::unexpected<Error>(interrupted(waiting->request.url)));
  }
  actions_.clear();
}

}  // namespace

Result<std::unique_ptr<Fetcher>> make_curl_fetcher(const FetchOptions& options) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return fail(ErrorCode::kIo, "cannot start libcurl");
  if (auto sound = check_fetch_options(options); !sound) return tl::unexpected(sound.error());
  auto credentials = Credentials::make(options);
  if (!credentials) return tl::unexpected(credentials.error());
  return std::make_unique<CurlFetcher>(options, *std::move(credentials));
}

}  // namespace halftone
