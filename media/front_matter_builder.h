// Front matter's entries, put together from what a YAML, TOML or JSON reader comes across.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "media/front_matter.h"

namespace halftone {

// Takes maps, lists and scalars in order of writing. Keys and values of a map alternate.
class FrontMatterBuilder {
 public:
  void open_map() { open(true); }
  void open_list();
  void close();
  void key(std::string_view key);
  // `span` is in the text that parse_front_matter() was given; empty where nothing can be written.
  void scalar(std::string value, Span span, Escape escape);
  void null();
  void skip() { node_done(); }  // a value that stands for nothing

  bool is_empty() const { return open_.empty(); }
  // True where the next thing is the key of a map.
  bool expects_key() const { return !is_empty() && open_.back().is_map && !open_.back().has_key; }
  bool is_mapping() const { return is_mapping_; }

  // What is past reason (10,000 values, 16 levels, 1 MiB in all); empty while nothing is. Stop
  // then: what comes after it is not taken.
  const std::string& problem() const { return problem_; }

  // The entries, and keys of the outermost map that are written twice: the last one counts.
  std::vector<FrontMatterValue> take() &&;
  const std::set<std::string>& repeated() const { return repeated_; }

 private:
  struct Open {
    bool is_map;
    bool ignored;          // a collection as key, a list in place of the mapping, or below one
    bool has_key = false;  // of a map: the next node is a value
    std::string key = {};  // of a map
    size_t list = 0;       // of a list: its entry
  };

  void open(bool is_map);
  void node_done();
  bool count(size_t bytes);
  std::string path() const;
  FrontMatterValue& add_entry(bool is_list);

  std::vector<Open> open_;
  std::vector<FrontMatterValue> entries_;
  std::vector<size_t> outermost_;  // of each entry: how many outermost keys stand up to it
  std::vector<std::string> keys_;  // the outermost ones
  std::set<std::string> seen_, repeated_;
  std::string problem_;
  bool is_mapping_ = true;
  size_t values_ = 0, bytes_ = 0;
};

}  // namespace halftone
