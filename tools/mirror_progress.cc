#include "tools/mirror_progress.h"

#include <nlohmann/json.hpp>

#include "store/formats/describe.h"
#include "tools/log.h"
#include "tools/terminal.h"

namespace halftone {
namespace {

using Json = nlohmann::ordered_json;
using Step = CrawlResult::Step;

constexpr auto kLiveEvery = std::chrono::milliseconds(100);
constexpr auto kPlainEvery = std::chrono::seconds(10);
constexpr auto kRateOver = std::chrono::seconds(10);

void say_event(const Json& event) {
  say_json(event.dump(-1, ' ', false, Json::error_handler_t::replace));
}

bool is_had(const CrawlResult& result) {
  return result.step == Step::kArticle || result.step == Step::kFile || result.step == Step::kAlias;
}

// "3 min", "2 h 10 min".
std::string describe_span(double seconds) {
  const auto minutes = static_cast<uint64_t>(seconds / 60);
  if (seconds < 100) return fmt::format("{:.0f} s", seconds);
  if (minutes < 100) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace

MirrorProgress::MirrorProgress(bool quiet, bool json)
    : quiet_(quiet), json_(json), live_(LiveLine::is_possible()) {}

std::string MirrorProgress::text_of(const CrawlProgress& progress) {
  const auto moment = Clock::now();
  const size_t done = progress.pages + progress.files;
  moments_.push_back({moment, done, progress.bytes});
  while (moment - moments_.front().time > kRateOver) moments_.pop_front();
  const Moment& before = moments_.front();
  const double seconds = std::chrono::duration<double>(moment - before.time).count();
  std::string text = fmt::format("{} pages, {} files, {}", progress.pages, progress.files,
                                 describe_bytes(progress.bytes));
  if (progress.missing > 0) text += fmt::format(", {} missing", progress.missing);
  text += fmt::format("; {} owed by {} host{}", progress.frontier.owed, progress.frontier.hosts,
                      progress.frontier.hosts == 1 ? "" : "s");
  if (!progress.waiting.empty()) return text + "; " + progress.waiting;
  if (seconds < 1 || done <= before.done) return text;
  const double rate = static_cast<double>(done - before.done) / seconds;
  text += fmt::format("; {}/s", describe_bytes(static_cast<uint64_t>(
                                    static_cast<double>(progress.bytes - before.bytes) / seconds)));
  const double left = static_cast<double>(progress.frontier.owed) / rate;
  return text + fmt::format(", {} left for what is known", describe_span(left));
}

void MirrorProgress::on_progress(const CrawlProgress& progress) {
  const auto moment = Clock::now();
  const Clock::duration every = live_ ? Clock::duration(kLiveEvery) : Clock::duration(kPlainEvery);
  if (quiet_ || moment - shown_ < every) return;
  shown_ = moment;
  const std::string text = text_of(progress);
  if (live_) return line_.show(text.substr(0, LiveLine::width()));
  tell("{}\n", text);
}

void MirrorProgress::on_result(const CrawlResult& result) {
  if (json_) {
    Json event = {{"event", "url"},
                  {"url", result.url},
                  {"outcome", to_string(result.step)},
                  {"status", result.outcome.status},
                  {"type", result.outcome.type},
                  {"size", result.outcome.size}};
    if (!result.outcome.reason.empty()) event["reason"] = result.outcome.reason;
    if (!result.other.empty()) event["other"] = result.other;
    if (result.outcome.archived) event["digest"] = result.outcome.digest.hex();
    say_event(event);
  }
  if (is_had(result) || result.is_guess) return;
  line_.clear();
  log_info(fmt::format("{}: not had: {}", result.url, result.outcome.reason));
}

void MirrorProgress::on_article(const Article& article) {
  const Completeness complete = article.completeness();
  if (json_) {
    say_event({{"event", "article"},
               {"id", article.id},
               {"url", article.url},
               {"title", article.facts.title},
               {"references", complete.references},
               {"archived", complete.archived},
               {"missing", complete.missing}});
  }
  log_debug(fmt::format("{}: {}", article.url, describe(complete)));
}

void MirrorProgress::on_notice(const std::string& text) {
  line_.clear();
  if (json_) say_event({{"event", "notice"}, {"text", text}});
  tell("halftone: {}\n", text);
}

}  // namespace halftone
