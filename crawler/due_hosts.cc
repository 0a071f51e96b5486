#include "crawler/due_hosts.h"

#include "store/byte_order.h"

namespace halftone {

namespace {

constexpr size_t kReadAtOnce = 256;
constexpr size_t kMostHeld = 1024;

}  // namespace

Result<std::optional<DueHosts::InLine>> DueHosts::first(
    const std::function<bool(uint64_t host)>& is_leased) {
  if (!held_.empty()) return InLine{held_.begin()->first, held_.begin()->second};
  bool is_sound = true;
  const auto scanned =
      database_.scan_range(Table::kRun, keys_.due(read_to_), keys_.due({Time::max(), UINT64_MAX}),
                           [&](auto key, auto value) {
                             const auto due = frontier_rows::read_due(key, keys_);
                             const auto host = read_be64(value);
                             is_sound = due && host;
                             if (!is_sound) return false;
                             read_to_ = {due->time, due->line + 1};
                             if (!is_leased(*host)) held_.emplace(*due, *host);
                             return held_.size() < kReadAtOnce;
                           });
  if (!scanned) return tl::unexpected(scanned.error());
  if (!is_sound) return tl::unexpected(keys_.damaged("the line of hosts"));
  if (held_.empty()) return std::nullopt;
  return InLine{held_.begin()->first, held_.begin()->second};
}

void DueHosts::enter(const frontier_rows::Due& due, uint64_t host) {
  if (due >= read_to_) return;
  held_.emplace(due, host);
  if (held_.size() <= kMostHeld) return;
  // The later half is read again when its turn comes.
  const auto middle = std::next(held_.begin(), kMostHeld / 2);
  read_to_ = middle->first;
  held_.erase(middle, held_.end());
}

}  // namespace halftone
