// A start tag with its attributes sorted by what they are to us.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "media/html_names.h"
#include "media/html_tokenizer.h"

namespace halftone {

// A view of a token; lives no longer than it.
class HtmlTag {
 public:
  void read(const HtmlToken& token);

  // The first attribute of that name; null where there is none.
  const HtmlAttribute* find(Attr attr) const { return known_[static_cast<size_t>(attr)]; }
  bool has(Attr attr) const { return find(attr) != nullptr; }

  // Its decoded value without the blanks around it; empty where there is none.
  std::string value(Attr attr) const;

  bool is(Attr attr, std::string_view lower_value) const;
  // True where one of the blank-separated words of the value is `lower_word`.
  bool has_word(Attr attr, std::string_view lower_word) const;

 private:
  std::array<const HtmlAttribute*, static_cast<size_t>(Attr::kCount)> known_{};
  bool is_empty_ = true;
};

// True where one of the blank-separated words of `text` is `lower_word`.
bool has_word(std::string_view text, std::string_view lower_word);

}  // namespace halftone
