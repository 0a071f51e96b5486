#include "crawler/fresh_results.h"

#include <utility>

namespace halftone {

const CrawlResult* FreshResults::find(const std::string& key) const {
  const auto found = unwritten_.find(key);
  return found == unwritten_.end() ? nullptr : &found->second;
}

void FreshResults::came(const std::string& key, const CrawlResult& result) {
  unwritten_[key] = result;
  newly_come_.push_back(key);
  const auto waiting = waiting_.extract(key);
  if (waiting.empty()) return;
  for (const Told& told : waiting.mapped()) told(result);
}

// Once the recorder has come to here, the frontier knows of what has come so far.
void FreshResults::tidy(const std::function<void()>& write) {
  if (newly_come_.empty() || is_tidying_) return;
  is_tidying_ = true;
  write();
  recorder_.then([this, keys = std::exchange(newly_come_, {})]() mutable -> Result<void> {
    fetcher_.post([this, written = std::move(keys)] {
      is_tidying_ = false;
      for (const std::string& key : written) unwritten_.erase(key);
    });
    return {};
  });
}

}  // namespace halftone
