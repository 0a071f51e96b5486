#include "store/json_text.h"

#include <array>
#include <iterator>

#include <fmt/format.h>

#include "media/utf8.h"

namespace halftone {
namespace {

// What may not stand in a string as it is (RFC 8259, 7).
constexpr std::array<bool, 256> kEscaped = [] {
  std::array<bool, 256> escaped{};
  for (size_t i = 0; i < 0x20; ++i) escaped[i] = true;
  escaped['"'] = escaped['\\'] = true;
  return escaped;
}();

}  // namespace

void JsonText::begin_value() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

JsonText& JsonText::open_object() {
  begin_value();
  text_ += '{';
  needs_comma_ = false;
  return *this;
}

JsonText& JsonText::close_object() {
  text_ += '}';
  needs_comma_ = true;
  return *this;
}

JsonText& JsonText::open_array() {
  begin_value();
  text_ += '[';
  needs_comma_ = false;
  return *this;
}

JsonText& JsonText::close_array() {
  text_ += ']';
  needs_comma_ = true;
  return *this;
}

JsonText& JsonText::name(std::string_view name) {
  begin_value();
  text_.append(1, '"').append(name).append("\":");
  needs_comma_ = false;
  return *this;
}

JsonText& JsonText::text(std::string_view utf8) {
  begin_value();
  text_ += '"';
  if (valid_utf8_size(utf8) == utf8.size()) {
    append_escaped(utf8);
  } else {
    append_escaped(to_valid_utf8(utf8));
  }
  text_ += '"';
  return *this;
}

JsonText& JsonText::bytes(std::string_view bytes) {
  begin_value();
  text_ += '"';
  size_t plain = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    if (byte < 0x80) continue;
    append_escaped(bytes.substr(plain, i - plain));
    text_ += static_cast<char>(0xC0 | byte >> 6);
    text_ += static_cast<char>(0x80 | (byte & 0x3F));
    plain = i + 1;
  }
  append_escaped(bytes.substr(plain));
  text_ += '"';
  return *this;
}

// Runs that need nothing are copied whole.
void JsonText::append_escaped(std::string_view text) {
  size_t plain = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (!kEscaped[byte]) continue;
    text_.append(text, plain, i - plain);
    plain = i + 1;
    if (byte == '"' || byte == '\\') {
      text_.append(1, '\\').append(1, static_cast<char>(byte));
    } else if (byte == '\n') {
      text_ += "\\n";
    } else if (byte == '\r') {
      text_ += "\\r";
    } else {
      fmt::format_to(std::back_inserter(text_), "\\u{:04x}", byte);
    }
  }
  text_.append(text, plain);
}

JsonText& JsonText::number(uint64_t number) {
  begin_value();
  const fmt::format_int digits(number);
  text_.append(digits.data(), digits.size());
  return *this;
}

JsonText& JsonText::number(int number) {
  begin_value();
  const fmt::format_int digits(number);
  text_.append(digits.data(), digits.size());
  return *this;
}

JsonText& JsonText::null() {
  begin_value();
  text_ += "null";
  return *this;
}

}  // namespace halftone
