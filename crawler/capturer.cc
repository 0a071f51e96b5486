#include "crawler/capturer.h"

#include <map>

#include "crawler/answer.h"
#include "crawler/hotlink.h"

namespace halftone {
namespace {

// Browsers give up after 20 redirects (WHATWG Fetch, 4.4 "HTTP-redirect fetch").
constexpr size_t kMostRedirects = 20;

}  // namespace

// One wish on its way, through all its requests.
struct Capturer::Job {
  CaptureWish wish;
  Done done;
  Url url;                          // asked for now
  std::map<std::string, int> seen;  // URLs on the way, against loops
  size_t redirects = 0;
  unsigned attempts = 0;                // at this URL
  std::optional<HotlinkLadder> ladder;  // none for what nobody refers to
  HotlinkLadder::Try asking{};
  bool finished = false;
};

// Takes one answer: its body goes into the store as it comes.
class Capturer::Answer : public FetchHandler {
 public:
  Answer(Capturer& capturer, std::shared_ptr<Job> job)
      : capturer_(capturer), job_(std::move(job)), body_(capturer.archive_.blobs().writer()) {}

  Result<void> on_body(std::string_view bytes) override {
    capturer_.counts_.bytes_fetched += bytes.size();
    auto written = body_->write(bytes);
    if (!written) capturer_.failure_ = written.error();
    return written;
  }

  void on_done(Result<FetchResponse> response) override {
    if (!response) return capturer_.failed(job_, response.error());
    capturer_.answered(job_, *response, *body_);
  }

