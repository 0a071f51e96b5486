// A start tag with its attributes sorted by what they are to us.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/html_names.h"
#include "media/html_tokenizer.h"

namespace halftone {

// A view of a token; lives no longer than it.
class HtmlTag {
 public:
  void read(const HtmlToken& token);

  // What the token's attribute of that number is.
  Attr attr(size_t i) const { return attrs_[i]; }

  // The first attribute of that name; null where there is none.
  const HtmlAttribute* find(Attr attr) const {
    const uint16_t place = places_[static_cast<size_t>(attr)];
    return place == 0 ? nullptr : &token_->attributes[place - 1U];
  }
  bool has(Attr attr) const { return find(attr) != nullptr; }

  // Its decoded value without the blanks around it; empty where there is none.
  std::string value(Attr attr) const;

  bool is(Attr attr, std::string_view lower_value) const;
  // True where one of the blank-separated words of the value is `lower_word`.
  bool has_word(Attr attr, std::string_view lower_word) const;

 private:
  const HtmlToken* token_ = nullptr;
  std::vector<Attr> attrs_;
  std::array<uint16_t, static_cast<size_t>(Attr::kCount)> places_{};  // from 1 on; 0: there is none
};

// True where one of the blank-separated words of `text` is `lower_word`.
bool has_word(std::string_view text, std::string_view lower_word);

}  // namespace halftone
