#include "media/front_matter_builder.h"

#include <map>

#include <fmt/format.h>

namespace halftone {
namespace {

constexpr size_t kMaxDepth = 16;
constexpr size_t kMaxValues = 10'000;
constexpr size_t kMaxValueBytes = 1024 * 1024;  // of all values; YAML's aliases repeat theirs

}  // namespace

void FrontMatterBuilder::open(bool is_map) {
  if (open_.size() >= kMaxDepth) problem_ = fmt::format("more than {} levels", kMaxDepth);
  if (!count(0)) return;
  const bool ignored = open_.empty() ? !is_map : open_.back().ignored || expects_key();
  open_.push_back({.is_map = is_map, .ignored = ignored});
}

void FrontMatterBuilder::open_list() {
  if (open_.empty()) is_mapping_ = false;
  open(false);
  if (!problem_.empty() || open_.back().ignored || open_.size() < 2) return;
  const Open& outer = open_[open_.size() - 2];
  open_.back().list = outer.is_map ? entries_.size() : outer.list;
  if (outer.is_map) add_entry(true);
}

void FrontMatterBuilder::close() {
  if (open_.empty()) return;
  open_.pop_back();
  if (expects_key()) return key("");  // it was a key itself
  node_done();
}

void FrontMatterBuilder::key(std::string_view key) {
  if (open_.empty()) return;
  open_.back().key = key;
  open_.back().has_key = true;
  if (open_.size() > 1) return;
  keys_.emplace_back(key);
  if (!seen_.insert(keys_.back()).second) repeated_.insert(keys_.back());
}

void FrontMatterBuilder::scalar(std::string value, Span span, Escape escape) {
  if (open_.empty()) is_mapping_ = false;
  if (open_.empty()) return;
  const Open& level = open_.back();
  if (!count(value.size() + level.key.size())) return;
  if (!level.ignored) {
    FrontMatterValue& entry = level.is_map ? add_entry(false) : entries_[level.list];
    entry.values.push_back(std::move(value));
    entry.spans.push_back(span);
    entry.escapes.push_back(escape);
  }
  node_done();
}

void FrontMatterBuilder::null() {
  if (open_.empty() || !count(0)) return;
  if (open_.back().is_map && !open_.back().ignored) add_entry(false);
  node_done();
}

std::vector<FrontMatterValue> FrontMatterBuilder::take() && {
  if (repeated_.empty()) return std::move(entries_);
  std::map<std::string_view, size_t> last;
  for (size_t i = 0; i < keys_.size(); ++i) last[keys_[i]] = i + 1;
  std::vector<FrontMatterValue> counting;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const size_t outermost = outermost_[i];
    if (last[keys_[outermost - 1]] == outermost) counting.push_back(std::move(entries_[i]));
  }
  return counting;
}

void FrontMatterBuilder::node_done() {
  if (!open_.empty()) open_.back().has_key = false;
}

bool FrontMatterBuilder::count(size_t bytes) {
  ++values_;
  bytes_ += bytes;
  if (values_ > kMaxValues) problem_ = fmt::format("more than {} values", kMaxValues);
  if (bytes_ > kMaxValueBytes) problem_ = "its aliases repeat too much text";
  return problem_.empty();
}

std::string FrontMatterBuilder::path() const {
  std::string path;
  for (const Open& level : open_) {
    if (!level.is_map || !level.has_key) continue;
    if (!path.empty()) path += '.';
    path += level.key;
  }
  return path;
}

FrontMatterValue& FrontMatterBuilder::add_entry(bool is_list) {
  outermost_.push_back(keys_.size());
  return entries_.emplace_back(FrontMatterValue{path(), {}, is_list, {}, {}});
}

}  // namespace halftone
