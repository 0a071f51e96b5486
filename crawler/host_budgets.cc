#include "crawler/host_budgets.h"

#include <fmt/format.h>

namespace halftone {

void HostBudgets::asked(const std::string& host, Time moment) {
  uses_.try_emplace(host, Use{.first = moment});
}

std::string HostBudgets::used_up(const std::string& host, Time moment) const {
  const auto use = uses_.find(host);
  if (use == uses_.end()) return {};
  if (bytes_ > 0 && use->second.bytes >= bytes_) {
    return fmt::format("--host-bytes {} is used up for tonight", bytes_);
  }
  const bool is_late = time_.count() > 0 && moment - use->second.first > time_;
  return is_late ? fmt::format("--host-time {} is used up for tonight", time_.count()) : "";
}

}  // namespace halftone
