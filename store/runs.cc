#include "store/runs.h"

namespace halftone {

namespace {

constexpr size_t kLongestUrl = 65536;

}  // namespace

Result<Time> Runs::begin(std::string_view url, Time now, std::chrono::hours resumable) {
  if (url.size() > kLongestUrl) {
    return fail(ErrorCode::kInvalid, "the URL {}… is too long", url.substr(0, 200));
  }
  const std::lock_guard lock(mutex_);
  const auto begun = database_.get(Table::kRun, url);
  if (!begun) return tl::unexpected(begun.error());
  if (*begun) {
    // A damaged entry only means that the run begins anew.
    const auto time = from_digits(**begun);
    if (time && now - *time <= resumable) return *time;
  }
  WriteBatch batch;
  batch.put(Table::kRun, url, to_digits(now));
  auto written = database_.write(std::move(batch), true);
  if (!written) return tl::unexpected(written.error());
  return now;
}

Result<bool> Runs::is_open(std::string_view url) const {
  const std::lock_guard lock(mutex_);
  const auto begun = database_.get(Table::kRun, url);
  if (!begun) return tl::unexpected(begun.error());
  return begun->has_value();
}

Result<void> Runs::finish(std::string_view url) {
  const std::lock_guard lock(mutex_);
  WriteBatch batch;
  batch.remove(Table::kRun, url);
  return database_.write(std::move(batch), true);
}

}  // namespace halftone
