#include "crawler/capturer.h"

#include <charconv>
#include <map>
#include <random>
#include <utility>

#include "crawler/answer.h"
#include "crawler/soft_block.h"
#include "media/ascii.h"
#include "store/redirect.h"

namespace halftone {

using namespace std::chrono_literals;

namespace {

// Browsers give up after 20 redirects (WHATWG Fetch, 4.4 "HTTP-redirect fetch").
constexpr size_t kMostRedirects = 20;
// A body that broke off after so much is gone on with rather than begun again, and each time that
// so much more came, the tries begin anew: so often.
constexpr uint64_t kWorthResuming = uint64_t{64} << 10;
constexpr unsigned kMostResumptions = 1000;
// What is looked at of a body for whether it is what was asked for; and what is kept at hand of a
// page, which is about to be looked through.
constexpr size_t kLook = size_t{64} << 10;
constexpr size_t kLongestText = size_t{1} << 20;
constexpr size_t kLongestValidator = 2048;

// A quarter more or less, so that what failed together does not come again together.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds wait) {
  static std::minstd_rand random{std::random_device{}()};
  const auto quarter = wait.count() / 4;
  return wait + std::chrono::milliseconds(
                    std::uniform_int_distribution<int64_t>(-quarter, quarter)(random));
}

// By its Content-Length; 0 where there is none.
uint64_t announced_size(const FetchResponse& response) {
  const std::string length = header_value(response.response_headers, "content-length");
  uint64_t size = 0;
  std::from_chars(length.data(), length.data() + length.size(), size);
  return size;
}

}  // namespace

// What came of a body before the connection broke.
struct Capturer::Partial {
  std::unique_ptr<Recorder::Body> body;
  FetchResponse head;
  std::string look;

  uint64_t size() const { return body->size(); }

  // What tells the server which version we mean (RFC 9110, 13.1.5: a strong ETag or a date).
  std::string validator() const {
    const std::string etag = header_value(head.response_headers, "etag");
    return etag.starts_with('"') ? etag : header_value(head.response_headers, "last-modified");
  }

  // Of a coded body only the server knows where it broke.
  bool can_go_on() const {
    return head.status == 200 && size() >= kWorthResuming && !validator().empty() &&
           header_value(head.response_headers, "content-encoding").empty() &&
           !equals_ignoring_case(header_value(head.response_headers, "accept-ranges"), "none");
  }

  // Whether this is the head of what was left.
  bool is_rest(const FetchResponse& rest) const {
    const std::string range = header_value(rest.response_headers, "content-range");
    return rest.status == 206 && range.starts_with(fmt::format("bytes {}-", size())) &&
           header_value(rest.response_headers, "content-encoding").empty();
  }
};

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
  std::optional<Partial> partial;
  unsigned resumptions = 0;
  std::optional<Capture> known{};  // of `url`, where its validators were sent
  // What latest_whole() said of `url`, until somebody takes it.
  std::optional<std::optional<Capture>> latest{};
  bool finished = false;
};

// Takes one answer: its body goes into the store as it comes.
class Capturer::Answer : public FetchHandler {
 public:
  Answer(Capturer& capturer, JobPointer job) : capturer_(capturer), job_(std::move(job)) {}

  Result<void> on_head(const FetchResponse& response) override {
    auto partial = std::exchange(job_->partial, std::nullopt);
    if (partial && partial->is_rest(response)) {
      taken_ = *std::move(partial);
      return {};
    }
    if (partial && response.status == 416) {
      return fail(ErrorCode::kTruncated, "{}: has no rest to the part that came before",
                  job_->url.href_without_fragment());
    }
    if (response.status == 206) {
      return fail(ErrorCode::kProtocol, "{}: sent another part than it was asked for",
                  job_->url.href_without_fragment());
    }
    const std::string type = lower_case(response.content_type);
    const bool is_looked_at = type.empty() || type.find("html") != std::string::npos;
    const bool is_page = job_->wish.kind == Kind::kPage;
    longest_look_ = !is_looked_at ? 0 : is_page ? kLongestText : kLook;
    taken_ = {capturer_.recorder_.begin(announced_size(response)), response, {}};
    return {};
  }

