#include "crawler/missing_files.h"

#include "crawler/night_names.h"

namespace halftone {
namespace {

constexpr size_t kMost = 200'000;

}  // namespace

Result<void> MissingFiles::read(Time moment) {
  auto known = memory_.rows().missing(kMost);
  if (!known) return tl::unexpected(known.error());
  for (NightMissing& one : *known) {
    const bool is_due =
        one.next && (*one.next <= moment || one.last > moment + NightJob::kClockSlack);
    if (is_due && !one.document.empty()) pages_due_[night_page(one.document)] = one.document;
    files_.emplace(one.url, std::move(one));
  }
  return {};
}

std::optional<CrawlTurn> MissingFiles::turn(const OwedUrl& file, Time moment) const {
  const auto lost = files_.find(file.url);
  if (lost == files_.end()) return std::nullopt;
  const NightMissing& one = lost->second;
  if (!one.next) {
    return left_alone(file,
                      fmt::format("given up after {} tries since {}: {}", one.tries,
                                  to_iso8601(one.first).substr(0, 10), one.reason),
                      false);
  }
  const bool is_due = *one.next <= moment || one.last > moment + NightJob::kClockSlack;
  return is_due ? CrawlTurn{.how = CrawlTurn::How::kAsk} : left_alone(file, one.reason, false);
}

void MissingFiles::came(const std::string& url) {
  if (files_.erase(url) > 0) memory_.remove_missing(url);
}

void MissingFiles::failed(const OwedUrl& file, const std::string& reason, Time moment) {
  const auto known = files_.find(file.url);
  NightMissing one = known == files_.end() ? NightMissing() : known->second;
  if (known == files_.end()) {
    if (files_.size() >= kMost) return;
    one.url = file.url;
    one.document = file.document;
    one.first = moment;
  }
  one.last = moment;
  ++one.tries;
  one.reason = reason;
  one.next = next_try(one.tries, moment, limits_);
  if (!one.next) newly_given_up_.insert(one.url);
  keep(one);
}

void MissingFiles::note(const Article& article, const OwedUrl& owed, Time moment) {
  for (const ArchivedReference& reference : article.references) {
    if (reference.outcome != Outcome::kMissing) continue;
    const auto url = Url::parse(reference.url);
    if (!url || !url->is_http()) continue;
    const std::string address = url->href_without_fragment();
    const auto known = files_.find(address);
    if (known != files_.end()) {
      if (known->second.document == owed.url) continue;
      NightMissing one = known->second;
      one.document = owed.url;
      keep(one);
      continue;
    }
    if (files_.size() >= kMost) return;
    keep(NightMissing{.url = address,
                      .document = owed.url,
                      .first = moment,
                      .last = moment,
                      .next = next_try(1, moment, limits_),
                      .tries = 1,
                      .reason = reference.reason});
  }
}

void MissingFiles::keep(const NightMissing& one) {
  memory_.keep(one);
  files_[one.url] = one;
}

void MissingFiles::report(NightResult& result) const {
  for (const auto& [url, one] : files_) {
    ++(one.next ? result.missing_files : result.given_up_files);
    const bool is_told = one.next || newly_given_up_.contains(url);
    if (is_told && result.missing.size() < NightResult::kMostListed) result.missing.push_back(one);
  }
  result.newly_given_up = newly_given_up_.size();
}

}  // namespace halftone
