// JSON read value by value (RFC 8259), with byte spans. What is not well-formed is read as far as
// it means anything; nothing recurses and nothing is kept, so depth costs nothing.
#pragma once

#include <cstddef>
#include <string_view>

#include "media/charset.h"

namespace halftone {

struct JsonToken {
  enum class Type {
    kObject,  // {
    kArray,   // [
    kClose,   // } or ]
    kString,
    kOther,  // a number, true, false, null
    kEnd,
  };

  Type type = Type::kEnd;
  std::string_view key;   // of the member that it is the value of, as written; empty in arrays
  std::string_view text;  // of a string without quotes, of others all; as written
  Span span;              // of `text` in the reader's input
};

// The input must outlive the reader and what it returns.
class JsonReader {
 public:
  explicit JsonReader(std::string_view input) : input_(input) {}

  // Moves to the next value; kEnd for ever after the last. A string that the input cuts off is
  // none.
  JsonToken next();

 private:
  JsonToken value(JsonToken::Type type, size_t from, size_t to);

  std::string_view input_;
  size_t at_ = 0;
  std::string_view key_;  // read, its value is still to come
};

}  // namespace halftone