  Result<void> on_body(std::string_view bytes) override {
    capturer_.counts_.bytes_fetched += bytes.size();
    taken_.body->write(bytes);
    taken_.look += bytes.substr(0, longest_look_ - std::min(longest_look_, taken_.look.size()));
    return {};
  }

  void on_done(Result<FetchResponse> response) override {
    if (!response) return broken(response.error());
    capturer_.gate_.leave(job_->url,
                          {.status = response->status,
                           .first_byte = response->first_byte,
                           .bytes = taken_.body->size() - began_with_,
                           .retry_after = parse_retry_after(response->retry_after, now())});
    // What was gone on with is one answer: that of the first head.
    if (response->status == 206) {
      response->status = taken_.head.status;
      response->response_headers = taken_.head.response_headers;
      response->request_headers = taken_.head.request_headers;
    }
    capturer_.answered(job_, *response, std::move(taken_.body), std::move(taken_.look));
  }

 private:
  void broken(const Error& error) {
    // A host that takes a connection and ends it is there.
    const bool is_hosts = error.code == ErrorCode::kTimeout || error.code == ErrorCode::kRefused ||
                          error.code == ErrorCode::kUnresolved || error.code == ErrorCode::kTls;
    capturer_.gate_.leave(job_->url, {.is_ours = !is_hosts || taken_.body});
    const bool broke_off = error.code == ErrorCode::kTruncated || error.code == ErrorCode::kTimeout;
    if (broke_off && taken_.body && taken_.can_go_on()) keep_part();
    capturer_.failed(job_, error);
  }

  void keep_part() {
    const bool came_on = taken_.size() >= began_with_ + kWorthResuming;
    if (came_on && ++job_->resumptions <= kMostResumptions) job_->attempts = 0;
    job_->partial = std::move(taken_);
  }

  Capturer& capturer_;
  JobPointer job_;
  Partial taken_;
  uint64_t began_with_ = job_->partial ? job_->partial->size() : 0;
  size_t longest_look_ = 0;
};

Capturer::Capturer(Archive& archive, Recorder& recorder, Fetcher& fetcher, RequestGate& gate,
                   CaptureOptions options)
    : archive_(archive), recorder_(recorder), fetcher_(fetcher), gate_(gate), options_(options) {}

Capturer::~Capturer() = default;

void Capturer::reuse_since(Time time) { reuse_since_ = time; }

void Capturer::capture(CaptureWish wish, Done done) {
  const Url url = wish.url;
  const auto job = std::make_shared<Job>(Job{.wish = std::move(wish),
                                             .done = std::move(done),
                                             .url = url,
                                             .seen = {{url.href_without_fragment(), 1}},
                                             .ladder = {},
                                             .partial = {}});
  if (!job->url.is_http()) {
    return finish(job, {.reason = fmt::format("{} URLs cannot be fetched", url.scheme())});
  }
  if (url.href().size() > Captures::kLongestUrl)
    return finish(job, {.reason = "its URL is too long"});
  std::optional<Time> since = job->wish.known_since;
  if (reuse_since_ && job->wish.may_be_known) {
    since = std::min(since.value_or(*reuse_since_), *reuse_since_);
  }
  if (since && reuse(job, *since)) return;
  begin(job);
}

// The first request to the job's URL. A policy that forbids a Referer counts before what was
// learned of the host.
void Capturer::begin(const JobPointer& job) {
  if (job->wish.document && job->wish.kind == Kind::kPage) {
    job->asking.referrer = referrer_for(job->wish.policy, *job->wish.document, job->url);
  } else if (job->wish.document) {
    const bool forbidden = job->wish.policy == ReferrerPolicy::kNoReferrer;
    const HotlinkRung first = forbidden ? HotlinkRung::kPolicy : hotlinks_.first_rung(job->url);
    job->ladder.emplace(job->wish.policy, *job->wish.document, job->url, first);
    job->asking = job->ladder->next().value_or(HotlinkLadder::Try{});
  }
  send(job);
}

