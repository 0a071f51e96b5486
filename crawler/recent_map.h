// What was used last, in bounded memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "store/digest.h"

namespace halftone {

// A name of any length in sixteen bytes: half of its SHA-256, so that nobody makes two names one.
using ShortKey = std::array<uint8_t, 16>;

inline ShortKey short_key(const Digest& digest) {
  ShortKey key;
  std::copy_n(digest.bytes.begin(), key.size(), key.begin());
  return key;
}

inline ShortKey short_key(std::string_view name) { return short_key(sha256(name)); }

// A map that holds between `capacity` and twice as many of the entries used last. One thread at a
// time.
template <class Value>
class RecentMap {
 public:
  struct Hash {
    size_t operator()(const ShortKey& key) const {
      size_t hash = 0;
      std::memcpy(&hash, key.data(), sizeof hash);
      return hash;
    }
  };
  using Entries = std::unordered_map<ShortKey, Value, Hash>;

  explicit RecentMap(size_t capacity) : capacity_(capacity) {}

  // Null where there is none. Looking is no use.
  const Value* find(const ShortKey& key) const {
    for (const Entries* entries : {&recent_, &older_}) {
      const auto found = entries->find(key);
      if (found != entries->end()) return &found->second;
    }
    return nullptr;
  }

  // The entry, made if need be. It may move with the next call.
  Value& use(const ShortKey& key) {
    const auto found = recent_.find(key);
    if (found != recent_.end()) return found->second;
    Value value{};
    if (auto old = older_.extract(key)) value = std::move(old.mapped());
    if (recent_.size() >= capacity_) {
      older_ = std::move(recent_);
      recent_ = {};
    }
    return recent_[key] = std::move(value);
  }

  // No entry is in both parts: use() moves it.
  size_t size() const { return recent_.size() + older_.size(); }

  // Calls visit(key, value) for every entry, the older ones first.
  void for_each(const auto& visit) const {
    for (const Entries* entries : {&older_, &recent_}) {
      for (const auto& [key, value] : *entries) visit(key, value);
    }
  }

 private:
  size_t capacity_;
  Entries recent_, older_;
};

}  // namespace halftone