 private:
  Capturer& capturer_;
  std::shared_ptr<Job> job_;
  std::unique_ptr<BlobWriter> body_;
};

Capturer::Capturer(Archive& archive, Fetcher& fetcher, CaptureOptions options)
    : archive_(archive), fetcher_(fetcher), options_(options) {}

Capturer::~Capturer() = default;

void Capturer::reuse_since(Time time) { reuse_since_ = time; }

void Capturer::capture(CaptureWish wish, Done done) {
  const Url url = wish.url;
  const auto job = std::make_shared<Job>(Job{.wish = std::move(wish),
                                             .done = std::move(done),
                                             .url = url,
                                             .seen = {{url.href_without_fragment(), 1}},
                                             .ladder = {}});
  if (!job->url.is_http()) {
    return finish(job, {.reason = fmt::format("{} URLs cannot be fetched", url.scheme())});
  }
  if (url.href().size() > Captures::kLongestUrl)
    return finish(job, {.reason = "its URL is too long"});
  if (reuse_since_ && reuse(job)) return;
  begin(job);
}

// The first request to the job's URL. A policy that forbids a Referer counts before what was
// learned of the host.
void Capturer::begin(const std::shared_ptr<Job>& job) {
  if (job->wish.document) {
    const bool forbidden = job->wish.policy == ReferrerPolicy::kNoReferrer;
    const HotlinkRung first = forbidden ? HotlinkRung::kPolicy : hotlinks_.first_rung(job->url);
    job->ladder.emplace(job->wish.policy, *job->wish.document, job->url, first);
    job->asking = job->ladder->next().value_or(HotlinkLadder::Try{});
  }
  send(job);
}

void Capturer::send(const std::shared_ptr<Job>& job) {
  if (failure_) return finish(job, {.reason = failure_->message});
  ++counts_.requests;
  fetcher_.start(
      {.url = job->url.href_without_fragment(), .referrer = job->asking.referrer, .headers = {}},
      std::make_unique<Answer>(*this, job));
}

// Blob, then capture: only what is recorded is looked at.
void Capturer::answered(const std::shared_ptr<Job>& job, const FetchResponse& response,
                        BlobWriter& body) {
  ++counts_.answers;
  const auto put = body.commit(response.content_type);
  if (!put) {
    failure_ = put.error();
    return finish(job, {.reason = put.error().message});
  }
  if (put->is_new) {
    ++counts_.new_blobs;
    counts_.new_bytes += put->info.size;
  }
  Capture capture{.url = job->url.href_without_fragment(),
                  .time = now(),
                  .status = response.status,
                  .request_headers = response.request_headers,
                  .response_headers = response.response_headers,
                  .digest = put->info.digest,
                  .size = put->info.size,
                  .type = put->type,
                  .remote_address = response.remote_address};
  const auto added = archive_.captures().add(capture);
  if (!added) {
    failure_ = added.error();
    return finish(job, {.reason = added.error().message});
  }
  decide(job, response,
         {.final_url = capture.url,
          .status = response.status,
          .digest = put->info.digest,
          .size = put->info.size,
          .type = type_for(job->wish.kind, put->type),
          .content_type = response.content_type,
          .referrer_policy = response.referrer_policy});
}

void Capturer::decide(const std::shared_ptr<Job>& job, const FetchResponse& response,
                      CaptureOutcome outcome) {
  if (is_redirect(response.status) && !response.location.empty()) {
    return redirect(job, response, std::move(outcome));
  }
  if (is_temporary(response.status)) {
    if (try_again_later(job, response.retry_after)) return;
    outcome.reason =
        fmt::format("{} (asked {} times)", describe_status(response.status), job->attempts + 1);
    return finish(job, outcome);
  }
  const bool good = response.status >= 200 && response.status < 300;
  outcome.reason = good ? mismatch(job->wish.kind, outcome.type, outcome.size)
                        : describe_status(response.status);
  const bool refused = is_hotlink_refusal(response.status) || (good && !outcome.reason.empty());
  if (refused && climb(job)) return;
  if (is_hotlink_refusal(response.status) && job->ladder) {
    outcome.reason += " (with every Referer a reader could send)";
  }
  outcome.archived = outcome.reason.empty();
  if (outcome.archived && job->ladder) hotlinks_.worked(job->url, job->asking.rung);
  finish(job, outcome);
}

void Capturer::redirect(const std::shared_ptr<Job>& job, const FetchResponse& response,
                        CaptureOutcome outcome) {
  const auto target = Url::parse(response.location, &job->url);
  if (!target || !target->is_http()) {
    outcome.reason = fmt::format("redirected to {}, which cannot be fetched", response.location);
    return finish(job, outcome);
  }
  // A second visit may go better than the first, with the cookie that came along.
  if (++job->seen[target->href_without_fragment()] > 2) {
    outcome.reason = fmt::format("redirects lead in a circle at {}", target->href());
    return finish(job, outcome);
  }
  if (++job->redirects > kMostRedirects) {
    outcome.reason = fmt::format("more than {} redirects", kMostRedirects);
    return finish(job, outcome);
  }
  if (target->href().size() > Captures::kLongestUrl) {
    outcome.reason = "redirected to a URL that is too long";
    return finish(job, outcome);
  }
  job->url = *target;
  job->attempts = 0;
  begin(job);
}

void Capturer::failed(const std::shared_ptr<Job>& job, const Error& error) {
  if (!failure_ && is_worth_retrying(error.code) && try_again_later(job, "")) return;
  // Who tells of the outcome names the URL.
  const std::string url = job->url.href_without_fragment();
  const std::string prefix = url + ": ";
  const bool named =
      error.message.starts_with(prefix) && url == job->wish.url.href_without_fragment();
  finish(job,
         {.reason = named ? error.message.substr(prefix.size()) : error.message, .final_url = url});
}

bool Capturer::try_again_later(const std::shared_ptr<Job>& job, const std::string& retry_after) {
  if (job->attempts >= options_.retries) return false;
  std::chrono::milliseconds wait = options_.retry_delay * (1 << std::min(job->attempts, 10U));
  if (const auto asked = parse_retry_after(retry_after, now())) {
    if (*asked > options_.longest_wait) return false;
    wait = std::max<std::chrono::milliseconds>(wait, *asked);
  }
  ++job->attempts;
  fetcher_.after(wait, [this, job] { send(job); });
  return true;
}

// The next Referer of the hotlink ladder.
bool Capturer::climb(const std::shared_ptr<Job>& job) {
  const auto next = job->ladder ? job->ladder->next() : std::nullopt;
  if (!next) return false;
  job->asking = *next;
  send(job);
  return true;
}

// Takes an interrupted run's captures of this URL and of where it redirects to.
bool Capturer::reuse(const std::shared_ptr<Job>& job) {
  Url url = job->url;
  for (size_t hops = 0; hops <= kMostRedirects; ++hops) {
    const auto capture = archive_.captures().latest(url.href_without_fragment());
    if (!capture || !*capture || (*capture)->time < *reuse_since_) return false;
    const Capture& known = **capture;
    if (is_redirect(known.status)) {
      const auto target = Url::parse(header_value(known.response_headers, "location"), &url);
      if (!target) return false;
      url = *target;
      continue;
    }
    if (known.status < 200 || known.status > 299) return false;
    if (!mismatch(job->wish.kind, known.type, known.size).empty()) return false;
    ++counts_.reused;
    finish(job, {.archived = true,
                 .reason = {},
                 .final_url = known.url,
                 .status = known.status,
                 .digest = known.digest,
                 .size = known.size,
                 .type = type_for(job->wish.kind, known.type),
                 .content_type = header_value(known.response_headers, "content-type"),
                 .referrer_policy = header_value(known.response_headers, "referrer-policy")});
    return true;
  }
  return false;
}

void Capturer::finish(const std::shared_ptr<Job>& job, const CaptureOutcome& outcome) {
  if (job->finished) bug("a capture ended twice");
  job->finished = true;
  job->done(outcome);
}

}  // namespace halftone