void Capturer::send(const JobPointer& job) {
  gate_.enter(job->url, [this, job](const Result<void>& may) {
    if (may) return start(job);
    const bool is_rule = may.error().code == ErrorCode::kBlocked;
    finish(job, {.temporary = !is_rule,
                 .denied = is_rule,
                 .unasked = !is_rule,
                 .reason = may.error().message,
                 .final_url = job->url.href_without_fragment()});
  });
}

void Capturer::start(const JobPointer& job) {
  ++counts_.requests;
  FetchRequest request{
      .url = job->url.href_without_fragment(), .referrer = job->asking.referrer, .headers = {}};
  if (job->partial) {
    request.headers = {fmt::format("Range: bytes={}-", job->partial->size()),
                       fmt::format("If-Range: {}", job->partial->validator())};
  } else if (job->wish.if_changed) {
    ask_if_changed(*job, request);
  }
  fetcher_.start(std::move(request), std::make_unique<Answer>(*this, job));
}

// The last answer to the URL, where it was a whole one; one that was confirmed since then stands
// there with the fields that came last.
std::optional<Capture> Capturer::latest_whole(const Url& url) const {
  const std::string address = url.href_without_fragment();
  auto latest = archive_.captures().latest(address);
  if (!latest || !*latest) return std::nullopt;
  if (!(*latest)->confirms) return **latest;
  auto whole = archive_.captures().at(address, *(*latest)->confirms);
  if (!whole || !*whole || (*whole)->digest != (*latest)->digest) return std::nullopt;
  // Of fields that came twice the first one counts (RFC 9111, 3.2).
  (*whole)->response_headers = (*latest)->response_headers + (*whole)->response_headers;
  (*whole)->confirms = (*whole)->time;
  (*whole)->time = (*latest)->time;
  return *whole;
}

void Capturer::ask_if_changed(Job& job, FetchRequest& request) const {
  auto latest = std::exchange(job.latest, std::nullopt);
  job.known = latest ? *std::move(latest) : latest_whole(job.url);
  if (!job.known) return;
  const std::string etag = header_value(job.known->response_headers, "etag");
  const std::string modified = header_value(job.known->response_headers, "last-modified");
  const bool is_of_use =
      job.known->status == 200 && mismatch(job.wish.kind, job.known->type, job.known->size).empty();
  const bool is_sane = etag.size() + modified.size() <= kLongestValidator;
  if (!is_of_use || !is_sane || (etag.empty() && modified.empty())) return job.known.reset();
  if (!etag.empty()) request.headers.push_back("If-None-Match: " + etag);
  if (!modified.empty()) request.headers.push_back("If-Modified-Since: " + modified);
}

// The body is the archive's own: the answer is recorded, and leads to it.
void Capturer::confirmed(const JobPointer& job, const FetchResponse& response) {
  ++counts_.confirmed;
  const Capture& known = *job->known;
  Capture capture{.url = known.url,
                  .time = now(),
                  .status = response.status,
                  .request_headers = response.request_headers,
                  .response_headers = response.response_headers,
                  .digest = known.digest,
                  .size = known.size,
                  .type = known.type,
                  .remote_address = response.remote_address,
                  .confirms = known.confirms.value_or(known.time)};
  recorder_.record(std::move(capture),
                   [this, job](const BlobWriter::Put&, const Capture& recorded) {
                     Capture whole = *job->known;
                     whole.response_headers = recorded.response_headers + whole.response_headers;
                     CaptureOutcome outcome = outcome_of(*job, whole);
                     outcome.archived = true;
                     outcome.origin = CaptureOutcome::Origin::kConfirmed;
                     finish(job, outcome);
                   });
}

