// JSON written straight into a string (RFC 8259): for rows that come by the million, where a tree
// of values first costs more than all the rest. Reading is nlohmann's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace halftone {

// Members are told in order; commas come by themselves. Who closes what was not opened, or gives a
// member no name, gets no JSON.
class JsonText {
 public:
  explicit JsonText(size_t reserved = 0) { text_.reserve(reserved); }

  JsonText& open_object();
  JsonText& close_object();
  JsonText& open_array();
  JsonText& close_array();

  // The name of the member that follows: ASCII that needs no escape.
  JsonText& name(std::string_view name);

  // Bytes that are not UTF-8 become U+FFFD.
  JsonText& text(std::string_view utf8);
  // Any bytes, each as the character of that number (Latin-1).
  JsonText& bytes(std::string_view bytes);
  JsonText& number(uint64_t number);
  JsonText& number(int number);
  JsonText& null();

  // A member whole.
  JsonText& text(std::string_view called, std::string_view utf8) { return name(called).text(utf8); }
  template <class Number>
  JsonText& number(std::string_view called, Number value) {
    return name(called).number(value);
  }

  std::string take() { return std::move(text_); }

 private:
  void begin_value();
  void append_escaped(std::string_view text);

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace halftone
