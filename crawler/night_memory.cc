#include "crawler/night_memory.h"

#include <utility>

namespace halftone {

namespace {

constexpr size_t kRecentVisits = 4096;

}  // namespace

NightMemory::NightMemory(Database& database, std::string job)
    : database_(database), rows_(database, std::move(job)), recent_(kRecentVisits) {}

Result<std::optional<NightVisit>> NightMemory::visit(const std::string& page) const {
  const ShortKey name = short_key(page);
  if (const NightVisit* known = recent_.find(name)) return *known;
  auto visit = visit_in_rows(page);
  if (visit && *visit) recent_.use(name) = **visit;
  return visit;
}

Result<std::optional<NightVisit>> NightMemory::visit_in_rows(const std::string& page) const {
  if (const auto found = notes_->visits.find(page); found != notes_->visits.end()) {
    return found->second;
  }
  for (auto older = unwritten_.rbegin(); older != unwritten_.rend(); ++older) {
    const auto found = (*older)->visits.find(page);
    if (found != (*older)->visits.end()) return found->second;
  }
  return rows_.visit(page);
}

Result<void> NightMemory::each_due(
    Time moment,
    const std::function<void(const std::string& page, const NightVisit&)>& visit) const {
  for (const auto& [page, fresh] : notes_->visits) {
    if (fresh.next && *fresh.next <= moment) visit(page, fresh);
  }
  Result<void> read;
  const auto scanned = rows_.each_due(moment, [&](std::string_view name) {
    const std::string page(name);
    if (notes_->visits.contains(page)) return true;
    const auto row = this->visit(page);
    if (!row) read = tl::unexpected(row.error());
    if (row && *row) visit(page, **row);
    return read.has_value();
  });
  return scanned ? read : scanned;
}

void NightMemory::keep(const std::string& page, const NightVisit& visit,
                       const std::optional<NightVisit>& before) {
  rows_.put(notes_->batch, page, visit, before);
  notes_->visits[page] = visit;
  recent_.use(short_key(page)) = visit;
  notes_->has_any = true;
}

void NightMemory::keep(const NightSource& source) {
  rows_.put(notes_->batch, source);
  notes_->has_any = true;
}

void NightMemory::keep(const NightMissing& missing) {
  rows_.put(notes_->batch, missing);
  notes_->has_any = true;
}

void NightMemory::remove_missing(const std::string& url) {
  rows_.remove_missing(notes_->batch, url);
  notes_->has_any = true;
}

void NightMemory::keep_shown(const std::string& page, const OwedUrl& owed,
                             const NightShown* shown) {
  const auto put = rows_.put_shown(notes_->batch, page, owed, shown);
  notes_->has_any = notes_->has_any || put.value_or(false);
}

std::function<Result<void>()> NightMemory::take_notes() {
  while (!unwritten_.empty() && unwritten_.front()->is_written) unwritten_.pop_front();
  if (!notes_->has_any) return nullptr;
  const auto going = std::exchange(notes_, std::make_shared<Notes>());
  unwritten_.push_back(going);
  return [this, going]() -> Result<void> {
    auto written = database_.write(std::move(going->batch), false);
    going->is_written = true;
    return written;
  };
}

}  // namespace halftone