// Blob, then capture: only what is recorded is looked at.
void Capturer::answered(const JobPointer& job, const FetchResponse& response,
                        std::unique_ptr<Recorder::Body> body, std::string look) {
  ++counts_.answers;
  if (response.status == 304 && job->known) return confirmed(job, response);
  Capture capture{.url = job->url.href_without_fragment(),
                  .time = now(),
                  .status = response.status,
                  .request_headers = response.request_headers,
                  .response_headers = response.response_headers,
                  .digest = {},
                  .remote_address = response.remote_address};
  recorder_.finish(
      std::move(body), std::move(capture), response.content_type,
      [this, job, response, look = std::make_shared<const std::string>(std::move(look))](
          const BlobWriter::Put& put, const Capture& recorded) {
        if (put.is_new) {
          ++counts_.new_blobs;
          counts_.new_bytes += put.info.size;
        }
        CaptureOutcome outcome = outcome_of(*job, recorded);
        const bool is_whole = !look->empty() && look->size() == recorded.size;
        if (is_whole && job->wish.kind == Kind::kPage) outcome.text = look;
        decide(job, response, std::string_view(*look).substr(0, kLook), std::move(outcome));
      });
}

void Capturer::decide(const JobPointer& job, const FetchResponse& response, std::string_view look,
                      CaptureOutcome outcome) {
  if (is_redirect(response.status) && !response.location.empty()) {
    return redirect(job, response, std::move(outcome));
  }
  if (is_temporary(response.status)) {
    if (try_again_later(job, response.retry_after)) return;
    outcome.temporary = true;
    outcome.retry_after = parse_retry_after(response.retry_after, now()).value_or(0s);
    outcome.reason =
        fmt::format("{} (asked {} times)", describe_status(response.status), job->attempts + 1);
    return finish(job, outcome);
  }
  const bool good = response.status >= 200 && response.status < 300;
  outcome.reason = good ? mismatch(job->wish.kind, outcome.type, outcome.size)
                        : describe_status(response.status);
  const bool refused = is_hotlink_refusal(response.status) || (good && !outcome.reason.empty());
  if (refused && climb(job)) return;
  judge_stand_in(*job, response, look, outcome);
  if (is_hotlink_refusal(response.status) && job->ladder) {
    outcome.reason += " (with every Referer a reader could send)";
  }
  outcome.archived = outcome.reason.empty();
  if (outcome.archived && job->ladder) hotlinks_.worked(job->url, job->asking.rung);
  finish(job, outcome);
}

// A page of another kind in place of what was asked for. What users name themselves they may well
// mean: a login page, or one that says little.
void Capturer::judge_stand_in(const Job& job, const FetchResponse& response, std::string_view look,
                              CaptureOutcome& outcome) {
  const bool is_page = job.wish.kind == Kind::kPage;
  const auto block = soft_block({.status = response.status,
                                 .content_type = response.content_type,
                                 .response_headers = response.response_headers,
                                 .body_head = look,
                                 .size = outcome.size,
                                 .wanted_page = is_page});
  if (!block || (is_page && block->kind == SoftBlock::Kind::kLeadsOn)) return;
  const bool is_sure =
      block->kind == SoftBlock::Kind::kChallenge || block->kind == SoftBlock::Kind::kRefusal;
  if (is_page && !job.wish.document && !is_sure) return;
  outcome.reason = outcome.reason.empty() ? fmt::format("the answer was {}", block->reason)
                                          : fmt::format("{}: {}", outcome.reason, block->reason);
  outcome.blocked = block->kind != SoftBlock::Kind::kNotFound;
}

