// Where in JSON a value stands, followed from its braces, brackets and keys.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace halftone {

// Which member each value belongs to. Levels too deep share its keys.
class JsonPath {
 public:
  void open(bool object) {
    if (levels_.size() == kDeepest) {
      ++deeper_;
      return;
    }
    levels_.push_back({key_, in_object_, object_});
    in_object_ = object;
    if (!object) return;
    key_ = {};
    object_ = ++objects_;
  }

  void close() {
    if (deeper_ > 0) {
      --deeper_;
    } else if (!levels_.empty()) {
      key_ = levels_.back().key;
      in_object_ = levels_.back().in_object;
      object_ = levels_.back().object;
      levels_.pop_back();
      end_value();
    }
  }

  // What follows a value in an object has a key of its own, which JavaScript may write bare.
  void end_value() {
    if (in_object_) key_ = {};
  }

  void set_key(std::string_view key) { key_ = key; }
  std::string_view key() const { return key_; }
  bool in_object() const { return in_object_; }
  // The number of the object that the value is in, directly or in arrays; 0 outside of all.
  size_t object() const { return object_; }
  std::string_view container_key() const { return levels_.empty() ? "" : levels_.back().key; }

 private:
  struct Level {
    std::string_view key;
    bool in_object;
    size_t object;
  };

  static constexpr size_t kDeepest = 256;

  std::vector<Level> levels_;
  std::string_view key_;
  bool in_object_ = false;
  size_t object_ = 0, objects_ = 0;
  size_t deeper_ = 0;
};

}  // namespace halftone
