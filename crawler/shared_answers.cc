#include "crawler/shared_answers.h"

#include <utility>

namespace halftone {
namespace {

bool answers(const CaptureOutcome& outcome, const Url& url) {
  return outcome.archived && outcome.type.starts_with("image/") &&
         outcome.final_url == url.href_without_fragment();
}

}  // namespace

bool SharedAnswers::share(const std::string& other_key, const Url& url, const Came& came,
                          std::function<void()> ask) {
  const CrawlResult* known = fresh_.find(other_key);
  if (known && answers(known->outcome, url)) {
    came(known->outcome);
    return true;
  }
  const auto asked = asking_.find(other_key);
  if (asked == asking_.end()) return false;
  asked->second.push_back([url, came, ask = std::move(ask)](const CaptureOutcome& outcome) {
    answers(outcome, url) ? came(outcome) : ask();
  });
  return true;
}

void SharedAnswers::answered(const std::string& key, const CaptureOutcome& outcome) {
  const auto asked = asking_.extract(key);
  if (asked.empty()) bug("an answer came that nobody asked for");
  for (const Came& told : asked.mapped()) told(outcome);
}

}  // namespace halftone