void Capturer::redirect(const JobPointer& job, const FetchResponse& response,
                        CaptureOutcome outcome) {
  const auto target = Url::parse(response.location, &job->url);
  if (!target || !target->is_http()) {
    outcome.reason = fmt::format("redirected to {}, which cannot be fetched", response.location);
    return finish(job, outcome);
  }
  if (job->wish.ends_at && job->wish.ends_at(*target)) {
    outcome.archived = true;
    outcome.final_url = target->href_without_fragment();
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
  job->known.reset();
  job->latest.reset();
  job->attempts = 0;
  begin(job);
}

void Capturer::failed(const JobPointer& job, const Error& error) {
  if (is_worth_retrying(error.code) && try_again_later(job, "")) return;
  // Who tells of the outcome names the URL.
  const std::string url = job->url.href_without_fragment();
  const std::string prefix = url + ": ";
  const bool named =
      error.message.starts_with(prefix) && url == job->wish.url.href_without_fragment();
  finish(job, {.temporary = is_worth_retrying(error.code) || error.code == ErrorCode::kRefused ||
                            error.code == ErrorCode::kUnresolved,
               .reason = named ? error.message.substr(prefix.size()) : error.message,
               .final_url = url});
}

bool Capturer::try_again_later(const JobPointer& job, const std::string& retry_after) {
  if (job->attempts >= options_.retries) return false;
  std::chrono::milliseconds wait =
      with_jitter(options_.retry_delay * (1 << std::min(job->attempts, 10U)));
  if (const auto asked = parse_retry_after(retry_after, now())) {
    if (*asked > options_.longest_wait) return false;
    wait = std::max<std::chrono::milliseconds>(wait, *asked);
  }
  ++job->attempts;
  fetcher_.after(wait, [this, job] { send(job); });
  return true;
}

// The next Referer of the hotlink ladder.
bool Capturer::climb(const JobPointer& job) {
  const auto next = job->ladder ? job->ladder->next() : std::nullopt;
  if (!next) return false;
  job->asking = *next;
  send(job);
  return true;
}

// Takes an interrupted run's captures of this URL and of where it redirects to.
bool Capturer::reuse(const JobPointer& job, Time since) {
  Url url = job->url;
  for (size_t hops = 0; hops <= kMostRedirects; ++hops) {
    auto capture = latest_whole(url);
    if (!capture || capture->time < since) {
      if (hops == 0) job->latest = std::move(capture);
      return false;
    }
    const Capture& known = *capture;
    if (!is_redirect(known.status)) return reuse(job, known);
    const auto target = Url::parse(header_value(known.response_headers, "location"), &url);
    if (!target) return false;
    if (job->wish.ends_at && job->wish.ends_at(*target)) {
      ++counts_.reused;
      CaptureOutcome outcome = outcome_of(*job, known);
      outcome.archived = true;
      outcome.final_url = target->href_without_fragment();
      outcome.origin = CaptureOutcome::Origin::kKnown;
      finish(job, outcome);
      return true;
    }
    url = *target;
  }
  return false;
}

// Only an answer that would be the last again: no other Referer and no later try can change it.
bool Capturer::reuse(const JobPointer& job, const Capture& known) {
  CaptureOutcome outcome = outcome_of(*job, known);
  const bool good = known.status >= 200 && known.status < 300;
  if (is_temporary(known.status) || is_hotlink_refusal(known.status)) return false;
  if (good && !mismatch(job->wish.kind, known.type, known.size).empty()) return false;
  if (!good) outcome.reason = describe_status(known.status);
  judge_stand_in(*job,
                 {.status = known.status,
                  .response_headers = known.response_headers,
                  .content_type = outcome.content_type},
                 look_at(known), outcome);
  if (outcome.blocked) return false;
  outcome.archived = outcome.reason.empty();
  outcome.origin = CaptureOutcome::Origin::kKnown;
  ++counts_.reused;
  finish(job, outcome);
  return true;
}

std::string Capturer::look_at(const Capture& capture) const {
  const bool is_page = capture.type == "text/html" || capture.type == "application/xhtml+xml";
  if (!is_page) return {};
  const auto bytes = archive_.blobs().get(capture.digest, 4 * kLook);  // a longer one is no block
  return bytes ? bytes->substr(0, kLook) : "";
}

CaptureOutcome Capturer::outcome_of(const Job& job, const Capture& recorded) {
  return {.final_url = recorded.url,
          .status = recorded.status,
          .digest = recorded.digest,
          .size = recorded.size,
          .type = type_for(job.wish.kind, recorded.type),
          .content_type = header_value(recorded.response_headers, "content-type"),
          .referrer_policy = header_value(recorded.response_headers, "referrer-policy"),
          .robots_tag = header_value(recorded.response_headers, "x-robots-tag")};
}

void Capturer::finish(const JobPointer& job, const CaptureOutcome& outcome) {
  if (job->finished) bug("a capture ended twice");
  job->finished = true;
  job->done(outcome);
}

}  // namespace halftone
