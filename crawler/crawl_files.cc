#include <utility>

#include "crawler/canonical_url.h"
#include "crawler/crawl_engine.h"

namespace halftone {
namespace {

// What came to nothing lasting is asked for so often, each time after a longer wait.
constexpr uint32_t kMostTries = 4;
constexpr size_t kLongestHost = 255;  // RFC 1035, 3.1

}  // namespace

void Crawl::begin(const Work& work) {
  const auto owed = decode_owed(work.url.note);
  const auto url = owed ? Url::parse(owed->url) : std::nullopt;
  if (!url) {
    hosts_.fetched(work);
    CrawlResult damaged;
    damaged.url = work.url.key;
    damaged.outcome.reason = "what the frontier says of it is damaged";
    return end(work, {}, damaged);
  }
  if (work.given_up) {
    hosts_.fetched(work);
    const CaptureOutcome outcome{
        .reason = fmt::format("{} did not answer for long and was given up", work.host),
        .final_url = owed->url};
    return end(work, *owed, result_of(*owed, outcome, Step::kMissing));
  }
  begin_turn(work, *owed, *url);
}

void Crawl::set_turn(CaptureWish& wish, const CrawlTurn& turn) {
  if (turn.how == CrawlTurn::How::kTakeKnown) wish.known_since = turn.known_since;
  wish.if_changed = turn.how == CrawlTurn::How::kTakeKnown || turn.how == CrawlTurn::How::kAsk;
}

// Its capture may be there.
bool Crawl::was_had_otherwise(const std::string& key) {
  if (fresh_.find(key)) return true;
  const auto state = frontier_.find(key);
  if (!state) fail_with(state.error());
  return state && state->step == UrlState::Step::kDone;
}

void Crawl::begin_file(const Work& work, const OwedUrl& owed, const Url& url,
                       const CrawlTurn& turn) {
  const auto came = [this, work, owed](const auto& outcome) { file_came(work, owed, outcome); };
  const bool is_image = owed.kind == Kind::kImage || owed.kind == Kind::kImageCandidate;
  if (is_image && answers_.share(frontier_page_key(url), url, came, [this, work, owed, url, turn] {
        ask_for_file(work, owed, url, turn);
      })) {
    return;
  }
  ask_for_file(work, owed, url, turn);
}

void Crawl::ask_for_file(const Work& work, const OwedUrl& owed, const Url& url,
                         const CrawlTurn& turn) {
  CaptureWish wish{.url = url,
                   .kind = owed.kind,
                   .document = owed.document.empty() ? std::nullopt : Url::parse(owed.document),
                   .policy = owed.policy,
                   .may_be_known = resumed_ || owed.tries > 0 || owed.may_be_known ||
                                   was_had_otherwise(frontier_page_key(url)),
                   .is_guess = owed.is_guess};
  set_turn(wish, turn);
  capturer_.capture(std::move(wish), [this, work, owed](const CaptureOutcome& outcome) {
    file_came(work, owed, outcome);
  });
}

void Crawl::file_came(const Work& work, const OwedUrl& owed, const CaptureOutcome& outcome) {
  if (is_over()) return;
  --fetching_;
  hosts_.fetched(work);
  answers_.answered(work.url.key, outcome);
  soon();
  if (try_later(work, owed, outcome)) return;
  const CaptureOutcome judged = without_stand_in(outcome, owed);
  const Step missing = judged.blocked ? Step::kBlocked : Step::kMissing;
  end(work, owed, result_of(owed, judged, judged.archived ? Step::kFile : missing));
}

// One body under many addresses stands in for what was asked for. It is no use to ask again soon.
CaptureOutcome Crawl::without_stand_in(const CaptureOutcome& outcome, const OwedUrl& owed) {
  const auto url = Url::parse(outcome.final_url);
  const bool is_page = owed.kind == Kind::kPage;
  const bool is_image = outcome.type.starts_with("image/");
  const bool is_new = outcome.origin == CaptureOutcome::Origin::kAnswer;
  if (!outcome.archived || !is_new || !url || (is_page ? outcome.type != "text/html" : !is_image))
    return outcome;
  const SeenBody body{.kind = is_page ? SeenBody::Kind::kPage : SeenBody::Kind::kImage,
                      .size = outcome.size};
  const auto reason = same_bodies_.saw(*url, outcome.digest, body);
  if (!reason) return outcome;
  CaptureOutcome judged = outcome;
  judged.archived = false;
  judged.blocked = true;
  judged.reason = *reason;
  return judged;
}

CrawlResult Crawl::result_of(const OwedUrl& owed, const CaptureOutcome& outcome, Step step) const {
  CrawlResult result;
  result.step = step;
  result.outcome = outcome;
  result.outcome.text.reset();
  result.url = owed.url;
  result.document = owed.document;
  result.is_guess = owed.is_guess;
  return result;
}

// Writes down what came of it, and tells who waits.
void Crawl::end(const Work& work, const OwedUrl& owed, const CrawlResult& result) {
  const std::string& key = work.url.key;
  if (guide_) guide_->ended(owed, result);
  hosts_.end(work, result);
  end_.files += result.step == Step::kFile;
  missing_ += !result.is_guess && (result.step == Step::kMissing || result.step == Step::kBlocked);
  listener_.on_result(result);
  if (guide_ && work.url.rank < kFirstPageRank) {
    seen_files_.use(short_key(key)) = body_of(result.outcome);
  }
  fresh_.came(key, result);
}

// What may go better later goes back into the frontier.
bool Crawl::try_later(const Work& work, OwedUrl owed, const CaptureOutcome& outcome) {
  if (outcome.archived || (!outcome.temporary && !outcome.blocked)) return false;
  // Its host is claimed again when its silence is over, or given up; that is no try of this URL.
  if (outcome.unasked) {
    hosts_.put_back(work, owed, now());
    return true;
  }
  if (++owed.tries >= kMostTries) return false;
  const auto base = options_.capture.retry_delay * 30;
  const auto wait = std::max<std::chrono::milliseconds>(base * (1 << (2 * (owed.tries - 1))),
                                                        outcome.retry_after);
  hosts_.put_back(work, owed, now() + wait);
  return true;
}

void Crawl::ask(const Open& open, CaptureWish wish, Capturer::Done done) {
  const Url url = wish.url;
  if (!url.is_http()) return capturer_.capture(std::move(wish), std::move(done));  // tells why not
  if (url.href().size() > kLongestCrawlUrl || url.host().size() > kLongestHost) {
    return done({.reason = "its URL is too long"});
  }
  const OwedUrl owed{.url = url.href_without_fragment(),
                     .kind = wish.kind,
                     .document = wish.document ? wish.document->href_without_fragment() : "",
                     .policy = wish.policy,
                     .depth = open->owed.depth,
                     .hops = open->owed.hops,
                     .is_guess = wish.is_guess};
  if (!guide_) return ask_for(open, url, owed, std::move(done));
  const size_t place = open->shown.size();
  open->shown.push_back({owed, {}});
  ask_for(open, url, owed,
          [weak = std::weak_ptr(open), place, done = std::move(done)](const auto& outcome) {
            const Open waiting = weak.lock();
            if (waiting) waiting->shown[place].body = body_of(outcome);
            done(outcome);
          });
}

void Crawl::ask_for(const Open& open, const Url& url, OwedUrl owed, Capturer::Done done) {
  const std::string key = frontier_file_key(url);
  if (const CrawlResult* known = fresh_.find(key)) return done(known->outcome);
  asked_.push_back({key, std::move(owed), url.host(), std::move(done)});
  if (!open->is_asking) add_asked(open);
}

// All at once; what is known already may lead to more.
void Crawl::add_asked(const Open& open) {
  while (!asked_.empty() && !is_over()) {
    std::vector<Asked> asked = std::exchange(asked_, {});
    std::vector<FrontierUrl> urls;
    urls.reserve(asked.size());
    for (const Asked& one : asked) {
      const uint8_t rank = file_rank(one.owed.kind, one.owed.is_guess);
      urls.push_back({one.key, one.host, rank, encode(one.owed)});
    }
    const auto added = frontier_.add(urls, now());
    if (!added) return fail_with(added.error());
    for (size_t i = 0; i < asked.size(); ++i) know_of(open, std::move(asked[i]), (*added)[i]);
  }
}

void Crawl::know_of(const Open& open, Asked one, const UrlState& state) {
  if (state.step == UrlState::Step::kDone) {
    const auto result = decode_result(state.result);
    return one.done(result ? result->outcome : CaptureOutcome{.reason = "its result is damaged"});
  }
  hosts_.added(one.host);
  wait_for(open, one.key,
           [done = std::move(one.done)](const CrawlResult& result) { done(result.outcome); });
}

// A page that was put aside meanwhile is told nothing.
void Crawl::wait_for(const Open& open, const std::string& key,
                     std::function<void(const CrawlResult&)> told) {
  open->waits_for.insert(key);
  fresh_.wait(key, [weak = std::weak_ptr(open), key, told = std::move(told)](const auto& result) {
    const Open waiting = weak.lock();
    if (!waiting) return;
    waiting->waits_for.erase(key);
    told(result);
  });
}

}  // namespace halftone
